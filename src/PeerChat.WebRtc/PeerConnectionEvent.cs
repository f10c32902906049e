namespace PeerChat.WebRtc;

/// <summary>What a connection tells its owner.</summary>
public abstract record PeerConnectionEvent
{
    private PeerConnectionEvent() { }

    /// <summary>The peer has proven its certificate; channels can be opened.</summary>
    public sealed record Connected : PeerConnectionEvent;

    /// <summary>The peer opened a channel.</summary>
    /// <param name="Channel">Its number.</param>
    /// <param name="Label">What the peer calls it; any text, not fit for a terminal as it is.</param>
    public sealed record ChannelOpened(ushort Channel, string Label) : PeerConnectionEvent;

    /// <summary>A message came in.</summary>
    /// <param name="Channel">The channel it came on.</param>
    /// <param name="IsText">Whether the peer calls it text; nobody has checked that it is UTF-8.</param>
    /// <param name="Message">The whole message; it belongs to the receiver of the event until <see cref="PeerConnection.Recycle"/>.</param>
    public sealed record MessageReceived(ushort Channel, bool IsText, ReadOnlyMemory<byte> Message)
        : PeerConnectionEvent
    {
        /// <summary>Whether the bytes were given back.</summary>
        internal bool IsRecycled { get; set; }
    }

    /// <summary>The bytes that wait on a channel fell to the threshold of <see cref="PeerConnection.SetBufferedAmountLowThreshold"/>.</summary>
    /// <param name="Channel">Its number.</param>
    public sealed record BufferedAmountLow(ushort Channel) : PeerConnectionEvent;

    /// <summary>A channel was closed, by this side or the peer; its number may be used again.</summary>
    /// <param name="Channel">Its number.</param>
    public sealed record ChannelClosed(ushort Channel) : PeerConnectionEvent;

    /// <summary>The peer hides an address behind a name of multicast DNS; whoever can resolve it, calls <see cref="PeerConnection.AddRemoteCandidate"/>.</summary>
    /// <param name="Candidate">The candidate without its address.</param>
    public sealed record HostNameLearnt(Sdp.SdpHostNameCandidate Candidate) : PeerConnectionEvent;

    /// <summary>The connection is over: always the last event, and there is exactly one.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">For logs, in English; nothing that the peer chose.</param>
    public sealed record Closed(CloseReason Reason, string Detail) : PeerConnectionEvent;
}
