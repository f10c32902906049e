namespace PeerChat.WebRtc.Turn;

/// <summary>Why a server gives no address.</summary>
public enum TurnFailure
{
    /// <summary>It does.</summary>
    None,

    /// <summary>Its name could not be looked up.</summary>
    NotFound,

    /// <summary>Nothing came back, or the connection did not stand.</summary>
    NoAnswer,

    /// <summary>Its certificate does not hold.</summary>
    Certificate,

    /// <summary>It does not take the user name or password.</summary>
    Credentials,

    /// <summary>Nobody gave a user name and password for it.</summary>
    NoCredentials,

    /// <summary>It has no room, or this user has as many allocations as allowed.</summary>
    Full,

    /// <summary>It refuses for another reason.</summary>
    Refused,

    /// <summary>What it says makes no sense.</summary>
    Nonsense,
}
