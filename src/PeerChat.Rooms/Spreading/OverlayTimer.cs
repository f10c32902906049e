namespace PeerChat.Rooms.Spreading;

/// <summary>HyParView's timers beside those of single requests.</summary>
internal enum OverlayTimer
{
    /// <summary>The next shuffle.</summary>
    Shuffle,

    /// <summary>When a neighbour is exchanged for another.</summary>
    Renew,

    /// <summary>When peers that were tried in vain are tried again.</summary>
    Retry,

    /// <summary>When one neighbour too many is let go.</summary>
    Trim,
}
