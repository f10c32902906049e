using System.Diagnostics;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Testing;
using PeerChat.TestKit;

namespace PeerChat.Benchmarks.Screens;

/// <summary>A program on a pseudo-terminal of 80 × 24, behind which a virtual terminal shows what it draws and answers what it asks.</summary>
internal sealed class ScreenSession : IDisposable
{
    private const int Terminate = 15;

    private readonly Pty _pty;
    private readonly VirtualTerminal _terminal = new(new TerminalSize(80, 24));

    /// <summary>Starts the program.</summary>
    public ScreenSession(string program, IEnumerable<string> arguments, string home)
    {
        var environment = ProgramRun.EnvironmentFor(home);
        environment["HOME"] = home;
        environment["XDG_CONFIG_HOME"] = Path.Combine(home, "config");
        environment["XDG_DATA_HOME"] = Path.Combine(home, "data");
        environment["LANG"] = "C.UTF-8";
        environment["LC_ALL"] = null;
        environment["TMUX"] = null;
        StartedAt = Stopwatch.GetTimestamp();
        _pty = Pty.Start(program, arguments, environment: environment, workingDirectory: home);
    }

    /// <summary>When it was started.</summary>
    public long StartedAt { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _pty.ProcessId;

    /// <summary>Bytes written to the terminal so far.</summary>
    public long Bytes => _terminal.BytesWritten;

    /// <summary>Whether the program has ended.</summary>
    public bool IsOver => _pty.HasExited;

    /// <summary>What is on the screen.</summary>
    public string Text => _terminal.Text;

    /// <summary>The line with the cursor.</summary>
    public string CursorLine => _terminal.Line(_terminal.Cursor.Row);

    /// <summary>Whether the screen shows a text.</summary>
    public bool Shows(string text) => _terminal.Text.Contains(text, StringComparison.Ordinal);

    /// <summary>Types.</summary>
    public void Type(string text) => _pty.Write(text);

    /// <summary>Reads until the condition holds; false when the time is over first.</summary>
    public bool Until(Func<bool> condition, TimeSpan limit) => _pty.ReadUntil(condition, limit, Take);

    /// <summary>Reads until nothing has come for so long; returns how many bytes came.</summary>
    public long UntilQuiet(TimeSpan silence, TimeSpan limit)
    {
        var before = Bytes;
        _pty.ReadUntilQuiet(silence, limit, Take);
        return Bytes - before;
    }

    /// <summary>Ends it by SIGTERM: how long it took, and whether the terminal was given back.</summary>
    public (TimeSpan Time, bool IsRestored) End()
    {
        var from = Stopwatch.GetTimestamp();
        _pty.Signal(Terminate);
        var isGone = _pty.WaitForExit(TimeSpan.FromSeconds(5));
        var time = Stopwatch.GetElapsedTime(from);
        Take(_pty.Output[(int)Math.Min(Bytes, _pty.Output.Length)..].ToArray());
        return (isGone ? time : TimeSpan.MaxValue, isGone && !_terminal.IsAlternateScreen);
    }

    /// <inheritdoc/>
    public void Dispose() => _pty.Dispose();

    private void Take(byte[] bytes)
    {
        _terminal.Write(bytes);
        if (_terminal.TakeReplies() is { Length: > 0 } replies && !_pty.HasExited)
        {
            _pty.Write(replies);
        }
    }
}
