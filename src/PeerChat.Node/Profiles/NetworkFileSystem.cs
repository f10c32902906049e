namespace PeerChat.Node.Profiles;

/// <summary>Recognises folders on a network file system, where SQLite's write-ahead log would damage the history.</summary>
/// <remarks>The log's index is shared memory; two machines do not share memory (sqlite.org/wal.html, "same host computer").</remarks>
internal static class NetworkFileSystem
{
    private const string MountTable = "/proc/self/mountinfo";

    private static readonly HashSet<string> NetworkTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "sshfs",
        "webdav",
    };

    /// <summary>The network file system that an existing folder lies on, or null where it is a local one.</summary>
    public static string? TypeOf(string folder)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return TypeOf(File.ReadLines(MountTable), ResolveLinks(folder));
            }

            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
            return OperatingSystem.IsWindows()
                ? drive.DriveType == DriveType.Network
                    ? "network drive"
                    : null
                : NetworkTypes.Contains(drive.DriveFormat)
                    ? drive.DriveFormat
                    : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // unknown is taken for local: the lock test still stands between two owners
        }
    }

    /// <summary>The same from the lines of Linux's mount table (proc_pid_mountinfo(5)).</summary>
    internal static string? TypeOf(IEnumerable<string> mountTable, string folder)
    {
        var bestLength = -1;
        string? best = null;
        foreach (var line in mountTable)
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator < 5 || separator + 1 >= fields.Length)
            {
                continue;
            }

            var mountPoint = Unescape(fields[4]);
            // A later mount on the same point covers the earlier one.
            if (IsUnder(folder, mountPoint) && mountPoint.Length >= bestLength)
            {
                bestLength = mountPoint.Length;
                best = fields[separator + 1];
            }
        }

        if (best is null)
        {
            return null;
        }

        var type = best.StartsWith("fuse.", StringComparison.Ordinal) ? best["fuse.".Length..] : best;
        return NetworkTypes.Contains(type) ? type : null;
    }

    private static bool IsUnder(string folder, string mountPoint) =>
        folder.StartsWith(mountPoint, StringComparison.Ordinal)
        && (
            mountPoint.EndsWith('/') || folder.Length == mountPoint.Length || folder[mountPoint.Length] == '/'
        );

    // The table writes space, tab, newline and backslash as three octal digits.
    private static string Unescape(string text) =>
        text.Replace("\\040", " ", StringComparison.Ordinal)
            .Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal)
            .Replace("\\134", "\\", StringComparison.Ordinal);

    private static string ResolveLinks(string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        if (parent is null)
        {
            return folder;
        }

        var here = Path.Combine(ResolveLinks(parent), Path.GetFileName(folder));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }
}
