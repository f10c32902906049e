namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>A group for the key exchange (RFC 8422 section 5.1.1); unnamed values can occur.</summary>
internal enum NamedGroup : ushort
{
    /// <summary>No group.</summary>
    None = 0,

    /// <summary>P-256, the one that every peer must have (RFC 8827 section 6.5).</summary>
    Secp256r1 = 23,

    /// <summary>P-384.</summary>
    Secp384r1 = 24,
}
