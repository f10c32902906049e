namespace PeerChat.Rendezvous.PeerServer;

/// <summary>A PeerJS page's offer of a data connection.</summary>
/// <param name="Peer">As whom the server knows the page; nobody has proven anything.</param>
/// <param name="ConnectionId">What the page calls the connection.</param>
/// <param name="Sdp">The offer, as the browser wrote it.</param>
/// <param name="Serialization">How it wants to talk.</param>
/// <param name="Name">What the page says its user is called (<c>metadata.name</c>); empty for nothing.</param>
public sealed record GuestOffer(
    string Peer,
    string ConnectionId,
    string Sdp,
    GuestSerialization Serialization,
    string Name
);
