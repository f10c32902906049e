namespace PeerChat.WebRtc.Sctp;

/// <summary>The timers of an association beside those of its two halves.</summary>
internal enum AssociationTimer
{
    /// <summary>INIT or COOKIE ECHO was not answered (T1-init, T1-cookie).</summary>
    Handshake,

    /// <summary>SHUTDOWN or SHUTDOWN ACK was not answered (T2-shutdown).</summary>
    Shutdown,

    /// <summary>The whole shutdown takes too long (T5-shutdown-guard).</summary>
    ShutdownGuard,

    /// <summary>Nothing came for long: ask whether the peer is there.</summary>
    Heartbeat,

    /// <summary>The HEARTBEAT was not answered.</summary>
    HeartbeatAnswer,

    /// <summary>The request to reset streams was not answered, or the peer was not ready.</summary>
    Reset,
}
