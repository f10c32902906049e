using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>An own candidate and the address it is sent from, which differs behind a NAT (RFC 8445 section 4, "base").</summary>
/// <param name="Candidate">What the peer is told.</param>
/// <param name="Base">Where datagrams for it leave and arrive: a socket, or an allocation on a relay.</param>
internal sealed record IceLocalCandidate(IceCandidate Candidate, TransportAddress Base);
