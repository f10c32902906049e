namespace PeerChat.WebRtc;

/// <summary>Who starts the DTLS handshake, as signalled (RFC 8842 section 5.2).</summary>
public enum DtlsSetup
{
    /// <summary>Either way; only in an offer.</summary>
    ActPass,

    /// <summary>The describing side is the DTLS client.</summary>
    Active,

    /// <summary>The describing side is the DTLS server.</summary>
    Passive,
}
