namespace PeerChat.WebRtc.Stun;

/// <summary>The attributes that ICE uses (RFC 8489 section 14, RFC 8445 section 7.1); below 0x8000 they must be understood.</summary>
internal enum StunAttributeType
{
    /// <summary>Whose credentials sign the message.</summary>
    Username = 0x0006,

    /// <summary>HMAC-SHA1 over everything before it.</summary>
    MessageIntegrity = 0x0008,

    /// <summary>Why a request was refused.</summary>
    ErrorCode = 0x0009,

    /// <summary>Which attributes of a refused request were not understood.</summary>
    UnknownAttributes = 0x000A,

    /// <summary>HMAC-SHA256 over everything before it; recognised and not checked, because ICE uses SHA-1.</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>The address the request came from, masked.</summary>
    XorMappedAddress = 0x0020,

    /// <summary>The priority a peer-reflexive candidate would get.</summary>
    Priority = 0x0024,

    /// <summary>The controlling agent nominates this pair.</summary>
    UseCandidate = 0x0025,

    /// <summary>CRC-32 of the message; must be last.</summary>
    Fingerprint = 0x8028,

    /// <summary>The sender is the controlled agent; carries its tie-breaker.</summary>
    IceControlled = 0x8029,

    /// <summary>The sender is the controlling agent; carries its tie-breaker.</summary>
    IceControlling = 0x802A,
}
