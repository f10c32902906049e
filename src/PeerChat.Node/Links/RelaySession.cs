using PeerChat.Primitives;

namespace PeerChat.Node.Links;

/// <summary>Two members between whom this node passes datagrams on unopened.</summary>
/// <param name="handle">What both call it.</param>
/// <param name="asker">The link of who asked.</param>
/// <param name="other">The link of who is to be reached.</param>
/// <param name="now">The present.</param>
internal sealed class RelaySession(ulong handle, int asker, int other, Instant now)
{
    /// <summary>What both call it.</summary>
    public ulong Handle => handle;

    /// <summary>The link of who asked.</summary>
    public int Asker => asker;

    /// <summary>The link of who is to be reached.</summary>
    public int Other => other;

    /// <summary>When it ends, unless something comes.</summary>
    public Instant EndsAt { get; private set; } = now + RelayQuota.Idle;

    /// <summary>Whether this link is one of the two.</summary>
    public bool Has(int link) => link == asker || link == other;

    /// <summary>The other one of the two.</summary>
    public int Across(int link) => link == asker ? other : asker;

    /// <summary>Notes that a datagram was passed on.</summary>
    public void Passed(Instant at) => EndsAt = at + RelayQuota.Idle;
}
