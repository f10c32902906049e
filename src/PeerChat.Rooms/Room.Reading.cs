using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <content>Messages to read: those in the store, and the newest of a long history that is still coming.</content>
public sealed partial class Room
{
    /// <summary>Messages before a position, or the newest, oldest first.</summary>
    /// <remarks>
    /// Of a history that is being caught up with, the newest page is among them before the rest: its signature holds, but it is not kept
    /// yet, so it has no arrival, is stated to nobody and may come once more.
    /// </remarks>
    public IReadOnlyList<RoomMessage> ReadLatest(int count, EntryPosition? before)
    {
        var ahead = Ahead(before).Take(count).ToList();
        var messages = new List<RoomMessage>(count);
        var position = before;
        while (messages.Count < count)
        {
            var page = _state.Store.ReadLatest(Id, count - messages.Count, position);
            if (page.Count == 0)
            {
                break;
            }

            messages.AddRange(
                page.Where(entry => entry.PayloadState != PayloadState.Expired)
                    .Select(_messages.Read)
                    .OfType<RoomMessage>()
            );
            position = new EntryPosition(page[^1].OrderClock, page[^1].Id);
            if (IsTooOld(page[^1]))
            {
                break; // nothing older has content
            }
        }

        if (ahead.Count > 0)
        {
            messages = [.. messages.Concat(ahead).OrderByDescending(m => m.Position).Take(count)];
        }

        messages.Reverse();
        return messages;
    }

    /// <summary>Messages after a position, or from the first on, oldest first; the position moves on. Null at the end.</summary>
    public IReadOnlyList<RoomMessage>? ReadOldest(int count, ref EntryPosition? after)
    {
        var page = _state.Store.ReadOldest(Id, after, ulong.MaxValue, count);
        if (page.Count == 0)
        {
            return null;
        }

        after = new EntryPosition(page[^1].OrderClock, page[^1].Id);
        return
        [
            .. page.Where(entry => entry.PayloadState != PayloadState.Expired)
                .Select(_messages.Read)
                .OfType<RoomMessage>(),
        ];
    }

    /// <summary>The message of an entry; null when there is none or it does not count.</summary>
    public RoomMessage? Find(EntryId id) =>
        _state.Store.Find(id) is { } entry ? Read(entry)
        : (HeldAhead().FirstOrDefault(one => one.Id == id) ?? FindAhead(id)) is { } ahead
            ? _messages.Read(ahead)
        : null;

    /// <summary>The message that was written just now; the same as <see cref="Find"/>, without reading it back.</summary>
    public RoomMessage? FindWritten(EntryId id) => _addedLast?.Id == id ? _addedLast : Find(id);

    /// <summary>The message of an entry that the host has read from the store; null when it is of another room or does not count.</summary>
    public RoomMessage? Read(StoredEntry entry) => entry.Room == Id ? _messages.Read(entry) : null;

    // Both run newest first, and are read no further than they are wanted.
    private IEnumerable<RoomMessage> Ahead(EntryPosition? before) =>
        Merge(
                HeldAhead()
                    .Where(entry => before is not { } end || PositionOf(entry).CompareTo(end) < 0)
                    .OrderByDescending(PositionOf),
                DescendAhead(before)
            )
            .Select(_messages.Read)
            .Where(message => message is { Content: not RoomMessageContent.Unreadable })
            .Select(message => message!);

    private static IEnumerable<StoredEntry> Merge(
        IEnumerable<StoredEntry> one,
        IEnumerable<StoredEntry> other
    )
    {
        using var left = one.GetEnumerator();
        using var right = other.GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var isLeft =
                !hasRight || (hasLeft && PositionOf(left.Current).CompareTo(PositionOf(right.Current)) >= 0);
            yield return isLeft ? left.Current : right.Current;
            (hasLeft, hasRight) = isLeft ? (left.MoveNext(), hasRight) : (hasLeft, right.MoveNext());
        }
    }

    // Ranges that wait for what lies before them in their log have passed everything else: they hang together, and the author signed.
    private IEnumerable<StoredEntry> HeldAhead() =>
        _held
            .All.Where(IsAhead)
            .SelectMany(held => held.Range.Entries)
            .Where(entry => entry.Header.Kind == EntryKind.Content)
            .DistinctBy(entry => entry.Header.Id)
            .Select(Entry);

    private bool IsAhead(HeldRange held) =>
        held.Outcome == IntakeOutcome.Gap
        && _replication.IsFetching(held.Range.Author)
        && _state.Authors.TryGet(held.Range.Author, out var author)
        && author.IsBound
        && held.Range.First.Seq > author.HeadSeq
        && (author.ForkedAt is not { } fork || held.Range.Last.Seq < fork);

    // The newest page of a log; what comes in parts behind it is told when it is kept. It shows as long as what lies before it is on its
    // way: whoever withholds that could otherwise have one member show what no other has.
    private void TellAhead(Instant now)
    {
        var isNews = false;
        foreach (var held in _held.All.Where(one => one.Outcome == IntakeOutcome.Gap).ToArray())
        {
            if (IsAhead(held) != held.IsTold)
            {
                isNews |= held.IsTold || _replication.IsNewest(held.Range.Author, held.Range.Last.Seq);
                _held.Replace(held, held with { IsTold = !held.IsTold });
            }
        }

        TellAheadLogs(now);
        if (isNews)
        {
            _state.Emit(new RoomEvent.HistoryChanged());
        }
    }
}
