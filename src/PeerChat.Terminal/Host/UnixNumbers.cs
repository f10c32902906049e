namespace PeerChat.Terminal.Host;

/// <summary>What the headers of a system call the same and number differently.</summary>
/// <param name="TryAgain">EAGAIN.</param>
/// <param name="StopSignal">SIGSTOP.</param>
/// <param name="ReadWrite">O_RDWR.</param>
/// <param name="WithoutWaiting">O_NONBLOCK.</param>
/// <param name="NoControllingTerminal">O_NOCTTY.</param>
/// <param name="CloseOnExec">O_CLOEXEC.</param>
/// <param name="FlushInput">TCIFLUSH.</param>
/// <param name="GetWindowSize">TIOCGWINSZ.</param>
/// <param name="SettingsSize">The size of struct termios.</param>
internal sealed record UnixNumbers(
    int TryAgain,
    int StopSignal,
    int ReadWrite,
    int WithoutWaiting,
    int NoControllingTerminal,
    int CloseOnExec,
    int FlushInput,
    nuint GetWindowSize,
    int SettingsSize
)
{
    /// <summary>Linux, on all architectures that .NET runs on.</summary>
    public static UnixNumbers Linux { get; } = new(11, 19, 2, 0x800, 0x100, 0x80000, 0, 0x5413, 60);

    /// <summary>macOS, from its headers; <b>untested</b> on the system itself.</summary>
    public static UnixNumbers MacOs { get; } = new(35, 17, 2, 0x4, 0x20000, 0x100_0000, 1, 0x4008_7468, 72);

    /// <summary>Those of this system.</summary>
    public static UnixNumbers Here { get; } = OperatingSystem.IsMacOS() ? MacOs : Linux;
}
