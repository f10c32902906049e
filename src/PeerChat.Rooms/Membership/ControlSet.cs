using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>All valid control entries of a private room, of every branch of every log, and who belongs by them.</summary>
internal sealed class ControlSet(RoomId room)
{
    /// <summary>
    /// Entries kept at most. A member writes a handful in a year; this is 64 for each author of a full room, and 40 MB. What
    /// comes beyond it is not taken.
    /// </summary>
    public const int MaxEntries = 65_536;

    private readonly Dictionary<EntryId, ControlRecord> _records = [];
    private RoomRoll? _roll;

    /// <summary>The records, in no particular order.</summary>
    public IReadOnlyCollection<ControlRecord> All => _records.Values;

    /// <summary>Who belongs.</summary>
    public RoomRoll Roll =>
        _roll ??= MembershipRules.Evaluate(
            room,
            _records.Values.Select(r => ControlFact.Of(r.Header)).OfType<ControlFact>()
        );

    /// <summary>Rises with each entry.</summary>
    public int Version => _records.Count;

    /// <summary>Whether the entry is here.</summary>
    public bool Contains(EntryId id) => _records.ContainsKey(id);

    /// <summary>The entry; null when it is not here.</summary>
    public ControlRecord? Find(EntryId id) => _records.GetValueOrDefault(id);

    /// <summary>Takes in an entry whose signature holds; false when it is known or there are too many.</summary>
    public bool Add(EntryHeader header, ReadOnlyMemory<byte> signature)
    {
        if (
            header.Kind == EntryKind.Content
            || _records.Count >= MaxEntries
            || !_records.TryAdd(header.Id, new ControlRecord(header, signature))
        )
        {
            return false;
        }

        _roll = null;
        return true;
    }

    /// <summary>H(L("controls") ‖ all ids, ascending): equal for equal sets.</summary>
    public Bytes32 Digest()
    {
        var ids = _records.Keys.ToArray();
        Array.Sort(ids);
        var bytes = new byte[ids.Length * Bytes32.Size];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i].Value.CopyTo(bytes.AsSpan(i * Bytes32.Size));
        }

        return Crypto.Digest.Labelled("controls", bytes);
    }

    /// <summary>The chain from an entry back to the author's first; what a cut names has to lie on it.</summary>
    public ControlRecord? LastOf(AuthorId author) =>
        _records.Values.Where(r => r.Header.Author == author).MaxBy(r => (r.Header.Seq, r.Header.Id));
}
