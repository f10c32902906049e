namespace PeerChat.WebRtc.Sctp;

/// <summary>Where an association stands (RFC 9260 section 4); a transition replaces the object.</summary>
/// <param name="Peer">The other side, in the states in which we know it.</param>
internal abstract record AssociationState(Peer? Peer)
{
    /// <summary>Whether data that comes in is taken.</summary>
    public bool TakesData => this is Established or ShutdownPending or ShutdownSent;

    /// <summary>Whether data of ours goes out.</summary>
    public bool SendsData => this is Established or ShutdownPending or ShutdownReceived;

    /// <summary>Nothing was sent yet.</summary>
    public sealed record Closed() : AssociationState(Peer: null);

    /// <summary>INIT was sent.</summary>
    public sealed record CookieWait(int Tries) : AssociationState(Peer: null);

    /// <summary>COOKIE ECHO was sent.</summary>
    public sealed record CookieEchoed(Peer Other, byte[] CookieEcho, int Tries) : AssociationState(Other);

    /// <summary>Data flows.</summary>
    public sealed record Established(Peer Other) : AssociationState(Other);

    /// <summary>We want to end; our data is not all acknowledged.</summary>
    public sealed record ShutdownPending(Peer Other) : AssociationState(Other);

    /// <summary>SHUTDOWN was sent.</summary>
    public sealed record ShutdownSent(Peer Other, int Tries) : AssociationState(Other);

    /// <summary>The peer wants to end; our data is not all acknowledged.</summary>
    public sealed record ShutdownReceived(Peer Other) : AssociationState(Other);

    /// <summary>SHUTDOWN ACK was sent.</summary>
    public sealed record ShutdownAckSent(Peer Other, int Tries) : AssociationState(Other);

    /// <summary>All is over.</summary>
    public sealed record Ended(Peer? Other, SctpCloseReason Reason) : AssociationState(Other);
}
