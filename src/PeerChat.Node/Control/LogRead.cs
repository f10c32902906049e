namespace PeerChat.Node.Control;

/// <summary>What a subscription hands out at once.</summary>
internal abstract record LogRead
{
    private LogRead() { }

    /// <summary>Events, oldest first; never empty.</summary>
    public sealed record Batch(IReadOnlyList<LoggedEvent> Events) : LogRead;

    /// <summary>The reader was too slow: these events are gone. Whoever wants to go on subscribes anew.</summary>
    /// <param name="From">The number of the first event missed.</param>
    /// <param name="To">The number of the last event missed.</param>
    public sealed record Lost(long From, long To) : LogRead;

    /// <summary>The node has ended, and everything it told was read.</summary>
    public sealed record Ended : LogRead;
}
