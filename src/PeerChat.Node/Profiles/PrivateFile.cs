using PeerChat.Node.Storage;

namespace PeerChat.Node.Profiles;

/// <summary>Files and folders that only their owner may read.</summary>
/// <remarks>
/// On Unix the mode is given at creation and then set once more, because the umask may take bits away from the owner
/// too. On Windows nothing is set: everything under the user's own profile inherits an access list of the user, the
/// system and the administrators.
/// </remarks>
internal static class PrivateFile
{
    /// <summary>What a file that is being replaced is called until it is complete.</summary>
    public const string UnfinishedSuffix = ".new";

    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    private const UnixFileMode Permissions =
        FolderMode700
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder and what is missing above it, all of them private.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, FolderMode700);
        File.SetUnixFileMode(path, FolderMode700);
    }

    /// <summary>Takes everybody else's permissions from a folder of ours.</summary>
    public static void TightenFolder(string path) => Tighten(path, FolderMode700);

    /// <summary>Takes everybody else's permissions from a file of ours, should it exist.</summary>
    public static void TightenFile(string path)
    {
        if (File.Exists(path))
        {
            Tighten(path, FileMode600);
        }
    }

    /// <summary>Opens a file for writing; a new one is private from its first moment.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = FileMode600;
        var stream = new FileStream(path, options);
        try
        {
            if ((File.GetUnixFileMode(stream.SafeFileHandle) & Permissions) != FileMode600)
            {
                File.SetUnixFileMode(stream.SafeFileHandle, FileMode600);
            }

            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Replaces a file so that after a power cut either the old or the new content is there, whole.</summary>
    /// <param name="path">The file; not a link, which would be replaced itself.</param>
    /// <param name="content">What it shall hold.</param>
    /// <param name="keepMode">Whether an existing file keeps its permissions; otherwise it becomes private.</param>
    /// <param name="isShared">
    /// Whether others may replace it at the same moment, as no lock stands before it. Then each writes under an unfinished name of its own, and
    /// the last one counts; a kill in between leaves such a file behind, so it is not for secrets.
    /// </param>
    public static void Replace(
        string path,
        ReadOnlySpan<byte> content,
        bool keepMode = false,
        bool isShared = false
    )
    {
        var unfinished = WriteBeside(
            path,
            content,
            isShared
                ? $".{Environment.ProcessId}-{Environment.CurrentManagedThreadId}{UnfinishedSuffix}"
                : UnfinishedSuffix
        );
        if (keepMode && !OperatingSystem.IsWindows() && File.Exists(path))
        {
            File.SetUnixFileMode(unfinished, File.GetUnixFileMode(path));
        }

        File.Move(unfinished, path, overwrite: true);
        FolderFlush.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>The first half of <see cref="Replace"/>: the new content, durable under the unfinished name.</summary>
    internal static string WriteBeside(
        string path,
        ReadOnlySpan<byte> content,
        string suffix = UnfinishedSuffix
    )
    {
        var unfinished = path + suffix;
        // Deleted rather than overwritten: whoever holds an older one open must not see the new content.
        File.Delete(unfinished);
        try
        {
            using var stream = Open(unfinished, FileMode.CreateNew, FileShare.None);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
            return unfinished;
        }
        catch
        {
            File.Delete(unfinished); // half of a secret is of no use to anybody
            throw;
        }
    }

    /// <summary>Removes what a write that failed left under the unfinished name; the failure itself says more than one of this would.</summary>
    internal static void RemoveUnfinished(string path)
    {
        try
        {
            File.Delete(path + UnfinishedSuffix);
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            // The next write to the same file removes it, or says what is wrong
        }
    }

    private static void Tighten(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Permissions) != mode)
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
