using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Sync;

/// <summary>What is known of and owed to the member at the other end of one link.</summary>
/// <remarks>
/// Nothing here is a queue of frames: each debt is a flag, a set of authors or a range of a log, so that a peer that does
/// not read costs no more than one that does.
/// </remarks>
internal sealed class SyncLink(int id, PeerId peer, ulong nextOwnSeq)
{
    /// <summary>Ranges owed in either direction: two parts and a page of each log of a full room; beyond it they are asked for later.</summary>
    public const int MaxRanges = 3 * AuthorTable.MaxAuthors;

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

    /// <summary>Whether the digest of the control entries is to be sent.</summary>
    public bool OwesControlDigest { get; set; }

    /// <summary>Ids of the control entries here that are still to be listed; null when nothing is.</summary>
    public Queue<EntryId>? ControlIdsOwed { get; set; }

    /// <summary>What the peer has listed so far of its control entries.</summary>
    public HashSet<EntryId> ControlIdsListed { get; } = [];

    /// <summary>Control entries to send, in the order of their clocks.</summary>
    public SortedSet<(ulong Clock, EntryId Id)> ControlsOwed { get; } = [];

    /// <summary>Whether the keys of earlier messages are to be asked for.</summary>
    public bool OwesKeyRequest { get; set; }

    /// <summary>Whether they were asked for on this link.</summary>
    public bool HasAskedForKeys { get; set; }

    /// <summary>Whether the peer asked for the keys of earlier messages, and has to be known as a member first.</summary>
    public bool AsksForEarlierKeys { get; set; }

    /// <summary>Entries from before the peer's admission whose keys are to be sent.</summary>
    public Queue<EntryId>? EntryKeysOwed { get; set; }

    /// <summary>Entries that the peer asked the keys of, and has to be known as a member first.</summary>
    public Queue<EntryId>? AsksForKeysOf { get; set; }

    /// <summary>Those of them whose keys it may have, to be sent.</summary>
    public Queue<EntryId>? NamedKeysOwed { get; set; }

    /// <summary>Entries that the peer asked the keys of in vain; it is given them once they are here.</summary>
    public HashSet<EntryId> KeysLacked { get; } = [];

    /// <summary>Those that have come since.</summary>
    public Queue<EntryId> LateKeysOwed { get; } = [];

    /// <summary>Entries whose keys are to be asked for.</summary>
    public List<EntryId> KeyAsksOwed { get; } = [];

    /// <summary>Entries whose keys were asked for on this link.</summary>
    public HashSet<EntryId> KeysAsked { get; } = [];

    /// <summary>Those of them that are not answered yet; nothing more is asked meanwhile.</summary>
    public HashSet<EntryId> KeysAwaited { get; } = [];

    /// <summary>Whether one's own have statement is to be sent.</summary>
    public bool OwesOwnHave { get; set; }

    /// <summary>What to ask for, in this order.</summary>
    public List<Asked> WantsOwed { get; } = [];

    /// <summary>What the peer asked for and did not get yet, in the order of its asking.</summary>
    public List<Asked> Serving { get; } = [];

    /// <summary>What a large room owes it.</summary>
    public SpreadDebts Spread { get; } = new();

    /// <summary>Adds something to ask for; pages to read go ahead of what is many times as long.</summary>
    public void Want(Asked asked)
    {
        if (WantsOwed.Count >= MaxRanges)
        {
            return;
        }

        var at = asked.IsPage ? WantsOwed.FindIndex(one => !one.IsPage) : -1;
        WantsOwed.Insert(at < 0 ? WantsOwed.Count : at, asked);
    }

    /// <summary>Adds something that the peer asked for; what it asks again while it waits counts once.</summary>
    public void Serve(Asked asked)
    {
        var isOwed = Serving.Exists(one =>
            one.Author == asked.Author
            && one.NewestFirst == asked.NewestFirst
            && (
                one.NewestFirst
                    ? one.Range.From == asked.Range.From && one.Range.To <= asked.Range.To
                    : one.Range.To == asked.Range.To && one.Range.From >= asked.Range.From
            )
        );
        if (!isOwed && Serving.Count < MaxRanges)
        {
            Serving.Add(asked);
        }
    }

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
