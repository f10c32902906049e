namespace PeerChat.Rooms.Identity;

/// <summary>What comes of comparing a safety number with one that was copied.</summary>
public enum SafetyComparison
{
    /// <summary>It is the same.</summary>
    Same,

    /// <summary>It is another one: the two do not hold each other's keys, or it belongs to another pair.</summary>
    Other,

    /// <summary>It was not copied whole, or is no safety number.</summary>
    NotANumber,
}
