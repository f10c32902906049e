using PeerChat.Primitives;

namespace PeerChat.Rooms.Sync;

/// <summary>The search for one author's missing entries: one link is asked at a time.</summary>
internal sealed class Fetch(ulong head, Instant due)
{
    /// <summary>Links that were asked in vain since the last progress.</summary>
    public HashSet<int> Tried { get; } = [];

    /// <summary>The link that is being asked; null while waiting.</summary>
    public int? Asked { get; set; }

    /// <summary>The last seq that was asked for.</summary>
    public ulong AskedTo { get; set; }

    /// <summary>The log's head when progress was last seen.</summary>
    public ulong Head { get; set; } = head;

    /// <summary>When to ask, or to ask somebody else.</summary>
    public Instant Due { get; set; } = due;
}
