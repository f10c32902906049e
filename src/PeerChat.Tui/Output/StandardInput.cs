using Microsoft.Win32.SafeHandles;

namespace PeerChat.Tui.Output;

/// <summary>Standard input as it is: on a terminal with the kernel's own line editing.</summary>
/// <remarks>
/// The runtime's console reader would set the terminal to application mode (CSI ? 1 h) and leave it so, write its own echo, and keep
/// settings that the full screen comes upon later.
/// </remarks>
internal static class StandardInput
{
    private static readonly Lazy<TextReader> Reader = new(MakeReader);

    /// <summary>
    /// Bytes from which on a line of a terminal may have lost its end: the kernel drops what its buffer has no room for, N_TTY_BUF_SIZE on
    /// Linux and MAX_CANON on macOS. No limit on Windows, and none of pipes.
    /// </summary>
    public static int MaxLineBytes =>
        Console.IsInputRedirected || OperatingSystem.IsWindows() ? int.MaxValue
        : OperatingSystem.IsMacOS() ? 1023
        : 4095;

    /// <summary>Its lines.</summary>
    public static TextReader Lines => Reader.Value;

    /// <summary>The bytes of a terminal.</summary>
    public static Stream OpenTerminal() =>
        OperatingSystem.IsWindows()
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private static TextReader MakeReader() =>
        Console.IsInputRedirected || OperatingSystem.IsWindows()
            ? Console.In
            : new StreamReader(
                OpenTerminal(),
                Console.InputEncoding,
                detectEncodingFromByteOrderMarks: false
            );
}
