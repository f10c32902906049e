namespace PeerChat.Rooms.Signalling;

/// <summary>Why a sealed signal was not opened; all are noise to be counted, because anybody can write under a tag.</summary>
public enum SignalRefusal
{
    /// <summary>It was opened.</summary>
    None,

    /// <summary>It has neither of the two sizes.</summary>
    WrongSize,

    /// <summary>Too much came under this tag of late.</summary>
    RateLimited,

    /// <summary>The commitment does not hold: another key, or another tag.</summary>
    WrongKey,

    /// <summary>The commitment holds, the ciphertext does not.</summary>
    NotAuthentic,

    /// <summary>It was sealed by somebody who has the key, but is not a signal.</summary>
    Malformed,
}
