using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Epochs;

/// <summary>One's own leaf keys: the one that others wrap to, and older ones until 30 days after their replacement (crypto.md section 5).</summary>
internal sealed class LeafKeys
{
    /// <summary>How long a replaced key can still open what was wrapped to it (crypto.md section 5).</summary>
    public static readonly TimeSpan KeptAfter = TimeSpan.FromDays(30);

    /// <summary>
    /// Keys kept at once. One a week gives five; epochs that a removal or a new device forced come on top. A guess: beyond it the
    /// oldest goes early.
    /// </summary>
    public const int MaxKeys = 64;

    /// <summary>
    /// The youngest age at which a key is replaced for retention's sake: each replacement is an entry in everybody's log. A guess.
    /// </summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromHours(12);

    private const int ItemSize = Bytes32.Size + sizeof(long);

    private readonly RoomState _room;
    private TimeSpan _kept = KeptAfter;
    private readonly List<(IAgreementKey Key, long RetiredAt)> _keys = []; // the current one last, retired at 0

    private LeafKeys(RoomState room) => _room = room;

    /// <summary>The epoch in which the current key was first used to write; zeros before the first.</summary>
    public Bytes32 Epoch { get; private set; }

    /// <summary>Opens the keys of a room; none where the room is new.</summary>
    public static LeafKeys Open(RoomState room)
    {
        var leaves = new LeafKeys(room);
        if (room.Store.ReadSecret(room.SecretName("leaf")) is { Length: >= Bytes32.Size } stored)
        {
            leaves.Epoch = new Bytes32(stored.AsSpan(0, Bytes32.Size));
            for (var at = Bytes32.Size; at + ItemSize <= stored.Length; at += ItemSize)
            {
                var key = room.Keys.ImportAgreementKey(stored.AsSpan(at, Bytes32.Size));
                var retired = BinaryPrimitives.ReadInt64BigEndian(stored.AsSpan(at + Bytes32.Size));
                leaves._keys.Add((key, retired));
            }
        }

        return leaves;
    }

    /// <summary>Keeps the first key of a room that is just being made.</summary>
    public static void Keep(RoomState room, IAgreementKey key)
    {
        var leaves = new LeafKeys(room);
        leaves._keys.Add((key, 0));
        leaves.Save();
    }

    /// <summary>Whether the private part of a leaf is here.</summary>
    public bool Holds(ReadOnlySpan<byte> leaf)
    {
        foreach (var (key, _) in _keys)
        {
            if (key.PublicKey.Span.SequenceEqual(leaf))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes a new current key; the one before is kept for a while. Returns the public part.</summary>
    public ReadOnlyMemory<byte> Renew(Bytes32 epoch, WallTime now)
    {
        if (_keys.Count > 0)
        {
            _keys[^1] = (_keys[^1].Key, now.UnixMilliseconds);
        }

        var key = _room.Keys.NewAgreementKey();
        _keys.Add((key, 0));
        Epoch = epoch;
        Prune(now);
        Save();
        return key.PublicKey;
    }

    /// <summary>Says in which epoch the current key is used.</summary>
    public void UseIn(Bytes32 epoch)
    {
        Epoch = epoch;
        Save();
    }

    /// <summary>
    /// How old a key may become, in use and again after its replacement, where content is kept for a time: both together are over before the
    /// content that was wrapped to it is.
    /// </summary>
    public static TimeSpan AgeUnder(TimeSpan retention) =>
        retention / 2 > KeptAfter ? KeptAfter
        : retention / 2 < MinAge ? MinAge
        : retention / 2;

    /// <summary>Keeps replaced keys for so long from now on.</summary>
    public void KeepFor(TimeSpan age, WallTime now)
    {
        _kept = age;
        Forget(now);
    }

    /// <summary>Deletes keys whose time is over.</summary>
    public void Forget(WallTime now)
    {
        if (Prune(now))
        {
            Save();
        }
    }

    /// <summary>Opens a wrap with whichever key it was made for; null if that is gone.</summary>
    public byte[]? TryOpen(SecretWrap wrap, Identity.AuthorId sender, ulong senderSeq)
    {
        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            if (wrap.Open(_keys[i].Key, _room.Id, sender, senderSeq) is { } secrets)
            {
                return secrets;
            }
        }

        return null;
    }

    private bool Prune(WallTime now)
    {
        var oldest = (now + -_kept).UnixMilliseconds;
        var count = _keys.RemoveAll(k => k.RetiredAt != 0 && k.RetiredAt < oldest);
        var excess = Math.Max(0, _keys.Count - MaxKeys);
        _keys.RemoveRange(0, excess);
        return count + excess > 0;
    }

    private void Save()
    {
        var bytes = new byte[Bytes32.Size + (_keys.Count * ItemSize)];
        var writer = new SpanWriter(bytes);
        Epoch.CopyTo(writer.Advance(Bytes32.Size));
        foreach (var (key, retired) in _keys)
        {
            writer.WriteBytes(key.ExportScalar());
            writer.WriteUInt64(unchecked((ulong)retired));
        }

        _room.Store.WriteSecret(_room.SecretName("leaf"), bytes);
    }
}
