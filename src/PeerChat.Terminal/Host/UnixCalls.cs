using System.Runtime.InteropServices;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Host;

/// <summary>The calls of the C library that <see cref="Tty"/> needs, on Linux and macOS.</summary>
/// <remarks>
/// The terminal's settings stay a block of bytes that only the C library looks into (cfmakeraw changes it), so that no
/// layout has to be known. The macOS side is written from its headers and untested.
/// </remarks>
internal static unsafe partial class UnixCalls
{
    public const int StandardInput = 0;
    public const int StandardOutput = 1;
    public const int Interrupted = 4;
    public const int InputOutputError = 5;
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;
    public const short PollHangUp = 16;

    // More than struct termios has on any system
    public const int SettingsSize = 256;
    private const int SetNow = 0;
    private const int SetAndFlush = 2;

    public static int TryAgain => UnixNumbers.Here.TryAgain;

    public static int StopSignal => UnixNumbers.Here.StopSignal;

    private static int OpenFlags =>
        UnixNumbers.Here.ReadWrite
        | UnixNumbers.Here.WithoutWaiting
        | UnixNumbers.Here.NoControllingTerminal
        | UnixNumbers.Here.CloseOnExec;

    public static bool IsTerminal(int descriptor) => IsATty(descriptor) == 1;

    /// <summary>Opens the terminal once more: a description of our own, which may be non-blocking without harm to others.</summary>
    public static bool TryOpenAgain(int descriptor, out int opened)
    {
        Span<byte> name = stackalloc byte[256];
        opened = -1;
        if (TtyName(descriptor, name, (nuint)name.Length) == 0 && name.IndexOf((byte)0) > 0)
        {
            opened = Open(name, OpenFlags);
        }

        return opened >= 0;
    }

    /// <summary>Opens the terminal that the process belongs to, whatever its input and output are; negative where there is none.</summary>
    public static int OpenControlling() => Open("/dev/tty\0"u8, OpenFlags & ~UnixNumbers.Here.WithoutWaiting);

    public static bool TryGetSettings(int descriptor, out byte[] settings)
    {
        settings = new byte[SettingsSize];
        return GetAttributes(descriptor, settings) == 0;
    }

    /// <summary>Every key as a byte, and no echo; where wanted, what was typed before is forgotten at the same moment.</summary>
    public static bool TrySetRaw(int descriptor, byte[] settings, bool dropInput = false)
    {
        var raw = (byte[])settings.Clone();
        MakeRaw(raw);
        return SetAttributes(descriptor, dropInput ? SetAndFlush : SetNow, raw) == 0;
    }

    public static void SetSettings(int descriptor, byte[] settings) =>
        _ = SetAttributes(descriptor, SetNow, settings);

    /// <summary>Forgets what was typed and not read, such as late answers to questions.</summary>
    public static void DropInput(int descriptor) => _ = Flush(descriptor, UnixNumbers.Here.FlushInput);

    public static TerminalSize? SizeOf(int descriptor)
    {
        Span<ushort> size = stackalloc ushort[4];
        size.Clear();
        int result;
        fixed (ushort* pointer = size)
        {
            // ioctl takes its argument as variadic: on the stack on Apple's ARM machines, behind eight register arguments
            result =
                OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                    ? ControlOnAppleArm(descriptor, UnixNumbers.Here.GetWindowSize, 0, 0, 0, 0, 0, 0, pointer)
                    : Control(descriptor, UnixNumbers.Here.GetWindowSize, pointer);
        }

        return result == 0 && size[0] > 0 && size[1] > 0 ? new TerminalSize(size[1], size[0]) : null;
    }

    public static (int Read, int Write)? Pipe()
    {
        Span<int> ends = stackalloc int[2];
        var result = OperatingSystem.IsLinux() ? PipeWithFlags(ends, 0x80000) : PipeCore(ends);
        return result == 0 ? (ends[0], ends[1]) : null;
    }

    /// <summary>Waits for events on up to two descriptors; −1 milliseconds for ever. False when interrupted or over.</summary>
    public static bool Poll(
        int first,
        short firstEvents,
        int second,
        int milliseconds,
        out short firstState,
        out short secondState
    )
    {
        var entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = first, Events = firstEvents };
        entries[1] = new PollEntry { Descriptor = second, Events = PollIn };
        var count = PollCore(entries, 2, milliseconds);
        firstState = entries[0].Happened;
        secondState = entries[1].Happened;
        return count > 0;
    }

    public static nint Read(int descriptor, Span<byte> destination) =>
        ReadCore(descriptor, destination, (nuint)destination.Length);

    public static nint Write(int descriptor, ReadOnlySpan<byte> source) =>
        WriteCore(descriptor, source, (nuint)source.Length);

    /// <summary>Starts a program whose standard input is a descriptor of ours; everything else it has from us but one descriptor and what closes on exec.</summary>
    public static bool TrySpawn(string program, string[] arguments, int input, int closed)
    {
        // Larger than posix_spawn_file_actions_t on every system: 80 bytes with glibc and musl, a pointer on macOS
        Span<byte> actions = stackalloc byte[256];
        if (InitializeActions(actions) != 0)
        {
            return false;
        }

        var texts = new List<nint>();
        try
        {
            _ = DuplicateIn(actions, input, StandardInput);
            _ = CloseIn(actions, closed);
            var path = Environment.GetEnvironmentVariable("PATH") ?? "/bin:/usr/bin";
            var values = stackalloc nint[arguments.Length + 1];
            for (var i = 0; i < arguments.Length; i++)
            {
                texts.Add(values[i] = Marshal.StringToCoTaskMemUTF8(arguments[i]));
            }

            var environment = stackalloc nint[2];
            values[arguments.Length] = 0;
            texts.Add(environment[0] = Marshal.StringToCoTaskMemUTF8("PATH=" + path));
            environment[1] = 0;
            return SpawnCore(out _, program, actions, 0, values, environment) == 0;
        }
        finally
        {
            _ = DestroyActions(actions);
            texts.ForEach(Marshal.FreeCoTaskMem);
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int ProcessId();

    [LibraryImport("libc", EntryPoint = "getsid")]
    public static partial int SessionOf(int processId);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int DuplicateIn(Span<byte> actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    private static partial int CloseIn(Span<byte> actions, int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnCore(
        out int processId,
        string program,
        Span<byte> actions,
        nint attributes,
        nint* arguments,
        nint* environment
    );

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATty(int descriptor);

    [LibraryImport("libc", EntryPoint = "ttyname_r")]
    private static partial int TtyName(int descriptor, Span<byte> name, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int when, ReadOnlySpan<byte> settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    private static partial int Flush(int descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int ControlOnAppleArm(
        int descriptor,
        nuint request,
        nint third,
        nint fourth,
        nint fifth,
        nint sixth,
        nint seventh,
        nint eighth,
        ushort* argument
    );

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int PipeCore(Span<int> ends);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int PipeWithFlags(Span<int> ends, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCore(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCore(int descriptor, Span<byte> destination, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCore(int descriptor, ReadOnlySpan<byte> source, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
