using PeerChat.Pictures;

namespace PeerChat.Node.Files;

/// <summary>Files that are sent, with pictures cleaned of what cameras write.</summary>
internal static class CleanPictures
{
    /// <summary>The greatest picture that is cleaned, as it is held whole: 64 MiB, more than cameras make.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    // Formats that hold places and times and are not cleaned here
    private static readonly HashSet<string> Others = new(
        [".heic", ".heif", ".avif", ".webp", ".tif", ".tiff", ".dng", ".cr2", ".nef", ".arw", ".mov", ".mp4"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>A file as it is to be sent.</summary>
    /// <param name="file">The file, at its beginning; goes on belonging to the caller.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isCleaned">Whether nothing of the kind is left, as far as anybody can say.</param>
    public static Stream Open(FileStream file, string name, out bool isCleaned)
    {
        isCleaned = true;
        var first = new byte[8];
        if (file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length)
        {
            return Whole(file);
        }

        file.Position = 0;
        if (!PictureMetadata.IsKnown(first))
        {
            isCleaned = !Others.Contains(Path.GetExtension(name));
            return Whole(file);
        }

        if (file.Length > MaxBytes)
        {
            isCleaned = false;
            return Whole(file);
        }

        var bytes = new byte[file.Length];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (PictureMetadata.Strip(bytes.AsSpan(0, count)) is { } clean)
        {
            return new MemoryStream(clean);
        }

        isCleaned = false;
        return Whole(file);
    }

    private static FileStream Whole(FileStream file)
    {
        file.Position = 0;
        return file;
    }
}
