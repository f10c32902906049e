namespace PeerChat.Node;

/// <summary>Somebody on the network who claims a name.</summary>
public sealed record PeerClaim(string Name, string PeerId, string ShortId, string Address);
