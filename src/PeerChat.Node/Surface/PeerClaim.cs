namespace PeerChat.Node;

/// <summary>Somebody on the network who claims a name.</summary>
/// <param name="Name">The name they announce.</param>
/// <param name="PeerId">The full id.</param>
/// <param name="ShortId">The short form, for display only.</param>
/// <param name="Address">Where they were heard from.</param>
public sealed record PeerClaim(string Name, string PeerId, string ShortId, string Address);
