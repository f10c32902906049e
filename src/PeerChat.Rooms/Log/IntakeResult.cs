namespace PeerChat.Rooms.Log;

/// <summary>What became of a received range.</summary>
/// <param name="Outcome">The outcome; entries before the one it is about were stored.</param>
/// <param name="Stored">What was stored, in order.</param>
internal sealed record IntakeResult(
    IntakeOutcome Outcome,
    IReadOnlyList<(StoredEntry Entry, EntryHeader Header)> Stored
)
{
    /// <summary>Why the sender is to blame, where it is.</summary>
    public PeerMisbehaviour Reason { get; init; }

    /// <summary>The proof, where there is one.</summary>
    public ForkProof? Proof { get; init; }

    /// <summary>The clock that is ahead, where one is.</summary>
    public ulong Clock { get; init; }

    /// <summary>The entry that is cited and missing, where one is.</summary>
    public EntryId Missing { get; init; }

    /// <summary>Whether the range may be taken later.</summary>
    public bool IsNotYet =>
        Outcome
            is IntakeOutcome.UnknownAuthor
                or IntakeOutcome.Gap
                or IntakeOutcome.Unvouched
                or IntakeOutcome.MissingHead
                or IntakeOutcome.FutureClock;
}
