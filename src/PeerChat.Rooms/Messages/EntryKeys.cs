using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>
/// Keys of single messages that no epoch secret opens that was given to one: from before one's admission, as far as the room's policy goes
/// (crypto.md section 5), and from after it where the author had not heard of it.
/// </summary>
internal sealed class EntryKeys
{
    /// <summary>
    /// Messages whose key is looked for. Each is asked for over each link once, and a member that floods a room with what nobody can open
    /// makes no more of it; as many as a policy can give.
    /// </summary>
    public const int MaxWanted = HistoryPolicy.MaxMessages;

    /// <summary>Keys kept: those of a policy, and as many from after the admission.</summary>
    public const int MaxKept = HistoryPolicy.MaxMessages + MaxWanted;

    private const int ItemSize = 2 * Bytes32.Size;
    private const string Secret = "entry-keys";
    private const string WantedSecret = "wanted-keys";

    private readonly RoomState _room;
    private readonly Dictionary<EntryId, byte[]> _keys = [];
    private readonly Dictionary<EntryId, SeqOf> _wanted = [];
    private readonly HashSet<EntryId> _awaited = [];
    private bool _keysChanged;
    private bool _wantedChanged;

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

        if (room.Store.ReadSecret(room.SecretName(WantedSecret)) is { } wanted)
        {
            for (var at = 0; at + Bytes32.Size <= wanted.Length; at += Bytes32.Size)
            {
                if (room.Store.Find(new EntryId(new Bytes32(wanted.AsSpan(at, Bytes32.Size)))) is { } entry)
                {
                    keys._wanted[entry.Id] = new SeqOf(entry.Author, entry.Seq);
                }
            }
        }

        return keys;
    }

    /// <summary>Entries whose key is looked for, and where in which log they are.</summary>
    public IReadOnlyDictionary<EntryId, SeqOf> Wanted => _wanted;

    /// <summary>Those of them that are not shown yet, since somebody may have the key.</summary>
    public IReadOnlySet<EntryId> Awaited => _awaited;

    /// <summary>Looks for the key of an entry that has just come; it is not shown before <see cref="Show"/>.</summary>
    public void Want(StoredEntry entry)
    {
        if (_wanted.Count < MaxWanted && _wanted.TryAdd(entry.Id, new SeqOf(entry.Author, entry.Seq)))
        {
            _awaited.Add(entry.Id);
            SaveWanted();
        }
    }

    /// <summary>The entry is shown from now on; false where it was already.</summary>
    public bool Show(EntryId entry) => _awaited.Remove(entry);

    /// <summary>Looks no longer for the key of an entry: it can be read. <see cref="SaveChanges"/> keeps it.</summary>
    public void NoLongerWant(EntryId entry) => _wantedChanged |= _wanted.Remove(entry);

    /// <summary>Keeps what changed, once for all entries of a page: all of it is written each time.</summary>
    public void SaveChanges()
    {
        if (_keysChanged)
        {
            _keysChanged = false;
            Save();
        }

        if (_wantedChanged)
        {
            _wantedChanged = false;
            SaveWanted();
        }
    }

    /// <summary>The key of an entry.</summary>
    public bool TryGet(EntryId entry, [NotNullWhen(true)] out byte[]? key) =>
        _keys.TryGetValue(entry, out key);

    /// <summary>Keeps keys from before the admission that were handed over; more than a policy can give are not kept.</summary>
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

    /// <summary>Takes a key that was looked for and opens its entry. <see cref="SaveChanges"/> keeps it.</summary>
    public void Add(EntryId entry, ReadOnlySpan<byte> key)
    {
        if (_keys.Count < MaxKept)
        {
            _keys[entry] = key.ToArray();
            _keysChanged = true;
        }
    }

    /// <summary>Forgets the keys of entries whose content is gone.</summary>
    public void Forget(IEnumerable<EntryId> entries)
    {
        foreach (var entry in entries)
        {
            _keysChanged |= _keys.Remove(entry);
            _wantedChanged |= _wanted.Remove(entry);
            _awaited.Remove(entry);
        }

        SaveChanges();
    }

    private void SaveWanted()
    {
        var bytes = new byte[_wanted.Count * Bytes32.Size];
        var writer = new SpanWriter(bytes);
        foreach (var entry in _wanted.Keys)
        {
            entry.Value.CopyTo(writer.Advance(Bytes32.Size));
        }

        _room.Store.WriteSecret(_room.SecretName(WantedSecret), bytes);
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
