namespace PeerChat.Rooms.Spreading;

/// <summary>What HyParView says over a link (Leitão et al., DSN 2007, section 4; the names are the paper's).</summary>
internal abstract record OverlayMessage
{
    private OverlayMessage() { }

    /// <summary>A newcomer's first word to its contact.</summary>
    public sealed record Join(ReadOnlyMemory<byte> Contact) : OverlayMessage;

    /// <summary>A newcomer on its random walk.</summary>
    public sealed record ForwardJoin(OverlayPeer Newcomer, int TimeToLive) : OverlayMessage;

    /// <summary>Asks to become an active neighbour; with high priority by whoever has none.</summary>
    public sealed record Neighbour(bool IsHigh, ReadOnlyMemory<byte> Contact) : OverlayMessage;

    /// <summary>The answer to a join or to the wish to be a neighbour.</summary>
    public sealed record NeighbourReply(bool Accepted, ReadOnlyMemory<byte> Contact) : OverlayMessage;

    /// <summary>The sender takes the receiver out of its active view.</summary>
    public sealed record Disconnect : OverlayMessage;

    /// <summary>A sample of the sender's views on its random walk.</summary>
    public sealed record Shuffle(ulong Nonce, int TimeToLive, IReadOnlyList<OverlayPeer> Peers)
        : OverlayMessage;

    /// <summary>A sample in return; goes back the way that the shuffle came.</summary>
    public sealed record ShuffleReply(ulong Nonce, IReadOnlyList<OverlayPeer> Peers) : OverlayMessage;
}
