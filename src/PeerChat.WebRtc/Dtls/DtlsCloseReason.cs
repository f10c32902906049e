namespace PeerChat.WebRtc.Dtls;

/// <summary>Why a DTLS connection ended.</summary>
internal enum DtlsCloseReason
{
    /// <summary>This side closed it.</summary>
    LocalClose,

    /// <summary>The peer sent close_notify.</summary>
    PeerClose,

    /// <summary>The peer sent a fatal alert.</summary>
    PeerAlert,

    /// <summary>The handshake took too long.</summary>
    Timeout,

    /// <summary>The peer's certificate is not the one that was announced.</summary>
    FingerprintMismatch,

    /// <summary>The peer showed no certificate, or one with an unsupported key.</summary>
    CertificateRefused,

    /// <summary>A signature of the peer does not verify.</summary>
    BadSignature,

    /// <summary>The peer's Finished does not match this side's view of the handshake.</summary>
    BadFinished,

    /// <summary>The two ends have no acceptable parameters in common.</summary>
    NegotiationFailed,

    /// <summary>A handshake message came at the wrong point.</summary>
    UnexpectedMessage,

    /// <summary>A handshake message was malformed or contradicted itself.</summary>
    IllegalMessage,

    /// <summary>The keys were used as often as is safe, or too many forged records arrived.</summary>
    RecordLimit,
}
