namespace PeerChat.WebRtc.Sctp;

/// <summary>Why an association ended.</summary>
internal enum SctpCloseReason
{
    /// <summary>One side shut it down, and all data had been acknowledged.</summary>
    Shutdown,

    /// <summary>We aborted it.</summary>
    Aborted,

    /// <summary>The peer aborted it.</summary>
    AbortedByPeer,

    /// <summary>INIT or COOKIE ECHO was repeated without an answer.</summary>
    HandshakeTimeout,

    /// <summary>INIT or INIT ACK had a value that it must not have.</summary>
    InvalidInit,

    /// <summary>The same data was repeated without an acknowledgement.</summary>
    RetransmissionLimit,

    /// <summary>SHUTDOWN was repeated without an answer.</summary>
    ShutdownTimeout,

    /// <summary>The peer broke a rule of SCTP.</summary>
    ProtocolViolation,

    /// <summary>The peer's message was larger than what we take.</summary>
    MessageTooLarge,

    /// <summary>The peer filled a buffer with data that can never be delivered.</summary>
    OutOfResource,

    /// <summary>The peer lost its state and began anew; what was under way is lost.</summary>
    PeerRestarted,
}
