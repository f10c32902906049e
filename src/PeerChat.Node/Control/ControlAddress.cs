using System.Text;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Control;

/// <summary>Where the control socket of a profile lies.</summary>
/// <remarks>
/// In the profile's own folder, which only its user may enter. Where that path is too long for a socket, or its file system knows no sockets, in
/// a private folder for run-time files, and the profile's <c>control.path</c> says where: another terminal's environment may name another folder.
/// </remarks>
internal static class ControlAddress
{
    /// <summary>The longest path of a socket, in bytes of UTF-8. The system's limit is 108 on Linux and 104 on macOS, the closing zero and the
    /// one character that the unfinished name is longer included.</summary>
    public const int MaxPathBytes = 100;

    /// <summary>What the socket is called until it may be connected to.</summary>
    public const string UnfinishedSuffix = "~";

    /// <summary>A path is at most this long on any system; a longer file does not hold one.</summary>
    private const int MaxPathFileBytes = 4096;

    private const int PrivateFolder = 0x1C0; // octal 700
    private const int NameBytes = 12; // 96 bits: two profiles never share a socket by accident

    /// <summary>The socket's place in the profile's folder.</summary>
    public static string In(ProfileFolder folder) => Path.Combine(folder.FullPath, "control.sock");

    /// <summary>The file that says where the socket lies when it is not there.</summary>
    public static string PathFile(ProfileFolder folder) => Path.Combine(folder.FullPath, "control.path");

    /// <summary>The name of the pipe that is the socket on Windows, where folders hold no pipes.</summary>
    public static string PipeName(ProfileFolder folder) =>
        "peerchat-" + Hash(folder.FullPath.ToUpperInvariant());

    /// <summary>Whether a path is short enough for a socket.</summary>
    public static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MaxPathBytes;

    /// <summary>Where a client looks.</summary>
    /// <returns>The path; null where no owner left one that can be used.</returns>
    public static string? ForClient(ProfileFolder folder) =>
        ReadPathFile(folder) ?? (Fits(In(folder)) ? In(folder) : null);

    /// <summary>Where an owner may put the socket, best first; folders outside the profile are made and checked when they are reached.</summary>
    /// <exception cref="ControlSocketException">From the enumeration: none of the places for a long path can be used.</exception>
    public static IEnumerable<string> ForOwner(ProfileFolder folder) =>
        ForOwner(folder, [.. RuntimeFolders(Environment.GetEnvironmentVariable, UnixPath.CurrentUser)]);

    /// <summary>The same with given folders for run-time files.</summary>
    internal static IEnumerable<string> ForOwner(ProfileFolder folder, IReadOnlyList<string> runtimeFolders)
    {
        if (Fits(In(folder)))
        {
            yield return In(folder);
        }

        var problem = "none is short enough";
        foreach (var runtime in runtimeFolders)
        {
            var path = Path.Combine(runtime, Hash(folder.FullPath) + ".sock");
            if (Fits(path))
            {
                if (MakePrivate(runtime) is { } reason)
                {
                    problem = reason;
                    continue;
                }

                yield return path;
            }
        }

        throw new ControlSocketException(
            $"The control socket of the profile in {folder.FullPath} has no place: its path there is too long or cannot hold a socket, and no "
                + $"folder for run-time files can be used ({problem}); move the profile to a shorter path with --profile, or set "
                + "XDG_RUNTIME_DIR to a folder of your own."
        );
    }

    /// <summary>Leaves word where the socket is.</summary>
    public static void Publish(ProfileFolder folder, string path)
    {
        if (path == In(folder))
        {
            File.Delete(PathFile(folder)); // from an earlier run; clients read it first
            return;
        }

        PrivateFile.Replace(PathFile(folder), Encoding.UTF8.GetBytes(path + "\n"));
    }

    /// <summary>The folders for run-time files, best first.</summary>
    internal static IEnumerable<string> RuntimeFolders(Func<string, string?> variable, uint user)
    {
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime))
        {
            yield return Path.Combine(runtime, "peerchat");
        }

        yield return Path.Combine(Path.GetTempPath(), $"peerchat-{user}");
        yield return $"/tmp/peerchat-{user}";
    }

    /// <summary>Makes a folder private, or says why it cannot be trusted. In /tmp somebody else may have been there first.</summary>
    internal static string? MakePrivate(string folder)
    {
        try
        {
            if (UnixPath.Of(folder).Kind == UnixPathKind.None)
            {
                PrivateFile.CreateFolder(folder);
            }
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return $"{folder} could not be made: {exception.Message.TrimEnd('.')}";
        }

        var found = UnixPath.Of(folder);
        return found switch
        {
            { Kind: not UnixPathKind.Folder } => $"{folder} is not a folder",
            { IsOurs: false } => $"{folder} belongs to another user",
            { Permissions: not PrivateFolder } => $"{folder} is open to other users",
            _ => null,
        };
    }

    private static string? ReadPathFile(ProfileFolder folder)
    {
        try
        {
            var file = new FileInfo(PathFile(folder));
            if (!file.Exists || file.Length > MaxPathFileBytes)
            {
                return null;
            }

            var path = File.ReadAllText(file.FullName).TrimEnd('\n');
            return Path.IsPathRooted(path) && Fits(path) && !path.Contains('\0', StringComparison.Ordinal)
                ? path
                : null;
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return null;
        }
    }

    private static string Hash(string path) =>
        Convert.ToHexStringLower(
            Digest.Labelled("control socket", Encoding.UTF8.GetBytes(path)).ToArray(),
            0,
            NameBytes
        );
}
