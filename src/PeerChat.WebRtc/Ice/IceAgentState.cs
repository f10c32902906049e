namespace PeerChat.WebRtc.Ice;

/// <summary>What the agent as a whole has reached; the last two are final.</summary>
internal enum IceAgentState
{
    /// <summary>The peer's description is not here yet.</summary>
    New,

    /// <summary>Checks run, and no pair is valid yet.</summary>
    Checking,

    /// <summary>At least one pair is valid.</summary>
    Connected,

    /// <summary>No pair became valid in time.</summary>
    Failed,

    /// <summary>The peer stopped answering on every pair (RFC 7675).</summary>
    ConsentLost,
}
