using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>What HyParView wants of its host.</summary>
internal abstract record OverlayAction
{
    private OverlayAction() { }

    /// <summary>Say this over the link to the peer; dropped where there is none.</summary>
    public sealed record Send(PeerId To, OverlayMessage Message) : OverlayAction;

    /// <summary>Make a link to the peer.</summary>
    public sealed record Connect(OverlayPeer Peer) : OverlayAction;

    /// <summary>The room needs the link no more, after what was said over it.</summary>
    public sealed record Release(PeerId Peer) : OverlayAction;

    /// <summary>The peer is an active neighbour now.</summary>
    public sealed record NeighbourUp(PeerId Peer) : OverlayAction;

    /// <summary>The peer is an active neighbour no more.</summary>
    public sealed record NeighbourDown(PeerId Peer) : OverlayAction;
}
