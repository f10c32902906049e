using PeerChat.Rendezvous.PeerServer;

namespace PeerChat.Rendezvous.Services;

/// <summary>What happened at a service.</summary>
public abstract record ServiceEvent
{
    private ServiceEvent() { }

    /// <summary>Somebody offers a connection.</summary>
    public sealed record OfferReceived(ServiceReturn From, ReadOnlyMemory<byte> Blob) : ServiceEvent;

    /// <summary>Somebody answers an offer that went to this tag.</summary>
    public sealed record AnswerReceived(string Tag, ReadOnlyMemory<byte> Blob) : ServiceEvent;

    /// <summary>The server says that nobody listens at this tag.</summary>
    public sealed record NobodyThere(string Tag) : ServiceEvent;

    /// <summary>Somebody else holds the door of this tag: an offer to it reaches them.</summary>
    public sealed record DoorHeld(string Tag) : ServiceEvent;

    /// <summary>The door of this tag is held here now.</summary>
    public sealed record DoorOpened(string Tag) : ServiceEvent;

    /// <summary>A PeerJS page offers a connection.</summary>
    public sealed record GuestOffered(GuestOffer Offer) : ServiceEvent;

    /// <summary>A PeerJS page can be reached at one more address.</summary>
    /// <param name="Peer">The page.</param>
    /// <param name="ConnectionId">For which of its connections.</param>
    /// <param name="Candidate">The candidate attribute of SDP.</param>
    public sealed record GuestCandidate(string Peer, string ConnectionId, string Candidate) : ServiceEvent;

    /// <summary>PeerJS pages that ask for the name find somebody else.</summary>
    public sealed record GuestNameTaken(string Name) : ServiceEvent;

    /// <summary>The server says that a PeerJS page is gone, or the page that it wants to go.</summary>
    public sealed record GuestLeft(string Peer) : ServiceEvent;

    /// <summary><see cref="IRendezvous.State"/> or <see cref="IRendezvous.Problem"/> changed.</summary>
    public sealed record StateChanged : ServiceEvent;
}
