namespace PeerChat.Rendezvous.Services;

/// <summary>The way back to whoever made an offer through a service.</summary>
/// <param name="Tag">The tag at which the offer came.</param>
/// <param name="Peer">As whom the service knows them.</param>
/// <param name="OfferId">What the service calls the offer; empty where it has no name.</param>
public sealed record ServiceReturn(string Tag, string Peer, string OfferId);
