namespace PeerChat.WebRtc.Ice;

/// <summary>How a conflict of roles ends for this agent.</summary>
internal enum IceRoleVerdict
{
    /// <summary>The roles differ, or the peer does not say.</summary>
    NoConflict,

    /// <summary>The peer has to take the other role: it is told so with 487.</summary>
    PeerYields,

    /// <summary>This agent takes the other role.</summary>
    WeYield,
}
