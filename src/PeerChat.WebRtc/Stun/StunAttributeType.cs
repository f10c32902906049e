namespace PeerChat.WebRtc.Stun;

/// <summary>The attributes of ICE and TURN (RFC 8489 section 14, RFC 8445 section 7.1, RFC 8656 section 18); below 0x8000 they must be understood.</summary>
internal enum StunAttributeType
{
    /// <summary>The address the request came from, not masked; servers send it beside the masked one.</summary>
    MappedAddress = 0x0001,

    /// <summary>From another address or port of the server the answer is to come (RFC 5780 section 7.2).</summary>
    ChangeRequest = 0x0003,

    /// <summary>Where the answer comes from (RFC 3489 section 11.2.5).</summary>
    SourceAddress = 0x0004,

    /// <summary>What is called OTHER-ADDRESS now (RFC 3489 section 11.2.3).</summary>
    ChangedAddress = 0x0005,

    /// <summary>Whose credentials sign the message.</summary>
    Username = 0x0006,

    /// <summary>HMAC-SHA1 over everything before it.</summary>
    MessageIntegrity = 0x0008,

    /// <summary>Why a request was refused.</summary>
    ErrorCode = 0x0009,

    /// <summary>Which attributes of a refused request were not understood.</summary>
    UnknownAttributes = 0x000A,

    /// <summary>The number of a channel.</summary>
    ChannelNumber = 0x000C,

    /// <summary>How long an allocation lasts, in seconds.</summary>
    Lifetime = 0x000D,

    /// <summary>The peer that data comes from or goes to, masked.</summary>
    XorPeerAddress = 0x0012,

    /// <summary>What a peer sent, or is sent.</summary>
    Data = 0x0013,

    /// <summary>Whom a server's credentials are for.</summary>
    Realm = 0x0014,

    /// <summary>What a server wants to see repeated in each signed request.</summary>
    Nonce = 0x0015,

    /// <summary>The address on the relay, masked.</summary>
    XorRelayedAddress = 0x0016,

    /// <summary>Whether the address on the relay is to be IPv4 or IPv6.</summary>
    RequestedAddressFamily = 0x0017,

    /// <summary>By which protocol the relay is to reach peers.</summary>
    RequestedTransport = 0x0019,

    /// <summary>HMAC-SHA256 over everything before it; ICE checks use SHA-1 instead.</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>How the key of this request was made from the password.</summary>
    PasswordAlgorithm = 0x001D,

    /// <summary>The hash of user name and realm, in place of the user name.</summary>
    UserHash = 0x001E,

    /// <summary>The address the request came from, masked.</summary>
    XorMappedAddress = 0x0020,

    /// <summary>The priority a peer-reflexive candidate would get.</summary>
    Priority = 0x0024,

    /// <summary>The controlling agent nominates this pair.</summary>
    UseCandidate = 0x0025,

    /// <summary>A second address on the relay, of the other family.</summary>
    AdditionalAddressFamily = 0x8000,

    /// <summary>Why there is no address of that family on the relay.</summary>
    AddressErrorCode = 0x8001,

    /// <summary>Which ways to make a key from a password the server knows.</summary>
    PasswordAlgorithms = 0x8002,

    /// <summary>Which server to ask instead.</summary>
    AlternateServer = 0x8023,

    /// <summary>CRC-32 of the message; must be last.</summary>
    Fingerprint = 0x8028,

    /// <summary>The server's second address and port (RFC 5780 section 7.4).</summary>
    OtherAddress = 0x802C,

    /// <summary>The sender is the controlled agent; carries its tie-breaker.</summary>
    IceControlled = 0x8029,

    /// <summary>The sender is the controlling agent; carries its tie-breaker.</summary>
    IceControlling = 0x802A,
}
