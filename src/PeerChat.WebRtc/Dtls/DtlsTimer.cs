namespace PeerChat.WebRtc.Dtls;

/// <summary>The timers of a DTLS connection.</summary>
internal enum DtlsTimer
{
    /// <summary>The last flight was not answered in time.</summary>
    Retransmission,

    /// <summary>The whole handshake took too long.</summary>
    Handshake,
}
