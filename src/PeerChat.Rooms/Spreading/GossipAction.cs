using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>What Plumtree wants said to a neighbour.</summary>
internal abstract record GossipAction(PeerId To)
{
    /// <summary>The message itself (GOSSIP).</summary>
    public sealed record Push(PeerId To, Announcement Message) : GossipAction(To);

    /// <summary>That messages are here (IHAVE).</summary>
    public sealed record Announce(PeerId To, IReadOnlyList<Announcement> Messages) : GossipAction(To);

    /// <summary>The message is asked for, and the tree stays as it is: one late push is no reason to move.</summary>
    public sealed record Pull(PeerId To, Announcement Message) : GossipAction(To);

    /// <summary>The link is to carry pushes again (GRAFT).</summary>
    public sealed record Graft(PeerId To, TreeOf Tree) : GossipAction(To);

    /// <summary>The link is to carry announcements only (PRUNE).</summary>
    public sealed record Prune(PeerId To, TreeOf Tree) : GossipAction(To);
}
