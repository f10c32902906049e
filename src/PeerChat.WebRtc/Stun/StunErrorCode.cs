namespace PeerChat.WebRtc.Stun;

/// <summary>The error codes of ICE checks and of servers (RFC 8489 section 14.8, RFC 8445 section 7.1.4, RFC 8656 section 19).</summary>
internal enum StunErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Another server is to be asked.</summary>
    TryAlternate = 300,

    /// <summary>The request makes no sense.</summary>
    BadRequest = 400,

    /// <summary>The request was not signed with the right password.</summary>
    Unauthenticated = 401,

    /// <summary>The request is understood and not allowed.</summary>
    Forbidden = 403,

    /// <summary>The request holds an attribute that must be understood and is not.</summary>
    UnknownAttribute = 420,

    /// <summary>There is no such allocation, or there is one already.</summary>
    AllocationMismatch = 437,

    /// <summary>The nonce is too old.</summary>
    StaleNonce = 438,

    /// <summary>The server has no addresses of that family.</summary>
    AddressFamilyNotSupported = 440,

    /// <summary>The allocation belongs to other credentials.</summary>
    WrongCredentials = 441,

    /// <summary>The user has as many allocations as allowed.</summary>
    AllocationQuotaReached = 486,

    /// <summary>Both agents took the same role, and the asked one keeps it.</summary>
    RoleConflict = 487,

    /// <summary>The server has no room.</summary>
    InsufficientCapacity = 508,
}
