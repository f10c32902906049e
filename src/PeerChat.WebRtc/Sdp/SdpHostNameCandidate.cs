namespace PeerChat.WebRtc.Sdp;

/// <summary>A candidate that hides its address behind a name to be resolved by multicast DNS (draft-ietf-mmusic-mdns-ice-candidates).</summary>
/// <remarks>
/// Whoever can resolve it makes an <see cref="IceCandidate"/> of it. Nothing is lost without: the peer's own check shows its
/// address. Such a name is never to be looked up by ordinary DNS, which would tell strangers about it.
/// </remarks>
/// <param name="HostName">One label of letters, digits and hyphens, and <c>.local</c>.</param>
/// <param name="Port">The UDP port.</param>
/// <param name="Type">How the candidate was learnt.</param>
/// <param name="Priority">As in <see cref="IceCandidate"/>.</param>
/// <param name="Foundation">As in <see cref="IceCandidate"/>.</param>
public sealed record SdpHostNameCandidate(
    string HostName,
    ushort Port,
    IceCandidateType Type,
    uint Priority,
    string Foundation
);
