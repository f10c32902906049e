using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Sync;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Log;

/// <summary>
/// The newer ends of logs whose older part is still to come: verified ranges on the disk, none of which is an entry of the room yet
/// (docs/decisions/0125).
/// </summary>
internal sealed class AheadLog(RoomState room)
{
    /// <summary>Ranges that are held decoded: one for each log of a small room, at 128 KiB or a little more each.</summary>
    public const int MaxDecoded = 32;

    /// <summary>
    /// Bytes that wait in memory to be kept: most histories are whole before that much has come, and then nothing is written twice. A guess.
    /// </summary>
    public const long MaxUnsaved = 32 * 1024 * 1024;

    /// <summary>How long a range waits at most: what a crash can have asked for again. A guess.</summary>
    public static readonly TimeSpan MaxUnsavedAge = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<AuthorId, SortedList<ulong, AheadRange>> _logs = [];
    private readonly Dictionary<(AuthorId Author, ulong First), ReceivedRange> _unsaved = [];
    private readonly Queue<(AheadRange Range, Instant Since)> _toSave = new();
    private long _unsavedBytes;
    private readonly List<(AheadRange Of, ReceivedRange Range)> _decoded = []; // the one used last at the end
    private readonly Dictionary<(AuthorId Author, ulong First), int> _links = [];

    /// <summary>The authors of whom something is here.</summary>
    public IReadOnlyCollection<AuthorId> Authors => _logs.Keys;

    /// <summary>Takes up what the store has.</summary>
    public void Restore()
    {
        foreach (var range in room.Store.ListAhead(room.Id))
        {
            LogOf(range.Author)[range.First] = range;
        }
    }

    /// <summary>Whether anything of a log is here.</summary>
    public bool Has(AuthorId author) => _logs.ContainsKey(author);

    /// <summary>The ranges of a log, oldest first.</summary>
    public IReadOnlyList<AheadRange> RangesOf(AuthorId author) =>
        _logs.TryGetValue(author, out var log) ? [.. log.Values] : [];

    /// <summary>Bytes and entries of the authors that are meant.</summary>
    public (long Bytes, long Entries) SumOf(Func<AuthorId, bool> isMeant)
    {
        var (bytes, entries) = (0L, 0L);
        foreach (var (author, log) in _logs)
        {
            foreach (var range in isMeant(author) ? log.Values : [])
            {
                bytes += range.Size;
                entries += range.Count;
            }
        }

        return (bytes, entries);
    }

    /// <summary>When the next range that waits in memory is to be kept; null when none does.</summary>
    public Instant? SaveAt => _toSave.TryPeek(out var oldest) ? oldest.Since + MaxUnsavedAge : null;

    /// <summary>Keeps what has waited long enough in memory, or is too much of it.</summary>
    public void Save(Instant now)
    {
        while (
            _toSave.TryPeek(out var oldest)
            && (_unsavedBytes > MaxUnsaved || oldest.Since + MaxUnsavedAge <= now)
        )
        {
            SaveOldest();
        }
    }

    /// <summary>Keeps all that waits in memory: whoever sends it is gone.</summary>
    public void SaveAll()
    {
        while (_toSave.Count > 0)
        {
            SaveOldest();
        }
    }

    /// <summary>Takes in a verified range, to be kept; one that says nothing new does nothing.</summary>
    public void Add(ReceivedRange range, int link, Instant now)
    {
        if (_logs.TryGetValue(range.Author, out var known) && Covers(known, range.First.Seq, range.Last.Seq))
        {
            return;
        }

        range.Trust();
        var ahead = Describe(range);
        if (_logs.TryGetValue(range.Author, out var log) && log.TryGetValue(ahead.First, out var shorter))
        {
            Remove(shorter);
        }

        LogOf(range.Author)[ahead.First] = ahead;
        _links[KeyOf(ahead)] = link;
        _unsaved[KeyOf(ahead)] = range;
        _toSave.Enqueue((ahead, now));
        _unsavedBytes += ahead.Size;
    }

    /// <summary>Who sent a range; null where that was before the program started.</summary>
    public int? LinkOf(AheadRange range) => _links.TryGetValue(KeyOf(range), out var link) ? link : null;

    /// <summary>Lets a range go.</summary>
    public void Remove(AheadRange range)
    {
        if (_logs.TryGetValue(range.Author, out var log) && log.Remove(range.First))
        {
            Forget(range);
            _links.Remove(KeyOf(range));
            if (_unsaved.Remove(KeyOf(range)))
            {
                _unsavedBytes -= range.Size;
            }
            else
            {
                room.Store.DropAhead(room.Id, range.Author, range.First);
            }

            if (log.Count == 0)
            {
                _logs.Remove(range.Author);
            }
        }
    }

    /// <summary>Lets all of a log go that begins at a seq or behind it.</summary>
    public void Drop(AuthorId author, ulong from)
    {
        foreach (var range in RangesOf(author).Where(one => one.First >= from))
        {
            Remove(range);
        }
    }

    /// <summary>The first range of a log; null when nothing of it is here.</summary>
    public AheadRange? Lowest(AuthorId author) =>
        _logs.TryGetValue(author, out var log) ? log.GetValueAtIndex(0) : null;

    /// <summary>The entries of a range.</summary>
    public ReceivedRange Read(AheadRange range)
    {
        if (_unsaved.TryGetValue(KeyOf(range), out var unsaved))
        {
            return unsaved;
        }

        var at = _decoded.FindIndex(one => one.Of == range);
        if (at >= 0)
        {
            var found = _decoded[at];
            _decoded.RemoveAt(at);
            _decoded.Add(found);
            return found.Range;
        }

        if (
            room.Store.ReadAhead(room.Id, range.Author, range.First) is not { } bytes
            || !ReceivedRange.TryParse(Wire.EntryRange.Parser.ParseFrom(bytes), room.Id, out var read, out _)
        )
        {
            throw new InvalidOperationException("The store does not hold what was kept ahead of a log.");
        }

        read.Trust();
        Remember(range, read);
        return read;
    }

    /// <summary>The id that the entry of a log at a seq has here: a range holds it, or names it before its first; null where none does.</summary>
    public EntryId? IdAt(AuthorId author, ulong seq)
    {
        if (!_logs.TryGetValue(author, out var log))
        {
            return null;
        }

        if (seq < ulong.MaxValue && log.TryGetValue(seq + 1, out var behind))
        {
            return behind.Previous;
        }

        // Ranges overlap, so that one that begins earlier may reach further.
        var at = IndexAt(log, seq);
        while (at >= 0 && log.GetValueAtIndex(at).Last < seq)
        {
            at--;
        }

        return at >= 0 ? Read(log.GetValueAtIndex(at)).IdAt(seq) : null;
    }

    /// <summary>The first entries here of a log that reach to a seq or beyond it; null when nothing does.</summary>
    public SeqRange? NextFrom(AuthorId author, ulong from)
    {
        if (!_logs.TryGetValue(author, out var log))
        {
            return null;
        }

        var at = Math.Max(0, IndexAt(log, from));
        while (at < log.Count && log.GetValueAtIndex(at).Last < from)
        {
            at++;
        }

        return at < log.Count ? SpanOf(log.GetValueAtIndex(at)) : null;
    }

    /// <summary>The range of a log that begins last at or before a seq; null when there is none.</summary>
    public SeqRange? LastUpTo(AuthorId author, ulong seq) =>
        _logs.TryGetValue(author, out var log) && IndexAt(log, seq) is >= 0 and var at
            ? SpanOf(log.GetValueAtIndex(at))
            : null;

    /// <summary>An entry by its id, with the range it lies in.</summary>
    public (AheadRange Range, ReceivedEntry Entry)? Find(EntryId id)
    {
        var wanted = id.Value.ToArray().AsSpan(0, AheadRange.IdSize);
        foreach (var log in _logs.Values)
        {
            foreach (var range in log.Values)
            {
                for (var at = 0; at < range.Ids.Length; at += AheadRange.IdSize)
                {
                    if (range.Ids.Span.Slice(at, AheadRange.IdSize).SequenceEqual(wanted))
                    {
                        var entry = Read(range).Entries[at / AheadRange.IdSize];
                        if (entry.Header.Id == id)
                        {
                            return (range, entry);
                        }
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Content of a log, newest first, from before a clock on; null for all.</summary>
    public IEnumerable<ReceivedEntry> Descend(AuthorId author, ulong? before)
    {
        foreach (
            var range in RangesOf(author).Reverse().Where(one => before is null || one.FirstClock <= before)
        )
        {
            foreach (var entry in Read(range).Entries.Reverse())
            {
                if (entry.Header.Kind == EntryKind.Content)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>Deletes the payloads of some content; the headers stay, so that the log can still be verified.</summary>
    public void Withhold(AheadRange range, Func<EntryHeader, bool> isUnwanted, Instant now)
    {
        var link = LinkOf(range);
        var rest = Read(range).Without(isUnwanted);
        Remove(range);
        Add(rest, link ?? 0, now);
    }

    private static AheadRange Describe(ReceivedRange range)
    {
        var ids = new byte[range.Entries.Count * AheadRange.IdSize];
        for (var i = 0; i < range.Entries.Count; i++)
        {
            range
                .Entries[i]
                .Header.Id.Value.ToArray()
                .AsSpan(0, AheadRange.IdSize)
                .CopyTo(ids.AsSpan(i * AheadRange.IdSize));
        }

        return new AheadRange(
            range.Author,
            range.First.Seq,
            range.Last.Seq,
            range.First.Previous,
            range.First.Clock,
            range.Last.Clock,
            range.Size,
            range.Entries.Any(entry => entry.Header.Kind != EntryKind.Content),
            ids
        );
    }

    // What was taken out, or in anew, meanwhile stands in the queue still.
    private void SaveOldest()
    {
        var (range, _) = _toSave.Dequeue();
        if (
            _logs.TryGetValue(range.Author, out var log)
            && log.TryGetValue(range.First, out var current)
            && ReferenceEquals(current, range)
            && _unsaved.Remove(KeyOf(range), out var entries)
        )
        {
            _unsavedBytes -= range.Size;
            room.Store.KeepAhead(room.Id, range, entries.ToWire().ToByteArray());
            Remember(range, entries);
        }
    }

    private static (AuthorId Author, ulong First) KeyOf(AheadRange range) => (range.Author, range.First);

    private static SeqRange SpanOf(AheadRange range) => new(range.First, range.Last);

    private static bool Covers(SortedList<ulong, AheadRange> log, ulong from, ulong to)
    {
        for (
            var at = IndexAt(log, from);
            at >= 0 && at < log.Count && log.GetValueAtIndex(at).First <= from;
            at++
        )
        {
            var last = log.GetValueAtIndex(at).Last;
            if (last >= to)
            {
                return true;
            }

            from = Math.Max(from, last + 1);
        }

        return false;
    }

    // Where the last range lies that begins at or before a seq; -1 where none does.
    private static int IndexAt(SortedList<ulong, AheadRange> log, ulong seq)
    {
        var (low, high) = (0, log.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (low, high) = log.GetKeyAtIndex(middle) <= seq ? (middle + 1, high) : (low, middle - 1);
        }

        return high;
    }

    private SortedList<ulong, AheadRange> LogOf(AuthorId author)
    {
        if (!_logs.TryGetValue(author, out var log))
        {
            _logs.Add(author, log = []);
        }

        return log;
    }

    private void Remember(AheadRange of, ReceivedRange range)
    {
        _decoded.Add((of, range));
        if (_decoded.Count > MaxDecoded)
        {
            _decoded.RemoveAt(0);
        }
    }

    private void Forget(AheadRange range) =>
        _decoded.RemoveAll(one => one.Of.Author == range.Author && one.Of.First == range.First);
}
