using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Terminal.Host;

/// <summary>Opens the terminal that the program was started in, whatever the system.</summary>
public static class TerminalHost
{
    /// <summary>How long a signal leaves the program to save its state before the process is ended for it (guess).</summary>
    public static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(1);

    /// <summary>Opens it; false, with the reason for the user, where only line mode is possible.</summary>
    public static bool TryOpen(
        TerminalEnvironment environment,
        [NotNullWhen(true)] out ITerminal? terminal,
        out string reason
    )
    {
        ArgumentNullException.ThrowIfNull(environment);
        terminal = null;
        if (environment.IsDumb)
        {
            reason = "the terminal cannot place the cursor (TERM says so)";
        }
        else if (OperatingSystem.IsWindows())
        {
            terminal = WindowsConsole.TryOpen(out var console, out reason) ? console : null;
        }
        else
        {
            terminal = Tty.TryOpen(out var tty, out reason) ? tty : null;
        }

        return terminal is not null;
    }
}
