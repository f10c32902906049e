namespace PeerChat.WebRtc;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>This side closed it.</summary>
    Local,

    /// <summary>The peer closed it, by DTLS close_notify or SCTP ABORT or SHUTDOWN.</summary>
    Remote,

    /// <summary>No path to the peer was found in time.</summary>
    IceFailed,

    /// <summary>The peer stopped answering (RFC 7675).</summary>
    ConsentLost,

    /// <summary>The DTLS handshake failed or took too long, or the keys were worn out.</summary>
    DtlsFailed,

    /// <summary>The peer's certificate is not the one in its description: somebody is in between, or the description is wrong.</summary>
    FingerprintMismatch,

    /// <summary>The SCTP association could not be made, or retransmissions ran out.</summary>
    SctpFailed,

    /// <summary>The peer broke a protocol in a way that cannot be passed over.</summary>
    ProtocolViolation,
}
