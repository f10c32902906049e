using System.Runtime.InteropServices;
using System.Text;

namespace PeerChat.Node.Profiles;

/// <summary>Makes a rename durable: on Unix a file's name lies in its folder, which has to be flushed by itself.</summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0; // O_RDONLY, the same number on every Unix

    /// <summary>Flushes a folder; Windows does that with the rename itself.</summary>
    /// <remarks>
    /// Some file systems cannot flush a folder and say so. That is ignored: the file's content is durable by then, and
    /// what a power cut could lose is only the rename, after which the old file is still whole.
    /// </remarks>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (descriptor >= 0)
        {
            _ = Sync(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>Whether <see cref="FlushAll"/> does anything.</summary>
    public static bool CanFlushAll => OperatingSystem.IsLinux();

    /// <summary>Makes all that was written to a folder's file system durable, in one go (syncfs(2)): one wait instead of one for each file.</summary>
    /// <exception cref="IOException">Something of it could not be written.</exception>
    public static void FlushAll(string folder)
    {
        var descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"{folder} cannot be opened.");
        }

        var isFlushed = SyncAll(descriptor) == 0;
        _ = Close(descriptor);
        if (!isFlushed)
        {
            throw new IOException($"{folder} could not be made durable.");
        }
    }

    [DllImport("libc", EntryPoint = "syncfs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncAll(int descriptor);

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
