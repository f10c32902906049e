namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Where an outstanding chunk stands.</summary>
internal enum OutstandingState
{
    /// <summary>Under way, as far as we know.</summary>
    InFlight,

    /// <summary>Taken for lost; to be transmitted again.</summary>
    Lost,

    /// <summary>In a gap ack block of the peer.</summary>
    Acked,

    /// <summary>Given up with its message; the peer is told not to wait for it (RFC 3758 section 3.5).</summary>
    Abandoned,
}
