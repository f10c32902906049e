using PeerChat.Primitives;

namespace PeerChat.WebRtc;

/// <summary>An address that a server gave.</summary>
/// <param name="Type">Server-reflexive or relayed.</param>
/// <param name="Address">What a peer is told.</param>
/// <param name="Base">Where datagrams for it leave and arrive: a socket, or the address on the relay itself.</param>
public readonly record struct GatheredCandidate(
    IceCandidateType Type,
    TransportAddress Address,
    TransportAddress Base
);
