using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using PeerChat.Terminal.Output;

namespace PeerChat.Terminal.Host;

/// <summary>A shell that waits for the death of the program and then gives the terminal back, where the program could not.</summary>
/// <remarks>
/// No code of ours runs after SIGKILL, after a fault in native code or an overflow of the stack. The shell reads from a pipe what holds:
/// 1 while the program has the terminal, 0 while it has not; the end of the pipe is the end of the program. It asks for nothing, takes no
/// processor time, and is gone with the program. Settings that somebody else has changed meanwhile, as a shell's line editor does, stay.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class TerminalGuard : IDisposable
{
    // $1: what gives the screen back, $2: the settings as stty writes them; descriptor 0 is the pipe
    private const string Script = """
        trap '' HUP INT QUIT TERM TSTP TTIN TTOU
        exec 3<>/dev/tty || exit 0
        raw=$(stty -g <&3)
        held=1
        while read -r line; do held=$line; done
        [ "$held" = 1 ] || exit 0
        [ "$(stty -g <&3)" = "$raw" ] && { stty "$2" <&3 || stty sane <&3; }
        printf %s "$1" >&3
        """;

    // struct termios of Linux: four words of flags, the line discipline, 32 control characters
    private const int FlagWords = 4;
    private const int ControlCharactersAt = 17;
    private const int ControlCharacters = 32;

    private readonly Lock _gate = new();
    private int _pipe = -1;

    /// <summary>Starts the shell, once the terminal is held; without one there is no guard, and nothing else changes.</summary>
    /// <param name="settings">The terminal's settings as they were found.</param>
    public void Start(byte[] settings)
    {
        lock (_gate)
        {
            if (_pipe < 0 && UnixCalls.Pipe() is { } ends)
            {
                string[] arguments =
                [
                    "sh",
                    "-c",
                    Script,
                    "sh",
                    Encoding.ASCII.GetString(ControlSequences.Leave),
                    Describe(settings),
                ];
                _pipe = UnixCalls.TrySpawn("/bin/sh", arguments, ends.Read, closed: ends.Write)
                    ? ends.Write
                    : -1;
                _ = UnixCalls.Close(ends.Read);
                if (_pipe < 0)
                {
                    _ = UnixCalls.Close(ends.Write);
                }
            }
        }
    }

    /// <summary>Says whether the program has the terminal now.</summary>
    public void Tell(bool isHeld)
    {
        lock (_gate)
        {
            if (_pipe >= 0)
            {
                _ = UnixCalls.Write(_pipe, isHeld ? "1\n"u8 : "0\n"u8);
            }
        }
    }

    /// <summary>Lets the shell go; the terminal has been given back.</summary>
    public void Dispose()
    {
        Tell(isHeld: false);
        lock (_gate)
        {
            if (_pipe >= 0)
            {
                _ = UnixCalls.Close(_pipe);
                _pipe = -1;
            }
        }
    }

    /// <summary>The settings in the form of <c>stty -g</c> on Linux; elsewhere those that suit everybody.</summary>
    internal static string Describe(ReadOnlySpan<byte> settings)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "sane";
        }

        var text = new StringBuilder();
        for (var i = 0; i < FlagWords; i++)
        {
            var word = settings.Slice(i * sizeof(uint), sizeof(uint));
            var flags = BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadUInt32LittleEndian(word)
                : BinaryPrimitives.ReadUInt32BigEndian(word);
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ":" : "")}{flags:x}");
        }

        foreach (var character in settings.Slice(ControlCharactersAt, ControlCharacters))
        {
            text.Append(CultureInfo.InvariantCulture, $":{character:x}");
        }

        return text.ToString();
    }
}
