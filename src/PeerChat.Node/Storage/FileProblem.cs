namespace PeerChat.Node.Storage;

/// <summary>Turns what the operating system says about a file into a sentence for the user.</summary>
internal static class FileProblem
{
    // Unix gives the errno as HResult, Windows an HRESULT over the Win32 code.
    private const int NoSpaceUnix = 28; // ENOSPC
    private const int ReadOnlyFileSystemUnix = 30; // EROFS
    private const int QuotaLinux = 122; // EDQUOT
    private const int QuotaMac = 69; // EDQUOT
    private const int DiskFullWindows = unchecked((int)0x80070070); // ERROR_DISK_FULL
    private const int HandleDiskFullWindows = unchecked((int)0x80070027); // ERROR_HANDLE_DISK_FULL

    /// <summary>Whether the exception is one that file operations throw.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>What kind of problem it is.</summary>
    public static StorageProblem Of(Exception exception) =>
        exception switch
        {
            StorageException storage => storage.Problem,
            UnauthorizedAccessException or { HResult: ReadOnlyFileSystemUnix } => StorageProblem.ReadOnly,
            { HResult: NoSpaceUnix or QuotaLinux or QuotaMac or DiskFullWindows or HandleDiskFullWindows } =>
                StorageProblem.DiskFull,
            _ => StorageProblem.Other,
        };

    /// <summary>The same problem, named and explained.</summary>
    /// <param name="exception">What a file operation threw.</param>
    /// <param name="what">What could not be done, as "the keys could not be written".</param>
    /// <param name="path">The file or folder.</param>
    public static StorageException Explain(Exception exception, string what, string path) =>
        exception as StorageException
        ?? Made(
            exception,
            problem =>
                problem switch
                {
                    StorageProblem.ReadOnly => $"{what} in {path}, because it may not be written; "
                        + "change its permissions, or choose another folder with --profile.",
                    StorageProblem.DiskFull =>
                        $"{what} in {path}, because the disk is full; free some space and start PeerChat again.",
                    _ =>
                        $"{what} in {path} ({exception.Message.TrimEnd('.')}); check the folder and start PeerChat again.",
                }
        );

    /// <summary>The same about a file that the user named: another can be named, and nothing has to be started again.</summary>
    /// <param name="exception">What a file operation threw.</param>
    /// <param name="what">What could not be done, as "The file could not be written".</param>
    /// <param name="path">The file, as an absolute path.</param>
    public static StorageException ExplainNamed(Exception exception, string what, string path) =>
        exception as StorageException
        ?? Made(
            exception,
            problem =>
                (exception, problem) switch
                {
                    (FileNotFoundException, _) => $"There is nothing at {path}; check the path.",
                    (DirectoryNotFoundException, _) =>
                        $"There is no folder {Path.GetDirectoryName(path)}; check the path.",
                    (_, StorageProblem.ReadOnly) =>
                        $"{what}, because you have no permission for {path}; change its permissions, or name another file.",
                    (_, StorageProblem.DiskFull) =>
                        $"{what}, because the disk of {path} is full; free some space and try again.",
                    _ => $"{what} ({path}: {exception.Message.TrimEnd('.')}); check the path and try again.",
                }
        );

    private static StorageException Made(Exception exception, Func<StorageProblem, string> sentence)
    {
        var problem = Of(exception);
        return new StorageException(problem, sentence(problem), exception);
    }
}
