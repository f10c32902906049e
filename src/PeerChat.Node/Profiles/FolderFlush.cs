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
