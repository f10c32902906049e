using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms;

/// <content>Links, frames out, deadlines.</content>
public sealed partial class Room
{
    /// <summary>
    /// Least time between two have statements, which are one signature and one frame for each link. A guess: shorter than anybody
    /// sees a delivery mark change.
    /// </summary>
    internal static readonly TimeSpan HaveInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long others' have statements are gathered before they are passed on. Whoever is linked to their author has them by
    /// then; for everybody else it only delays a mark. A guess.
    /// </summary>
    internal static readonly TimeSpan RelayInterval = TimeSpan.FromSeconds(3);

    /// <summary>Authors up to which others' have statements are passed on: all of them together grow with the square. A guess.</summary>
    internal const int MaxRelayAuthors = 32;

    /// <summary>Entries of one's own that a new link gets without asking. A guess: an evening's outbox.</summary>
    internal const ulong MaxUnaskedEntries = 64;

    /// <summary>
    /// How long it may be kept in memory alone up to where one's own log was handed over: it would cost a wait for the disk between a message
    /// and the next. After a crash in between the message shows as queued until a peer says that it has it.
    /// </summary>
    internal static readonly TimeSpan SentInterval = TimeSpan.FromSeconds(1);

    private readonly TimerTable<RoomTimer> _timers = new();
    private readonly Dictionary<AuthorId, int> _relayOwed = [];
    private OwnLogRecovery? _recovery;
    private bool _haveIsStale = true;
    private bool _haveIsOwed;
    private Instant _haveNotBefore = new(long.MinValue);

    /// <summary>Adds a link to a member whose identity the hello has proven.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the peer cannot be in this room.</exception>
    public void AddLink(int link, PeerId peer, Instant now, WallTime wall)
    {
        if (_replication.Contains(link))
        {
            throw new ArgumentException("There is a link of this number.", nameof(link));
        }

        if (!_state.Rules.Admits(peer))
        {
            throw new ArgumentException("This peer does not belong to the room.", nameof(peer));
        }

        var own = _state.Own.Log;
        var confirmed = _receipts.ConfirmedBy(peer, own.Id);
        var isShort = own.HeadSeq - Math.Min(confirmed, own.HeadSeq) <= MaxUnaskedEntries;
        var added = new SyncLink(link, peer, (isShort ? confirmed : own.HeadSeq) + 1);
        foreach (var author in _state.Authors.All)
        {
            _ = author.Profile is not null && added.ProfilesOwed.Add(author.Id);
            _ = !author.ForkProof.IsEmpty && added.ForksOwed.Add(author.Id);
        }

        if (_state.Authors.Count <= MaxRelayAuthors)
        {
            added.HavesOwed.UnionWith(_receipts.Authors.Where(a => a != own.Id));
        }

        added.OwesControlDigest = IsPrivate;
        _replication.Add(added);
        AskForKeys();
        added.OwesOwnHave = true;
        if (_haveIsStale || !_receipts.TryGet(own.Id, out _))
        {
            WriteHave(now, wall);
        }

        AskAllForPayloads(now);
        Introduce(peer, now);
        _leaves.Forget(wall);
    }

    /// <summary>Takes a link away; an unknown number does nothing.</summary>
    public void RemoveLink(int link, Instant now, WallTime wall)
    {
        var peer = _replication.Links.FirstOrDefault(one => one.Id == link)?.Peer;
        _replication.Remove(link, now);
        _ahead.SaveAll();
        KeepSent();
        _recovery = _recovery?.Link == link ? null : _recovery;
        if (peer is { } gone)
        {
            Lose(gone, now);
        }

        Settle(now, wall);
    }

    /// <summary>Whether a have statement for somebody who is linked has not been taken yet; worth a moment before leaving.</summary>
    public bool OwesStatements =>
        _replication.Links.Count > 0 && (_haveIsOwed || _replication.Links.Any(link => link.OwesOwnHave));

    /// <summary>Sends what time has made due.</summary>
    public void HandleDeadline(Instant now, WallTime wall)
    {
        if (_recovery is { } recovery && recovery.Due <= now)
        {
            if (_replication.Find(recovery.Link) is { } link)
            {
                link.IsDoubted = true;
            }

            _recovery = null;
        }

        foreach (var author in _quotas.HandleDeadline(now))
        {
            _replication.Reconsider(author, now);
        }

        _replication.HandleDeadline(now);
        HandleSpreadDeadline(now);
        var isExpiryDue = false;
        while (_timers.TryTakeDue(now, out var timer))
        {
            if (timer == RoomTimer.Relay)
            {
                PassHavesOn();
            }
            else if (timer == RoomTimer.Sent)
            {
                KeepSent();
            }
            else if (timer == RoomTimer.ReadMark)
            {
                WriteReadMark(now, wall);
            }
            else if (timer == RoomTimer.AheadNews)
            {
                HandleAheadNewsDue(now);
            }

            isExpiryDue |= timer == RoomTimer.Expiry;
        }

        if (isExpiryDue)
        {
            Expire(now, wall); // may be due again at once: the host commits what was deleted in between
        }

        Settle(now, wall);
    }

    /// <summary>The next frame for a link. Only after the store has committed.</summary>
    /// <param name="link">The link.</param>
    /// <param name="writable">
    /// Whether the bulk channel has room. Without it only small frames come, whose number is bounded by what changed.
    /// </param>
    /// <param name="frame">The frame.</param>
    public bool TryTakeFrame(int link, bool writable, out RoomFrame frame)
    {
        frame = default;
        if (
            _replication.Find(link) is not { } found
            || !_frames.TryTake(found, writable, out frame, out var ownEntries)
        )
        {
            return false;
        }

        foreach (var entry in ownEntries)
        {
            if (entry.Seq <= _messages.SentSeq)
            {
                continue;
            }

            _messages.SentSeq = entry.Seq;
            _sentIsStale = true;
            var wasQueued = entry.Kind == (byte)EntryKind.Content && CountsAsQueued(entry);
            _queued.HandedOver(entry, wasQueued);
            if (wasQueued && _receipts.DeliveredTo(entry.Author, entry.Seq) == 0)
            {
                _state.Emit(new RoomEvent.StateChanged(entry.Id, RoomMessageState.Sent, 0));
            }
        }

        return true;
    }

    private void Misbehave(SyncLink link, PeerMisbehaviour reason, Instant now)
    {
        if (!link.IsEnded)
        {
            _replication.End(link, now);
            _recovery = _recovery?.Link == link.Id ? null : _recovery;
            Lose(link.Peer, now);
            _state.Emit(new RoomEvent.PeerMisbehaved(link.Id, reason));
        }
    }

    /// <summary>Whether the host calls <see cref="StateReceived"/> before it commits, so that nothing that was received is held up by it.</summary>
    public bool StatesAtTurnEnd { get; set; }

    /// <summary>Whether the host calls <see cref="SignWritten"/> before it commits, so that what is written at once takes one signature.</summary>
    public bool SignsAtTurnEnd { get; set; }

    /// <summary>States what came, where it is time for a statement; in the transaction of what it states.</summary>
    public void StateReceived(Instant now, WallTime wall)
    {
        if (!_haveIsOwed || _replication.Links.Count == 0)
        {
            return;
        }

        if (now < _haveNotBefore)
        {
            _timers.Set(RoomTimer.Have, _haveNotBefore);
            return;
        }

        WriteHave(now, wall);
    }

    // Written in the transaction of what it states, and taken out after the commit: so it never states too much.
    private void WriteHave(Instant now, WallTime wall)
    {
        var own = _state.Own;
        var heads = new List<KeyValuePair<AuthorId, LogHead>>();
        foreach (var author in _state.Authors.All)
        {
            if (HeadOf(author) is { } head)
            {
                heads.Add(new(author.Id, head));
            }
        }

        var last = _receipts.TryGet(own.Id, out var known) ? known.Counter : (ulong?)null;
        var statement = HaveStatement.Create(Id, own.Key, NextCounter(last, wall), heads);
        _receipts.Add(statement, false);
        _state.Store.WriteStatement(Id, StatementKind.Have, own.Id, statement.Counter, statement.Stored);
        KeepSent(); // in a transaction that there is anyway
        foreach (var link in _haveIsOwed ? _replication.Links : [])
        {
            link.OwesOwnHave = true;
        }

        _haveIsStale = false;
        _haveIsOwed = false;
        // A statement names every author, so in a large room it is made more rarely: what is said costs the same a second.
        _haveNotBefore = now + (HaveInterval * Math.Max(1, heads.Count / MaxRelayAuthors));
    }

    private void KeepSent()
    {
        if (_sentIsStale)
        {
            _sentIsStale = false;
            _timers.Clear(RoomTimer.Sent);
            _state.Store.WriteStatement(Id, StatementKind.Sent, _state.Own.Id, _messages.SentSeq, default);
        }
    }

    private LogHead? HeadOf(AuthorLog author)
    {
        if (author.LastGoodSeq == author.HeadSeq)
        {
            return author.HeadSeq == 0 ? null : new LogHead(author.HeadSeq, author.HeadId);
        }

        var good = _state.Store.ReadRange(Id, author.Id, Math.Max(1, author.LastGoodSeq), 1);
        return good.Count == 1 && good[0].Seq == author.LastGoodSeq
            ? new LogHead(good[0].Seq, good[0].Id)
            : null;
    }

    private void OweRelay(AuthorId author, int from, Instant now)
    {
        if (_state.Authors.Count > MaxRelayAuthors || _replication.Links.Count < 2)
        {
            return;
        }

        _relayOwed[author] = from;
        if (_timers[RoomTimer.Relay] is null)
        {
            _timers.Set(RoomTimer.Relay, now + RelayInterval);
        }
    }

    private void PassHavesOn()
    {
        foreach (var (author, from) in _relayOwed)
        {
            foreach (var link in _replication.Links.Where(l => l.Id != from))
            {
                link.HavesOwed.Add(author);
            }
        }

        _relayOwed.Clear();
    }
}
