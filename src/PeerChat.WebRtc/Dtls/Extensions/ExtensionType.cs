namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>The hello extensions that this endpoint understands.</summary>
internal enum ExtensionType : ushort
{
    /// <summary>Groups for the key exchange (RFC 8422 section 5.1.1).</summary>
    SupportedGroups = 10,

    /// <summary>Encodings of points (RFC 8422 section 5.1.2).</summary>
    EcPointFormats = 11,

    /// <summary>How signatures may be made (RFC 5246 section 7.4.1.4.1).</summary>
    SignatureAlgorithms = 13,

    /// <summary>SRTP profiles (RFC 5764 section 4.1.1).</summary>
    UseSrtp = 14,

    /// <summary>The master secret is bound to the transcript (RFC 7627 section 5.1).</summary>
    ExtendedMasterSecret = 23,

    /// <summary>Renegotiation is bound to the first handshake (RFC 5746 section 3.2).</summary>
    RenegotiationInfo = 0xFF01,
}
