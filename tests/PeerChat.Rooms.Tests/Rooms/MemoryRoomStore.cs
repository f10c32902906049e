using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>A room store in memory whose transaction can be lost, as in a crash, and whose copy can be brought back later.</summary>
internal sealed class MemoryRoomStore : IRoomStore
{
    private readonly Dictionary<EntryId, StoredEntry> _entries = [];
    private readonly Dictionary<(RoomId, AuthorId), SortedList<ulong, EntryId>> _logs = [];
    private readonly Dictionary<RoomId, SortedSet<EntryPosition>> _order = [];
    private readonly Dictionary<string, byte[]> _secrets = [];
    private readonly Dictionary<(RoomId, StatementKind, AuthorId), StoredStatement> _statements = [];
    private readonly Dictionary<EntryId, List<EntryId>> _references = [];
    private readonly Dictionary<(RoomId, AuthorId, ulong), (AheadRange Range, byte[] Bytes)> _ahead = [];
    private readonly Stack<Action> _undo = new();
    private long _lastArrival;

    /// <summary>Everything there is, for a search.</summary>
    public IEnumerable<byte[]> AllBytes =>
        [
            .. _entries.Values.SelectMany(e =>
                new[] { e.Header.ToArray(), e.Payload.ToArray(), e.Signature.ToArray() }
            ),
            .. _secrets.Values,
            .. _statements.Values.Select(s => s.Bytes.ToArray()),
            .. _ahead.Values.Select(a => a.Bytes),
        ];

    public int EntryCount => _entries.Count;

    /// <summary>Ranges that are kept ahead of logs.</summary>
    public int AheadCount => _ahead.Count;

    public void Commit() => _undo.Clear();

    public void Rollback()
    {
        while (_undo.TryPop(out var undo))
        {
            undo();
        }
    }

    /// <summary>A copy of the whole disk.</summary>
    public MemoryRoomStore Copy()
    {
        var copy = new MemoryRoomStore();
        foreach (var entry in _entries.Values.OrderBy(e => e.Seq))
        {
            copy.Append(entry);
        }

        foreach (var (name, secret) in _secrets)
        {
            copy.WriteSecret(name, secret);
        }

        foreach (var ((room, kind, author), statement) in _statements)
        {
            copy.WriteStatement(room, kind, author, statement.Counter, statement.Bytes);
        }

        foreach (var (target, by) in _references.SelectMany(r => r.Value.Select(by => (r.Key, by))))
        {
            copy.AddReference(target, by);
        }

        foreach (var ((room, _, _), (range, bytes)) in _ahead)
        {
            copy.KeepAhead(room, range, bytes);
        }

        copy.Commit();
        return copy;
    }

    public long Append(StoredEntry entry)
    {
        if (_entries.TryGetValue(entry.Id, out var known))
        {
            return known.Arrival;
        }

        entry = entry with { Arrival = ++_lastArrival };
        _entries.Add(entry.Id, entry);

        var log = LogOf(entry.Room, entry.Author);
        log.Add(entry.Seq, entry.Id);
        var position = new EntryPosition(entry.OrderClock, entry.Id);
        var order = OrderOf(entry.Room);
        if (entry.Kind == 0)
        {
            order.Add(position);
        }

        _undo.Push(() =>
        {
            _entries.Remove(entry.Id);
            log.Remove(entry.Seq);
            order.Remove(position);
        });
        return entry.Arrival;
    }

    public void SetSignature(EntryId id, ReadOnlyMemory<byte> signature)
    {
        var before = _entries[id];
        _entries[id] = before with { Signature = signature };
        _undo.Push(() => _entries[id] = before);
    }

    public StoredEntry? Find(EntryId id) => _entries.GetValueOrDefault(id);

    public IReadOnlyList<StoredEntry> ReadRange(RoomId room, AuthorId author, ulong fromSeq, int maxCount)
    {
        var log = LogOf(room, author);
        var result = new List<StoredEntry>();
        // Logs have no gaps from 1 on.
        for (var i = (long)fromSeq - 1; i >= 0 && i < log.Count && result.Count < maxCount; i++)
        {
            result.Add(_entries[log.Values[(int)i]]);
        }

        return result;
    }

    public IReadOnlyList<StoredEntry> ReadControl(RoomId room) =>
        [
            .. _entries
                .Values.Where(e => e.Room == room && e.Kind != 0)
                .OrderBy(e => e.Author)
                .ThenBy(e => e.Seq),
        ];

    public IReadOnlyList<StoredEntry> ReadHeads(RoomId room) =>
        [
            .. _logs
                .Where(l => l.Key.Item1 == room && l.Value.Count > 0)
                .Select(l => _entries[l.Value.Values[^1]]),
        ];

    public IReadOnlyList<StoredEntry> ReadLatest(RoomId room, int maxCount, EntryPosition? before) =>
        [
            .. OrderOf(room)
                .Reverse()
                .SkipWhile(p => before is { } b && p.CompareTo(b) >= 0)
                .Take(maxCount)
                .Select(p => _entries[p.Id]),
        ];

    public byte[]? ReadSecret(string name) => _secrets.GetValueOrDefault(name)?.ToArray();

    public void WriteSecret(string name, ReadOnlySpan<byte> secret)
    {
        var before = _secrets.GetValueOrDefault(name);
        _secrets[name] = secret.ToArray();
        _undo.Push(() => Restore(name, before));
    }

    public void DeleteSecret(string name)
    {
        var before = _secrets.GetValueOrDefault(name);
        _secrets.Remove(name);
        _undo.Push(() => Restore(name, before));
    }

    public IReadOnlyList<StoredStatement> ReadStatements(RoomId room, StatementKind kind) =>
        [.. _statements.Where(s => s.Key.Item1 == room && s.Key.Item2 == kind).Select(s => s.Value)];

    public void WriteStatement(
        RoomId room,
        StatementKind kind,
        AuthorId author,
        ulong counter,
        ReadOnlyMemory<byte> bytes
    )
    {
        var key = (room, kind, author);
        var before = _statements.GetValueOrDefault(key);
        _statements[key] = new StoredStatement(author, counter, bytes.ToArray());
        _undo.Push(() =>
        {
            if (before is null)
            {
                _statements.Remove(key);
            }
            else
            {
                _statements[key] = before;
            }
        });
    }

    public void SetPayloadState(EntryId id, PayloadState state) =>
        Change(id, e => e with { PayloadState = state });

    public void SetPayload(EntryId id, ReadOnlyMemory<byte> payload, PayloadState state) =>
        Change(id, e => e with { Payload = payload.ToArray(), PayloadState = state });

    public IReadOnlyList<StoredEntry> ReadByState(
        RoomId room,
        PayloadState state,
        long afterArrival,
        int maxCount
    ) =>
        [
            .. _entries
                .Values.Where(e =>
                    e.Room == room && e.Kind == 0 && e.PayloadState == state && e.Arrival > afterArrival
                )
                .OrderBy(e => e.Arrival)
                .Take(maxCount),
        ];

    public IReadOnlyList<StoredEntry> ReadOldest(
        RoomId room,
        EntryPosition? after,
        ulong beforeOrderClock,
        int maxCount
    ) =>
        [
            .. OrderOf(room)
                .SkipWhile(p => after is { } a && p.CompareTo(a) <= 0)
                .TakeWhile(p => p.OrderClock < beforeOrderClock)
                .Take(maxCount)
                .Select(p => _entries[p.Id]),
        ];

    public IReadOnlySet<Bytes32> ReadEpochsInUse(RoomId room) =>
        _entries
            .Values.Where(e =>
                e.Room == room
                && e.Kind == 0
                && e.PayloadState is PayloadState.Held or PayloadState.Unopened or PayloadState.Missing
            )
            .Select(e => new Bytes32(e.Header.Span.Slice(EntryHeader.EpochOffset, Bytes32.Size)))
            .ToHashSet();

    public void AddReference(EntryId target, EntryId by)
    {
        if (!_references.TryGetValue(target, out var list))
        {
            _references.Add(target, list = []);
        }

        if (!list.Contains(by))
        {
            list.Add(by);
            _undo.Push(() => list.Remove(by));
        }
    }

    public IReadOnlyList<StoredEntry> ReadReferences(EntryId target, int maxCount) =>
        [
            .. _references
                .GetValueOrDefault(target, [])
                .Select(id => _entries[id])
                .OrderBy(e => e.Arrival)
                .Take(maxCount),
        ];

    public void KeepAhead(RoomId room, AheadRange range, ReadOnlyMemory<byte> bytes)
    {
        var key = (room, range.Author, range.First);
        DropAhead(room, range.Author, range.First);
        _ahead[key] = (range, bytes.ToArray());
        _undo.Push(() => _ahead.Remove(key));
    }

    public IReadOnlyList<AheadRange> ListAhead(RoomId room) =>
        [.. _ahead.Where(a => a.Key.Item1 == room).Select(a => a.Value.Range)];

    public byte[]? ReadAhead(RoomId room, AuthorId author, ulong first) =>
        _ahead.TryGetValue((room, author, first), out var found) ? found.Bytes : null;

    public void DropAhead(RoomId room, AuthorId author, ulong first)
    {
        if (_ahead.Remove((room, author, first), out var gone))
        {
            _undo.Push(() => _ahead[(room, author, first)] = gone);
        }
    }

    private void Change(EntryId id, Func<StoredEntry, StoredEntry> change)
    {
        var before = _entries[id];
        _entries[id] = change(before);
        _undo.Push(() => _entries[id] = before);
    }

    private void Restore(string name, byte[]? secret)
    {
        if (secret is null)
        {
            _secrets.Remove(name);
        }
        else
        {
            _secrets[name] = secret;
        }
    }

    private SortedList<ulong, EntryId> LogOf(RoomId room, AuthorId author)
    {
        if (!_logs.TryGetValue((room, author), out var log))
        {
            _logs.Add((room, author), log = []);
        }

        return log;
    }

    private SortedSet<EntryPosition> OrderOf(RoomId room)
    {
        if (!_order.TryGetValue(room, out var order))
        {
            _order.Add(room, order = []);
        }

        return order;
    }
}
