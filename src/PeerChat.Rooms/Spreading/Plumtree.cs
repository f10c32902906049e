using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Broadcast over the active view: pushes along a tree, announcements beside it (Plumtree; Leitão et al., SRDS 2007).</summary>
/// <remarks>
/// The paper's one tree is as deep as twice its height for whoever does not sit at the root. Here an origin gets a tree
/// of its own wherever a shorter way from it is announced (docs/decisions/0045).
/// The machine moves ids; the messages lie in the log, which is also the cache that answers a graft.
/// </remarks>
internal sealed class Plumtree
{
    /// <summary>Hops that are believed at most; a hostile round can so not grow without end.</summary>
    public const int MaxRounds = 64;

    /// <summary>Messages that one announcement may name.</summary>
    public const int MaxAnnounced = 64;

    /// <summary>Announcements that wait for one neighbour; beyond it the oldest are left to sync.</summary>
    public const int MaxPendingAnnouncements = 256;

    /// <summary>
    /// Least time that an announced message is waited for before it is asked for; or two round trips. Below it every
    /// retransmission on the way would be taken for a broken tree.
    /// </summary>
    public static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(400);

    /// <summary>How long announcements are gathered (n0's gossip).</summary>
    public static readonly TimeSpan AnnounceDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long after a message was asked for its push may still come, beside two round trips, before the tree is taken to be
    /// broken there: one retransmission of SCTP (RFC 9260 section 16: RTO.Min).
    /// </summary>
    public static readonly TimeSpan PushPatience = TimeSpan.FromSeconds(1);

    private readonly SeenMessages _seen = new();
    private readonly MissingMessages _missing = new();
    private readonly PulledMessages _pulled = new();
    private readonly OriginTrees _trees = new();
    private readonly OriginRoutes _routes = new();
    private readonly Dictionary<PeerId, Queue<Announcement>> _announcing = [];
    private readonly Queue<GossipAction> _actions = new();
    private Instant? _announceAt;

    /// <summary>The round trip that the timers follow: an announced message is waited for twice as long, an asked one once.</summary>
    public TimeSpan RoundTripTime { get; set; } = RoundTrip.Initial;

    /// <summary>The neighbours.</summary>
    public IReadOnlyCollection<PeerId> Peers => _trees.Peers;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline =>
        Instant.Earliest(Instant.Earliest(_announceAt, _missing.NextDeadline), _pulled.NextDeadline);

    /// <summary>Messages that were announced and are waited for.</summary>
    public int MissingCount => _missing.Count;

    /// <summary>Whether pushes of an origin go to a neighbour.</summary>
    public bool IsEager(PeerId peer, Bytes32 origin) => _trees.IsEager(peer, origin);

    /// <summary>A neighbour came.</summary>
    public void AddPeer(PeerId peer) => _trees.Add(peer, _routes.HasParent);

    /// <summary>A neighbour went.</summary>
    public void RemovePeer(PeerId peer)
    {
        _trees.Remove(peer);
        _missing.RemovePeer(peer);
        _pulled.RemovePeer(peer);
        _announcing.Remove(peer);
        foreach (var (origin, alternative) in _routes.Remove(peer))
        {
            _trees.Set(alternative, origin, true);
            _actions.Enqueue(new GossipAction.Graft(alternative, new TreeOf(origin, true)));
        }
    }

    /// <summary>Sends a message of one's own: to all neighbours, each of which is one hop away.</summary>
    public void Broadcast(Bytes32 id, Bytes32 origin, Instant now)
    {
        _seen.Add(id, null, 0, now);
        foreach (var peer in _trees.Peers)
        {
            _actions.Enqueue(new GossipAction.Push(peer, new Announcement(id, origin, 1)));
        }
    }

    /// <summary>Notes a message that came by sync: it is not asked for, and a later copy is a second one.</summary>
    public void Note(Bytes32 id, Instant now)
    {
        _missing.Remove(id);
        _seen.Add(id, null, 0, now);
    }

    /// <summary>Notes a message that is here already, unless it is remembered how it came.</summary>
    public void NoteStored(Bytes32 id, Instant now)
    {
        if (_seen.Find(id) is null)
        {
            Note(id, now);
        }
    }

    /// <summary>Takes a pushed message in.</summary>
    /// <returns>Whether it is the first copy.</returns>
    public bool HandlePush(PeerId from, Announcement message, Instant now)
    {
        if (!_trees.Contains(from))
        {
            return _seen.Find(message.Id) is null;
        }

        var round = Math.Clamp(message.Round, 1, MaxRounds);
        if (_seen.Find(message.Id) is { } known)
        {
            HandleDuplicate(from, message with { Round = round }, known);
            return false;
        }

        _seen.Add(message.Id, from, round, now);
        var (announcers, asked) = _missing.Remove(message.Id);
        if (asked == from)
        {
            _pulled.Add(from, message, now + (RoundTripTime * 2) + PushPatience);
        }
        else
        {
            _routes.NotePush(message.Origin, from);
            _trees.Set(from, _trees.ScopeOf(message.Origin), true);
        }

        PassOn(from, message with { Round = round + 1 }, now);
        foreach (var (announcer, announced) in asked == from ? [] : announcers)
        {
            Improve(announcer, announced);
        }

        return true;
    }

    /// <summary>Takes in what a neighbour has.</summary>
    public void HandleAnnounce(PeerId from, IReadOnlyList<Announcement> messages, Instant now)
    {
        if (!_trees.Contains(from))
        {
            return;
        }

        foreach (var message in messages.Take(MaxAnnounced))
        {
            var bounded = message with { Round = Math.Clamp(message.Round, 1, MaxRounds) };
            if (_seen.Find(message.Id) is not null)
            {
                Improve(from, bounded);
            }
            else
            {
                _missing.Add(
                    from,
                    bounded,
                    _routes.IsPushComing(message.Origin, from) ? now + Patience : now
                );
            }
        }
    }

    /// <summary>A neighbour wants pushes again.</summary>
    public void HandleGraft(PeerId from, TreeOf tree) => _trees.Set(from, ScopeOf(tree), true);

    /// <summary>A neighbour wants announcements only.</summary>
    public void HandlePrune(PeerId from, TreeOf tree) => _trees.Set(from, ScopeOf(tree), false);

    /// <summary>Sends announcements, and asks for what did not come.</summary>
    public void HandleDeadline(Instant now)
    {
        if (_announceAt <= now)
        {
            _announceAt = null;
            foreach (var (peer, queue) in _announcing)
            {
                for (; queue.Count > 0; )
                {
                    var batch = new List<Announcement>(Math.Min(queue.Count, MaxAnnounced));
                    while (batch.Count < MaxAnnounced && queue.TryDequeue(out var next))
                    {
                        batch.Add(next);
                    }

                    _actions.Enqueue(new GossipAction.Announce(peer, batch));
                }
            }
        }

        while (_missing.TryTakeDue(now, RoundTripTime, out var due))
        {
            _actions.Enqueue(new GossipAction.Pull(due.From, due.Message));
        }

        while (_pulled.TryTakeDue(now, out var late))
        {
            var scope = _trees.ScopeOf(late.Message.Origin);
            _routes.NotePush(late.Message.Origin, late.From);
            _trees.Set(late.From, scope, true);
            _actions.Enqueue(
                new GossipAction.Graft(late.From, new TreeOf(late.Message.Origin, scope is not null))
            );
        }
    }

    /// <summary>Takes what is to be said next.</summary>
    public bool TryTakeAction([NotNullWhen(true)] out GossipAction? action) =>
        _actions.TryDequeue(out action);

    private void HandleDuplicate(PeerId from, Announcement message, SeenMessages.Seen known)
    {
        if (known.From == from || !_trees.Contains(from))
        {
            return; // the same one twice, as when a graft and the push crossed
        }

        if (_pulled.Remove(message.Id))
        {
            _seen.Improve(message.Id, from, message.Round); // the tree works, it was only slow
            _routes.NotePush(message.Origin, from);
            return;
        }

        if (known.From is { } parent && message.Round < known.Round)
        {
            MoveTo(from, parent, message);
            return;
        }

        var scope = _trees.ScopeOf(message.Origin);
        _trees.Set(from, scope, false);
        _actions.Enqueue(new GossipAction.Prune(from, new TreeOf(message.Origin, scope is not null)));
    }

    private void Improve(PeerId announcer, Announcement announced)
    {
        if (_seen.Find(announced.Id) is not { From: { } parent } known)
        {
            return;
        }

        if (announced.Round <= known.Round + 1)
        {
            // Who is deeper may hang below oneself, and grafting it would close a ring.
            _routes.NoteAnnounced(announced.Origin, announcer, announced.Round);
        }

        if (announced.Round < known.Round && parent != announcer && _trees.Contains(announcer))
        {
            MoveTo(announcer, parent, announced);
            _actions.Enqueue(new GossipAction.Graft(announcer, new TreeOf(announced.Origin, true)));
        }
    }

    private void MoveTo(PeerId better, PeerId parent, Announcement message)
    {
        _seen.Improve(message.Id, better, message.Round);
        _routes.NotePush(message.Origin, better);
        _trees.Set(better, message.Origin, true);
        _trees.Set(parent, message.Origin, false);
        if (_trees.Contains(parent))
        {
            _actions.Enqueue(new GossipAction.Prune(parent, new TreeOf(message.Origin, true)));
        }
    }

    // One side may have a tree of the origin's own where the other has not; then it is that one that carries the pushes.
    private Bytes32? ScopeOf(TreeOf tree) => tree.IsOwn ? tree.Origin : _trees.ScopeOf(tree.Origin);

    private TimeSpan Patience => RoundTripTime * 2 > LeastPatience ? RoundTripTime * 2 : LeastPatience;

    private void PassOn(PeerId from, Announcement message, Instant now)
    {
        foreach (var peer in _trees.Peers.Where(p => p != from))
        {
            if (_trees.IsEager(peer, message.Origin))
            {
                _actions.Enqueue(new GossipAction.Push(peer, message));
                continue;
            }

            if (!_announcing.TryGetValue(peer, out var queue))
            {
                _announcing.Add(peer, queue = new Queue<Announcement>());
            }

            if (queue.Count >= MaxPendingAnnouncements)
            {
                queue.Dequeue();
            }

            queue.Enqueue(message);
            _announceAt ??= now + AnnounceDelay;
        }
    }
}
