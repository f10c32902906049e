namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The timers of the sending half.</summary>
internal enum OutboundTimer
{
    /// <summary>Nothing was acknowledged for a retransmission timeout: all that is under way is lost (T3-rtx).</summary>
    Retransmission,

    /// <summary>Nothing was acknowledged for two round trips: the last packet may be lost.</summary>
    Probe,

    /// <summary>A chunk that others overtook had its time (RFC 8985 section 6.2: the reordering timer).</summary>
    Reordering,

    /// <summary>The next FORWARD TSN may go.</summary>
    ForwardTsn,

    /// <summary>The pace allows the next packets.</summary>
    Pacing,
}
