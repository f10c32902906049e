using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Sync;

/// <summary>What is known of and owed to the member at the other end of one link.</summary>
/// <remarks>
/// Nothing here is a queue of frames: each debt is a flag, a set of authors or a position in a log, so that a peer that does
/// not read costs no more than one that does.
/// </remarks>
internal sealed class SyncLink(int id, PeerId peer, ulong nextOwnSeq)
{
    /// <summary>The host's number for it.</summary>
    public int Id { get; } = id;

    /// <summary>Who is at the other end.</summary>
    public PeerId Peer { get; } = peer;

    /// <summary>Whether the peer misbehaved; nothing more is taken or given.</summary>
    public bool IsEnded { get; set; }

    /// <summary>What the peer says it has, by its newest statement and by what it sent since.</summary>
    public Dictionary<AuthorId, LogHead> Known { get; } = [];

    /// <summary>Profile records to send.</summary>
    public SortedSet<AuthorId> ProfilesOwed { get; } = [];

    /// <summary>Fork proofs to send.</summary>
    public SortedSet<AuthorId> ForksOwed { get; } = [];

    /// <summary>Others' have statements to pass on.</summary>
    public SortedSet<AuthorId> HavesOwed { get; } = [];

    /// <summary>Whether one's own have statement is to be sent.</summary>
    public bool OwesOwnHave { get; set; }

    /// <summary>What to ask for.</summary>
    public SortedDictionary<AuthorId, SeqRange> WantsOwed { get; } = [];

    /// <summary>What the peer asked for and did not get yet.</summary>
    public SortedDictionary<AuthorId, SeqRange> Serving { get; } = [];

    /// <summary>Payloads to ask for.</summary>
    public List<EntryId> PayloadWantsOwed { get; } = [];

    /// <summary>Up to which arrival missing payloads were asked for over this link.</summary>
    public long PayloadsAskedTo { get; set; }

    /// <summary>Until when the peer's answer about payloads is waited for; null while nothing is asked.</summary>
    public Instant? PayloadsDue { get; set; }

    /// <summary>Payloads that the peer asked for and did not get yet.</summary>
    public Queue<EntryId> PayloadsServing { get; } = new();

    /// <summary>The next entry of one's own log that the peer gets without asking.</summary>
    public ulong NextOwnSeq { get; set; } = nextOwnSeq;

    /// <summary>Whether it once said in vain that it has more of one's own log; it is not waited for again.</summary>
    public bool IsDoubted { get; set; }
}
