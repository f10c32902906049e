namespace PeerChat.Rooms.Signalling;

/// <summary>What a sealed signal says.</summary>
public enum SignalType
{
    /// <summary>An offer of a connection.</summary>
    Offer = 1,

    /// <summary>The answer to an offer.</summary>
    Answer = 2,

    /// <summary>The offer will not be answered.</summary>
    Decline = 3,
}
