namespace PeerChat.Tui.Commands;

/// <summary>The exit codes, as <c>docs/SCRIPTING.md</c> documents them.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>Nobody was found in time.</summary>
    public const int NobodyFound = 3;

    /// <summary>Refused, ambiguous, or not the expected identity.</summary>
    public const int Refused = 4;

    /// <summary>Storage failed.</summary>
    public const int Storage = 5;

    /// <summary>Found, but no connection came about.</summary>
    public const int Unreachable = 6;

    /// <summary>Interrupted (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
