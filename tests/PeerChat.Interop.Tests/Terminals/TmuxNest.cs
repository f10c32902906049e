using PeerChat.Tui.Tests.EndToEnd;

namespace PeerChat.Interop.Tests.Terminals;

/// <summary>The program in a tmux in a tmux on a pseudo-terminal; what it shows is what the outer tmux says that its pane holds.</summary>
internal sealed class TmuxNest : IDisposable
{
    private readonly string _outer;
    private readonly string _inner;
    private readonly TerminalSession _terminal;

    /// <summary>Starts all three.</summary>
    public TmuxNest(string home, int columns, int rows, string user)
    {
        (_outer, _inner) = ("out-" + user, "in-" + user);
        var program = $"{PeerChatProgram.ShellCommand} --user {user}; echo ended $?; read -r go";
        _terminal = TerminalSession.StartIn(
            home,
            columns,
            rows,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["TMUX"] = null,
                ["SHELL"] = "/bin/sh",
            },
            "tmux",
            "-u",
            "-L",
            _outer,
            "-f",
            "/dev/null",
            "new-session",
            $"TMUX= tmux -u -L {_inner} -f /dev/null new-session \"{program.Replace("$", "\\$", StringComparison.Ordinal)}\""
        );
    }

    /// <summary>What the outer tmux shows in its pane, the inner one's status line included.</summary>
    public string Pane => TestHosts.Run("tmux", "-L", _outer, "capture-pane", "-p");

    /// <summary>What the inner tmux knows of the pane in which the program runs.</summary>
    public string Inner(string format) =>
        TestHosts.Run("tmux", "-L", _inner, "display-message", "-p", format).TrimEnd('\n');

    /// <summary>Types.</summary>
    public void Type(string text) => _terminal.Type(text);

    /// <summary>Gives the outermost terminal another size.</summary>
    public void Resize(int columns, int rows) => _terminal.Resize(columns, rows);

    /// <summary>Waits until the program, or the shell behind it, shows something.</summary>
    public void WaitFor(string text) => WaitUntil(() => Pane.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until something holds.</summary>
    public void WaitUntil(Func<bool> holds, string what) => _terminal.WaitUntil(() => IsThere(holds), what);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in new[] { _inner, _outer })
        {
            // The end of its last session ends it as well, perhaps just now
            _ = IsThere(() => TestHosts.Run("tmux", "-L", server, "kill-server").Length == 0);
        }

        _terminal.Dispose();
    }

    // Before a tmux listens there is nothing to see
    private static bool IsThere(Func<bool> holds)
    {
        try
        {
            return holds();
        }
        catch (IOException)
        {
            return false;
        }
    }
}
