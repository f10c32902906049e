using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Keys of single messages from before one's admission, where the room's policy gives no epoch secret (crypto.md section 5).</summary>
internal sealed class EntryKeys
{
    private const int ItemSize = 2 * Bytes32.Size;
    private const string Secret = "entry-keys";

    private readonly RoomState _room;
    private readonly Dictionary<EntryId, byte[]> _keys = [];

    private EntryKeys(RoomState room) => _room = room;

    /// <summary>Whether an answer has come, if only that there is nothing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Opens the keys of a room.</summary>
    public static EntryKeys Open(RoomState room)
    {
        var keys = new EntryKeys(room);
        if (room.Store.ReadSecret(room.SecretName(Secret)) is { Length: > 0 } stored)
        {
            keys.IsComplete = stored[0] == 1;
            for (var at = 1; at + ItemSize <= stored.Length; at += ItemSize)
            {
                keys._keys[new EntryId(new Bytes32(stored.AsSpan(at, Bytes32.Size)))] = stored
                    .AsSpan(at + Bytes32.Size, Bytes32.Size)
                    .ToArray();
            }
        }

        return keys;
    }

    /// <summary>The key of an entry.</summary>
    public bool TryGet(EntryId entry, [NotNullWhen(true)] out byte[]? key) =>
        _keys.TryGetValue(entry, out key);

    /// <summary>Keeps keys that were handed over; more than a policy can give are not kept.</summary>
    public void Add(IEnumerable<(EntryId Entry, ReadOnlyMemory<byte> Key)> keys, bool isLast)
    {
        foreach (var (entry, key) in keys)
        {
            if (_keys.Count < HistoryPolicy.MaxMessages)
            {
                _keys.TryAdd(entry, key.ToArray());
            }
        }

        IsComplete |= isLast;
        Save();
    }

    /// <summary>Forgets the keys of entries whose content is gone.</summary>
    public void Forget(IEnumerable<EntryId> entries)
    {
        var before = _keys.Count;
        foreach (var entry in entries)
        {
            _keys.Remove(entry);
        }

        if (_keys.Count < before)
        {
            Save();
        }
    }

    private void Save()
    {
        var bytes = new byte[1 + (_keys.Count * ItemSize)];
        bytes[0] = IsComplete ? (byte)1 : (byte)0;
        var writer = new SpanWriter(bytes.AsSpan(1));
        foreach (var (entry, key) in _keys)
        {
            entry.Value.CopyTo(writer.Advance(Bytes32.Size));
            writer.WriteBytes(key);
        }

        _room.Store.WriteSecret(_room.SecretName(Secret), bytes);
    }
}
