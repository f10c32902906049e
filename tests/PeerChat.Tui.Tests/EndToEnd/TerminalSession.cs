using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Testing;
using PeerChat.TestKit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The built program on a pseudo-terminal, with a virtual terminal that shows what a person would see.</summary>
internal sealed class TerminalSession : IDisposable
{
    private readonly Pty _pty;
    private readonly VirtualTerminal _screen;
    private readonly List<byte> _written = [];

    private TerminalSession(Pty pty, int columns, int rows)
    {
        _pty = pty;
        _screen = new VirtualTerminal(new TerminalSize(columns, rows));
    }

    /// <summary>What the message pane and the lines below say, without the list, line breaks and indents.</summary>
    public string Words =>
        string.Join(
            ' ',
            Screen
                .Split('\n')
                .SelectMany(line =>
                    line[(line.IndexOf('│') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
        );

    /// <summary>What the screen shows now.</summary>
    public string Screen => _screen.Text;

    /// <summary>All that the terminal has sent so far, echo included, as Latin-1.</summary>
    public string Written => System.Text.Encoding.Latin1.GetString([.. _written]);

    /// <summary>Sequences the virtual terminal did not know; the program must not send any.</summary>
    public IReadOnlyList<string> UnknownSequences => _screen.UnknownSequences;

    /// <summary>The terminal's private modes that are on.</summary>
    public IReadOnlySet<int> Modes => _screen.Modes;

    /// <summary>Whether the program holds the alternate screen.</summary>
    public bool IsFullScreen => _screen.IsAlternateScreen;

    /// <summary>The program's process.</summary>
    public int ProcessId => _pty.ProcessId;

    /// <summary>The exit code, once ended.</summary>
    public int ExitCode => _pty.ExitCode;

    /// <summary>Starts the program on loopback alone.</summary>
    public static TerminalSession Start(string home, int columns, int rows, params string[] arguments) =>
        StartOther(
            home,
            columns,
            rows,
            PeerChatProgram.Command[0],
            [.. PeerChatProgram.Command.Skip(1), .. arguments]
        );

    /// <summary>Starts another program, such as a shell that runs ours, in the same environment.</summary>
    public static TerminalSession StartOther(
        string home,
        int columns,
        int rows,
        string file,
        params string[] arguments
    ) =>
        StartIn(
            home,
            columns,
            rows,
            new Dictionary<string, string?>(StringComparer.Ordinal),
            file,
            arguments
        );

    /// <summary>Starts a program with variables of its own; null takes one away.</summary>
    public static TerminalSession StartIn(
        string home,
        int columns,
        int rows,
        IReadOnlyDictionary<string, string?> variables,
        string file,
        params string[] arguments
    )
    {
        var environment = PeerChatProgram
            .Environment(home)
            .ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        environment["LANG"] = "C.UTF-8";
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var pty = Pty.Start(file, arguments, columns, rows, environment);
        return new TerminalSession(pty, columns, rows);
    }

    /// <summary>Waits until the screen shows something.</summary>
    public void WaitFor(string text) =>
        WaitFor(screen => screen.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until the words on the screen fulfil something.</summary>
    public void WaitFor(Func<string, bool> holds, string what)
    {
        if (!_pty.ReadUntil(() => holds(Words), PeerChatProgram.Patience, Take))
        {
            throw new TimeoutException($"'{what}' did not come. The screen:\n{Screen}");
        }
    }

    /// <summary>Waits for something that is no matter of words, while what is written is taken in.</summary>
    public void WaitUntil(Func<bool> holds, string what)
    {
        if (!_pty.ReadUntil(holds, PeerChatProgram.Patience, Take))
        {
            throw new TimeoutException($"'{what}' did not come. The screen:\n{Screen}");
        }
    }

    /// <summary>Gives the window another size.</summary>
    public void Resize(int columns, int rows)
    {
        _screen.Resize(new TerminalSize(columns, rows));
        _pty.Resize(columns, rows);
    }

    /// <summary>Types text.</summary>
    public void Type(string text) => _pty.Write(text);

    /// <summary>Types a line and Enter.</summary>
    public void Enter(string line) => _pty.Write(line + "\r");

    /// <summary>Kills the program as <c>kill -9</c> does, and its process group with it.</summary>
    public void Kill()
    {
        _pty.Signal(9);
        _pty.WaitForExit(PeerChatProgram.Patience);
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => _pty.Signal(signal);

    /// <summary>Takes the terminal away, as a closed window or a lost SSH session does, and waits for the end.</summary>
    public void HangUp()
    {
        _pty.HangUp();
        if (!_pty.WaitForExit(PeerChatProgram.Patience))
        {
            throw new TimeoutException("The program did not end with its terminal.");
        }
    }

    /// <summary>Waits for the end, and takes in what is written last.</summary>
    public int WaitForExit()
    {
        if (!_pty.WaitForExit(PeerChatProgram.Patience, Take))
        {
            throw new TimeoutException($"The program did not end. The screen:\n{Screen}");
        }

        return _pty.ExitCode;
    }

    /// <summary>How often a text stands on the screen.</summary>
    public int Count(string text) => Words.Split(text).Length - 1;

    /// <inheritdoc/>
    public void Dispose() => _pty.Dispose();

    private void Take(byte[] bytes)
    {
        _screen.Write(bytes);
        _written.AddRange(bytes);
        if (_screen.TakeReplies() is { Length: > 0 } replies)
        {
            _pty.Write(replies);
        }
    }
}
