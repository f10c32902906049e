namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The cause codes that this implementation sends or acts on (RFC 9260 section 3.3.10).</summary>
internal enum ErrorCause : ushort
{
    /// <summary>DATA on a stream that was not agreed.</summary>
    InvalidStreamIdentifier = 1,

    /// <summary>A parameter that must be there is missing.</summary>
    MissingMandatoryParameter = 2,

    /// <summary>The cookie is too old.</summary>
    StaleCookie = 3,

    /// <summary>Memory ran out.</summary>
    OutOfResource = 4,

    /// <summary>An address that cannot be resolved: a host name.</summary>
    UnresolvableAddress = 5,

    /// <summary>A chunk of an unknown type.</summary>
    UnrecognizedChunkType = 6,

    /// <summary>A field of INIT has a value that it must not have.</summary>
    InvalidMandatoryParameter = 7,

    /// <summary>Parameters of an unknown type in INIT ACK.</summary>
    UnrecognizedParameters = 8,

    /// <summary>DATA without payload.</summary>
    NoUserData = 9,

    /// <summary>The peer's restart was refused.</summary>
    RestartWithNewAddresses = 11,

    /// <summary>The user wished it.</summary>
    UserInitiatedAbort = 12,

    /// <summary>A rule was broken.</summary>
    ProtocolViolation = 13,
}
