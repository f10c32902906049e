namespace PeerChat.WebRtc.Stun;

/// <summary>The error codes that ICE checks use (RFC 8489 section 14.8, RFC 8445 section 7.1.4).</summary>
internal enum StunErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The request makes no sense.</summary>
    BadRequest = 400,

    /// <summary>The request was not signed with the right password.</summary>
    Unauthenticated = 401,

    /// <summary>The request holds an attribute that must be understood and is not.</summary>
    UnknownAttribute = 420,

    /// <summary>Both agents took the same role, and the asked one keeps it.</summary>
    RoleConflict = 487,
}
