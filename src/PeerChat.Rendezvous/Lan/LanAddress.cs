using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>One address of this machine on one interface.</summary>
/// <param name="Address">The address, with the UDP port that takes signals there; port 0 is not announced.</param>
/// <param name="PrefixLength">How many leading bits all hosts of the link share.</param>
public readonly record struct LanAddress(TransportAddress Address, int PrefixLength);
