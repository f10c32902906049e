namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The timers of the sending half.</summary>
internal enum OutboundTimer
{
    /// <summary>Nothing was acknowledged for a retransmission timeout: all that is under way is lost (T3-rtx).</summary>
    Retransmission,

    /// <summary>Nothing was acknowledged for two round trips: the last packet may be lost.</summary>
    Probe,

    /// <summary>The next FORWARD TSN may go.</summary>
    ForwardTsn,
}
