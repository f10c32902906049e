using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms;

/// <content>Long histories, newest first: what came of them is kept, and taken into the log once the rest is here.</content>
public sealed partial class Room
{
    /// <summary>Entries taken into logs in one turn, so that nobody waits for the rest. A guess: some 30 ms of the loop.</summary>
    internal const int AheadPage = 1_024;

    /// <summary>Least time between two words that more of a history can be read. A guess: as often as somebody who waits looks.</summary>
    internal static readonly TimeSpan AheadNewsInterval = TimeSpan.FromSeconds(2);

    private readonly AheadLog _ahead;
    private readonly HashSet<AuthorId> _aheadTold = [];
    private readonly Dictionary<AuthorId, (EntryId Missing, Instant Since)> _aheadWaits = [];
    private bool _aheadGrew;

    /// <summary>In what pieces a history is asked for.</summary>
    internal PartSizes Parts
    {
        get => _replication.Sizes;
        set => _replication.Sizes = value;
    }

    /// <summary>Bytes of history that came ahead of what lies before it and are kept.</summary>
    internal long AheadBytes => _ahead.SumOf(_ => true).Bytes;

    /// <summary>Entries that came so.</summary>
    internal long AheadEntries => _ahead.SumOf(_ => true).Entries;

    private void RestoreAhead(Instant start)
    {
        _ahead.Restore();
        foreach (var author in _ahead.Authors)
        {
            foreach (var range in _ahead.RangesOf(author).Where(one => one.HasControl))
            {
                if (_state.Authors.TryGet(author, out var log))
                {
                    ReadEarly(_ahead.Read(range), log);
                }
            }
        }

        if (_ahead.Authors.Count > 0)
        {
            _timers.Set(RoomTimer.Ahead, start);
        }
    }

    private bool IsVouched(ReceivedRange range) =>
        range.IsVouched || VerifiedEnds(range).Contains(range.Last.Id);

    // Whatever its sender was asked for: a signature says that this is not what its author wrote, or not on that branch.
    private bool IsContradicted(ReceivedRange range) =>
        !range.IsVouched && VerifiedEnds(range).Any(id => id != range.Last.Id);

    // What verified ranges have for the last entry of a range. They need not begin behind it: an author pushes in other pieces than
    // others are asked for.
    private IEnumerable<EntryId> VerifiedEnds(ReceivedRange range)
    {
        if (_ahead.IdAt(range.Author, range.Last.Seq) is { } kept)
        {
            yield return kept;
        }

        foreach (var held in _held.All)
        {
            if (
                held.Outcome == IntakeOutcome.Gap
                && held.Range.Author == range.Author
                && held.Range.IdAt(range.Last.Seq) is { } id
            )
            {
                yield return id;
            }
        }
    }

    /// <summary>Keeps a verified range that lies ahead of its log, where that log is fetched newest first.</summary>
    private bool TryKeepAhead(ReceivedRange range, int link, Instant now, WallTime wall)
    {
        if (
            !_state.Authors.TryGet(range.Author, out var author)
            || author == _state.Own.Log
            || range.Last.Seq >= author.ForkedAt
            || HybridClock.IsTooFarAhead(range.Last.Clock, wall)
            || !(_replication.IsNewestFirst(range.Author) || _ahead.Has(range.Author))
        )
        {
            return false;
        }

        if (!FitsAhead(author, range, now))
        {
            // The oldest is kept in that case, as much as there may be of it: what hangs in the air is of no use for ever.
            _ahead.Drop(author.Id, 0);
            _replication.FetchOldestFirst(author.Id);
            return false;
        }

        _ahead.Add(
            range.Entries.Any(entry => IsRecalled(entry.Header)) ? range.Without(IsRecalled) : range,
            link,
            now
        );
        _aheadGrew = true;
        _state.NoteClock(range.Last.Clock); // who answers what is shown is later than it
        _replication.NoteAhead(author.Id);
        ReadEarly(range, author);
        return true;

        bool IsRecalled(EntryHeader header) => _recalls.Contains(header.Id, author);
    }

    private bool FitsAhead(AuthorLog author, ReceivedRange range, Instant now)
    {
        var person = author.Profile?.Identity.PeerId;
        var (bytes, entries) = _ahead.SumOf(id =>
            _state.Authors.TryGet(id, out var one) && one.Profile?.Identity.PeerId == person
        );
        return _quotas.HasRoomFor(
            author,
            range.Size + bytes,
            range.Entries.Count + entries,
            range.Size + AheadBytes,
            now
        );
    }

    // Epochs are what the rest is read with; whether they may be written in is asked when somebody writes. A recall does not wait either:
    // what it names would be read meanwhile.
    private void ReadEarly(ReceivedRange range, AuthorLog author)
    {
        foreach (var entry in range.Entries)
        {
            if (entry.Header.Kind is EntryKind.Epoch or EntryKind.Wrap)
            {
                _epochs.Apply(entry.Header, entry.Payload.Span);
            }
            else if (entry.Header.Kind == EntryKind.Recall)
            {
                HandleRecall(entry.Header, author);
            }
        }
    }

    /// <summary>Takes into the logs what nothing is missing before any more, a page in each turn.</summary>
    private void TakeAhead(Instant now, WallTime wall)
    {
        var left = AheadPage;
        for (var isMoving = _ahead.Authors.Count > 0; isMoving && left > 0; )
        {
            isMoving = false;
            foreach (var id in _ahead.Authors.ToArray())
            {
                if (_state.Authors.TryGet(id, out var author))
                {
                    var before = author.HeadSeq;
                    left -= TakeAhead(author, left, now, wall);
                    isMoving |= author.HeadSeq > before;
                }
            }
        }

        if (left <= 0)
        {
            _timers.Set(RoomTimer.Ahead, now); // the host commits in between
        }

        _ahead.Save(now);
        if (_ahead.SaveAt is { } due)
        {
            _timers.Set(RoomTimer.AheadSave, due);
        }
    }

    private int TakeAhead(AuthorLog author, int atMost, Instant now, WallTime wall)
    {
        var taken = 0;
        while (
            taken < atMost
            && _ahead.Lowest(author.Id) is { } lowest
            && lowest.First <= author.HeadSeq + 1
            && !_quotas.IsHeldBack(author, now)
            && !StillWaits(author.Id, now, out var passes)
        )
        {
            var result = Take(_ahead.Read(lowest), _ahead.LinkOf(lowest) ?? -1, passes, now, wall);
            taken += result.Stored.Count;
            if (result.IsNotYet || result.Outcome == IntakeOutcome.Quota)
            {
                Wait(author.Id, result, now);
                break;
            }

            _aheadWaits.Remove(author.Id);
            _ahead.Remove(lowest);
            if (author.HeadSeq < lowest.Last && author.ForkedAt is null)
            {
                // It contradicts the log, or is not what it seemed: what hangs on it is of no use, and the next is asked for in order.
                _ahead.Drop(author.Id, 0);
                _replication.FetchOldestFirst(author.Id);
            }

            _replication.Reconsider(author.Id, now);
        }

        return taken;
    }

    // Asking the store for one entry is cheap; going through the range again is not.
    private bool StillWaits(AuthorId author, Instant now, out bool passes)
    {
        passes = false;
        if (!_aheadWaits.TryGetValue(author, out var wait) || _state.Store.Find(wait.Missing) is not null)
        {
            return false;
        }

        passes =
            (_state.Authors.HasFork || _quotas.HoldsBack) && now - wait.Since >= HoldingArea.ForkPatience;
        return !passes;
    }

    private void Wait(AuthorId author, IntakeResult result, Instant now)
    {
        if (result.Outcome != IntakeOutcome.MissingHead)
        {
            _aheadWaits.Remove(author);
        }
        else if (!_aheadWaits.TryGetValue(author, out var known) || known.Missing != result.Missing)
        {
            _aheadWaits[author] = (result.Missing, now);
            _timers.Set(RoomTimer.Ahead, now + HoldingArea.ForkPatience);
        }
    }

    // It shows as long as what lies before it can still come from those who are linked, or nobody is.
    private bool ShowsAhead(AuthorId id) =>
        _state.Authors.TryGet(id, out var author)
        && author.IsBound
        && (!_replication.HasLinks || _replication.IsFetching(id) || _aheadWaits.ContainsKey(id));

    private void TellAheadLogs(Instant now)
    {
        var shown = _ahead.Authors.Where(ShowsAhead).ToHashSet();
        var isNew = shown.Except(_aheadTold).Any();
        var isGone = _aheadTold.Any(id => _ahead.Has(id) && !shown.Contains(id));
        _aheadTold.Clear();
        _aheadTold.UnionWith(shown);
        if (isNew || isGone)
        {
            TellAheadNews(now);
        }
        else if (_aheadGrew && _timers[RoomTimer.AheadNews] is null && shown.Count > 0)
        {
            _timers.Set(RoomTimer.AheadNews, now + AheadNewsInterval);
        }
    }

    private void TellAheadNews(Instant now)
    {
        _aheadGrew = false;
        _state.Emit(new RoomEvent.HistoryChanged());
        _timers.Set(RoomTimer.AheadNews, now + AheadNewsInterval);
    }

    private void HandleAheadNewsDue(Instant now)
    {
        if (_aheadGrew && _ahead.Authors.Any(ShowsAhead))
        {
            TellAheadNews(now);
        }
    }

    private IEnumerable<StoredEntry> DescendAhead(EntryPosition? before)
    {
        var logs = new PriorityQueue<IEnumerator<StoredEntry>, EntryPosition>(
            Comparer<EntryPosition>.Create((one, other) => other.CompareTo(one))
        );
        foreach (var author in _ahead.Authors.Where(ShowsAhead))
        {
            var head = _state.Authors.TryGet(author, out var log) ? log.HeadSeq : 0;
            Enqueue(
                _ahead
                    .Descend(author, before?.OrderClock)
                    .Where(entry => entry.Header.Seq > head)
                    .Select(Entry)
                    .Where(entry => before is not { } end || PositionOf(entry).CompareTo(end) < 0)
                    .GetEnumerator()
            );
        }

        while (logs.TryDequeue(out var next, out _))
        {
            yield return next.Current;
            Enqueue(next);
        }

        void Enqueue(IEnumerator<StoredEntry> entries)
        {
            if (entries.MoveNext())
            {
                logs.Enqueue(entries, PositionOf(entries.Current));
            }
        }
    }

    private static EntryPosition PositionOf(StoredEntry entry) => new(entry.OrderClock, entry.Id);

    private StoredEntry Entry(ReceivedEntry entry) =>
        new(
            entry.Header.Id,
            Id,
            entry.Header.Author,
            entry.Header.Seq,
            entry.Header.Clock,
            entry.Header.Clock,
            (byte)entry.Header.Kind,
            entry.Header.Bytes,
            entry.Payload,
            entry.Signature,
            PayloadState: entry.IsWithheld ? PayloadState.Missing : PayloadState.Held
        );

    private StoredEntry? FindAhead(EntryId id) =>
        _ahead.Find(id) is { } found
        && found.Entry.Header.Kind == EntryKind.Content
        && ShowsAhead(found.Range.Author)
            ? Entry(found.Entry)
            : null;

    // A recall is carried out on what lies ahead as well; what is left of it is a header.
    private void RecallAhead(EntryId target)
    {
        if (
            _ahead.Find(target) is { } found
            && !found.Entry.IsWithheld
            && _state.Authors.TryGet(found.Range.Author, out var of)
            && _recalls.Contains(target, of)
        )
        {
            var erased = Entry(found.Entry);
            _ahead.Withhold(found.Range, header => header.Id == target, _spreadNow);
            _state.Emit(new RoomEvent.ContentErased([erased]));
            _state.Emit(new RoomEvent.HistoryChanged());
        }
    }

    private void ExpireAhead(TimeSpan keep, Instant now, WallTime wall)
    {
        var cutoff = CutoffOf(keep, wall);
        foreach (var author in _ahead.Authors.ToArray())
        {
            foreach (var range in _ahead.RangesOf(author).Where(one => one.FirstClock < cutoff))
            {
                var due = _ahead
                    .Read(range)
                    .Entries.Where(entry => IsDue(entry.Header) && !entry.IsWithheld)
                    .Select(Entry)
                    .ToList();
                if (due.Count > 0)
                {
                    _ahead.Withhold(range, IsDue, now);
                    _state.Emit(new RoomEvent.ContentExpired(due, []));
                }
            }
        }

        bool IsDue(EntryHeader header) => header.Kind == EntryKind.Content && header.Clock < cutoff;
    }
}
