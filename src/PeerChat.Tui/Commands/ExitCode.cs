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

    /// <summary>The process that ran the node went away before it answered.</summary>
    public const int OwnerGone = 7;

    /// <summary>The passphrase of the keys is missing or wrong.</summary>
    public const int Locked = 8;

    /// <summary>Interrupted (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>What a code means, in a few words.</summary>
    public static string Meaning(int code) =>
        code switch
        {
            Done => "done",
            Usage => "wrong usage: an option, a name, an interface, a port",
            NobodyFound => "nobody was found, or what was waited for did not come in time",
            Refused => "refused; several keys claim the name; or the identity is not the pinned one",
            Storage => "storage failed, or PeerChat stopped by a fault of its own",
            Unreachable => "found, but no connection or no acceptance came about in time",
            OwnerGone => "the process that ran the node went away, or none runs",
            Locked => "the passphrase of the keys is missing or wrong",
            Interrupted => "interrupted",
            _ => throw new ArgumentOutOfRangeException(nameof(code)),
        };

    /// <summary>What a command may end with that meets others and talks with them.</summary>
    public static readonly IReadOnlyList<int> OfMeeting =
    [
        Done,
        Usage,
        NobodyFound,
        Refused,
        Storage,
        Unreachable,
        OwnerGone,
        Interrupted,
    ];
}
