using System.Runtime.InteropServices;

namespace PeerChat.TestKit;

/// <summary>The calls of the C library that <see cref="Pty"/> needs (Linux, 64 bit).</summary>
internal static partial class PtyNative
{
    public const int OpenReadWrite = 2;
    public const int OpenNoControllingTerminal = 0x100;
    public const int OpenCloseOnExec = 0x80000;
    public const int ErrorInterrupted = 4;
    public const int ErrorInputOutput = 5;
    public const int ErrorTryAgain = 11;
    public const short PollIn = 1;
    public const short PollOut = 4;
    private const nuint TiocSetWindowSize = 0x5414;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    public static string SlaveName(int master)
    {
        Span<byte> name = stackalloc byte[128];
        var error = SlaveNameCore(master, name, (nuint)name.Length);
        return error == 0
            ? System.Text.Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)])
            : throw new IOException($"ptsname_r failed with {error}");
    }

    public static int SetWindowSize(int master, ushort columns, ushort rows)
    {
        var size = new WindowSize(rows, columns, 0, 0);
        return SetWindowSizeCore(master, TiocSetWindowSize, in size);
    }

    /// <summary>Waits until one of the events holds; false when the time is over.</summary>
    public static bool Poll(int descriptor, short events, int timeoutMilliseconds)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = events };
        var count = PollCore(ref entry, 1, timeoutMilliseconds);
        return count > 0;
    }

    public static nint Read(int descriptor, Span<byte> destination) =>
        ReadCore(descriptor, destination, (nuint)destination.Length);

    public static nint Write(int descriptor, ReadOnlySpan<byte> source) =>
        WriteCore(descriptor, source, (nuint)source.Length);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int SlaveNameCore(int master, Span<byte> name, nuint size);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int SetWindowSizeCore(int descriptor, nuint request, in WindowSize size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCore(ref PollEntry entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCore(int descriptor, Span<byte> destination, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCore(int descriptor, ReadOnlySpan<byte> source, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort XPixels, ushort YPixels);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
