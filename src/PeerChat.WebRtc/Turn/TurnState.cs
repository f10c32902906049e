namespace PeerChat.WebRtc.Turn;

/// <summary>Where an allocation stands.</summary>
internal enum TurnState
{
    /// <summary>Asked for.</summary>
    Allocating,

    /// <summary>It stands.</summary>
    Allocated,

    /// <summary>It did not come about, or is over.</summary>
    Closed,
}
