using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>Takes control entries of a private room in one by one, verified, whichever branch they lie on (crypto.md section 3).</summary>
internal sealed class ControlIntake(ControlSet set)
{
    /// <summary>Entries whose author is not known yet that are held. They come in the order of their clocks, so few do. A guess.</summary>
    public const int MaxHeld = 256;

    private readonly Queue<EntryId> _fresh = new();
    private readonly List<ControlRecord> _held = [];

    /// <summary>What is here.</summary>
    public ControlSet Set => set;

    /// <summary>What came since it was last asked.</summary>
    public bool TryTakeFresh(out EntryId id) => _fresh.TryDequeue(out id);

    /// <summary>Takes in an entry that its author's log has taken in.</summary>
    public void TakeOwnLog(EntryHeader header, ReadOnlyMemory<byte> signature)
    {
        if (set.Add(header, signature))
        {
            _fresh.Enqueue(header.Id);
        }
    }

    /// <summary>Takes up what the store holds; it was verified before.</summary>
    public void Restore(RoomState room, IEnumerable<(EntryHeader Header, ReadOnlyMemory<byte> Signature)> log)
    {
        foreach (var (header, signature) in log)
        {
            set.Add(header, signature);
        }

        foreach (var stored in room.Store.ReadStatements(room.Id, StatementKind.Control))
        {
            if (EntryHeader.TryParse(stored.Bytes.Span[P256.SignatureSize..], out var header))
            {
                set.Add(header, stored.Bytes[..P256.SignatureSize]);
                room.NoteClock(header.Clock);
                NoteAuthor(room, header);
            }
        }
    }

    /// <summary>Takes in an entry from a link; not malformed is also what was held or let go.</summary>
    /// <returns>Why the sender is to blame; null when it is not.</returns>
    public PeerMisbehaviour? Take(
        RoomState room,
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> signature,
        WallTime now
    )
    {
        if (
            !EntryHeader.TryParse(header, out var parsed)
            || parsed.Kind == EntryKind.Content
            || signature.Length != P256.SignatureSize
            || !ControlBytes.AreWellFormed(parsed)
        )
        {
            return PeerMisbehaviour.MalformedEntry;
        }

        if (parsed.OwnRoom != room.Id)
        {
            return PeerMisbehaviour.ForeignRoom;
        }

        var record = new ControlRecord(parsed, signature.ToArray());
        if (set.Contains(parsed.Id))
        {
            return null;
        }

        if (Judge(room, record, now) is { } isGood)
        {
            return isGood ? TakeHeld(room, now) : PeerMisbehaviour.BadSignature;
        }

        _held.Add(record);
        if (_held.Count > MaxHeld)
        {
            _held.RemoveAt(0);
        }

        return null;
    }

    // Null while nothing can be said: no admission of the author is known, or its clock is ahead.
    private bool? Judge(RoomState room, ControlRecord record, WallTime now)
    {
        var header = record.Header;
        var key = KeyOf(room, header);
        if (key.IsEmpty || HybridClock.IsTooFarAhead(header.Clock, now))
        {
            return null;
        }

        if (!AuthorKey.VerifyEntry(key.Span, header.Id, record.Signature.Span))
        {
            return false;
        }

        if (set.Add(header, record.Signature))
        {
            _fresh.Enqueue(header.Id);
            NoteAuthor(room, header);
            room.NoteClock(header.Clock);
            room.Store.WriteStatement(
                room.Id,
                StatementKind.Control,
                new AuthorId(header.Id.Value),
                header.Seq,
                (byte[])[.. record.Signature.Span, .. header.Bytes.Span]
            );
        }

        return true;
    }

    private ReadOnlyMemory<byte> KeyOf(RoomState room, EntryHeader header)
    {
        if (room.Authors.TryGet(header.Author, out var author) && !author.Key.IsEmpty)
        {
            return author.Key;
        }

        // Only who was admitted by an entry that is here: keys and joins alone cost nothing to make.
        return header.Kind switch
        {
            EntryKind.Genesis when GenesisControl.TryParse(header.Control.Span, out var genesis) =>
                genesis.Key,
            EntryKind.Join
                when JoinControl.TryParse(header.Control.Span, out var join)
                    && set.Find(join.Add) is { } add
                    && ControlFact.Of(add.Header)?.Target == header.Author => join.Key,
            _ => default,
        };
    }

    private PeerMisbehaviour? TakeHeld(RoomState room, WallTime now)
    {
        for (var i = 0; i < _held.Count; i++)
        {
            if (Judge(room, _held[i], now) is not null)
            {
                _held.RemoveAt(i); // with a bad signature nobody can be blamed any more
                i = -1;
            }
        }

        return null;
    }

    private static void NoteAuthor(RoomState room, EntryHeader header) =>
        room.Authors.GetOrAdd(header.Author)?.ApplyKeys(header);
}
