using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>An authentic check of the peer, already answered, with what the agent has to do about it (RFC 8445 section 7.3.1).</summary>
/// <param name="Local">The own address it came to.</param>
/// <param name="Remote">The address it came from.</param>
/// <param name="Priority">The priority of a candidate that this check shows.</param>
/// <param name="UseCandidate">Whether the controlling agent nominates the pair.</param>
internal readonly record struct IceCheck(
    TransportAddress Local,
    TransportAddress Remote,
    uint Priority,
    bool UseCandidate
);
