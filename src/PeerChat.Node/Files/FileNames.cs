using System.Text;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Names and kinds of files that are sent and fetched.</summary>
internal static class FileNames
{
    /// <summary>Names beside one that is taken that are looked at.</summary>
    private const int MaxNumber = 100;

    private static readonly (string Type, byte[] Signature)[] Pictures =
    [
        ("image/png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A]),
        ("image/jpeg", [0xFF, 0xD8, 0xFF]),
        ("image/gif", [.. "GIF8"u8]),
    ];

    // What systems run when it is opened, by the ends of their names
    private static readonly HashSet<string> Runnable = new(
        [
            ".app",
            ".bat",
            ".cmd",
            ".com",
            ".cpl",
            ".desktop",
            ".exe",
            ".hta",
            ".jar",
            ".js",
            ".jse",
            ".lnk",
            ".msi",
            ".ps1",
            ".py",
            ".reg",
            ".run",
            ".scr",
            ".sh",
            ".url",
            ".vbe",
            ".vbs",
            ".wsf",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether a system may run it when it is opened, as its name says.</summary>
    public static bool MayRun(string name) => Runnable.Contains(Path.GetExtension(SafeName.Of(name)));

    /// <summary>Whether it is a picture that can be shown.</summary>
    public static bool IsPicture(FileAnnouncement file) =>
        !file.IsFolder && Pictures.Any(known => known.Type == file.MediaType);

    /// <summary>The name that the others are told: never empty, never longer than is read.</summary>
    public static string Announced(string name)
    {
        if (name.Length == 0)
        {
            return "file";
        }

        while (Encoding.UTF8.GetByteCount(name) > FileLimits.MaxNameBytes)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return name;
    }

    /// <summary>What a file is, by its first bytes; empty for what is not known.</summary>
    public static string MediaTypeOf(string path)
    {
        Span<byte> first = stackalloc byte[8];
        using var stream = new FileStream(
            path,
            new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }
        );
        var count = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        foreach (var (type, signature) in Pictures)
        {
            if (first[..count].StartsWith(signature))
            {
                return type;
            }
        }

        return "";
    }

    /// <summary>Where files go that the user named no folder for: the platform's downloads.</summary>
    public static string Downloads()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var set = Environment.GetEnvironmentVariable("XDG_DOWNLOAD_DIR");
        var folder = string.IsNullOrEmpty(set) ? Path.Combine(home, "Downloads") : set;
        return Path.IsPathFullyQualified(folder) ? folder : Path.Combine(home, "Downloads");
    }

    /// <summary>What an earlier run put in place before it was killed; null where it did not.</summary>
    public static PlacedTree? FindPlaced(
        string folder,
        string name,
        FileAnnouncement file,
        CancellationToken cancellation
    )
    {
        var safe = SafeName.Of(name);
        for (var number = 1; number <= MaxNumber; number++)
        {
            var path = Path.Combine(folder, number == 1 ? safe : SafeName.Numbered(safe, number));
            if (!Path.Exists(path))
            {
                return null;
            }

            if (
                Directory.Exists(path) == file.IsFolder
                && (file.IsFolder || new FileInfo(path).Length == file.Size)
                && FileContent.CidOf(path, withHidden: true, null, cancellation) is var found
                && found.Root == file.Root
            )
            {
                return new PlacedTree(found.Cid, path, found.IsFolder, found.Bytes, found.Files, 0, 0);
            }
        }

        return null;
    }
}
