namespace PeerChat.WebRtc;

/// <summary>What a STUN server with two addresses finds out about a NAT (RFC 5780).</summary>
/// <param name="IsNat">Whether addresses are translated at all; otherwise filtering tells of a firewall.</param>
/// <param name="Mapping">Whether one port is seen by all.</param>
/// <param name="Filtering">Who may answer.</param>
public sealed record NatBehavior(bool IsNat, NatDependence Mapping, NatDependence Filtering);
