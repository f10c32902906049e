using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>One's own author in a room: a key made once for this room on this installation (crypto.md section 1).</summary>
internal sealed class OwnAuthor
{
    private const string Secret = "author";

    private OwnAuthor(ISigningKey key, Bytes32 blind, AuthorLog log)
    {
        Key = key;
        Blind = blind;
        Log = log;
    }

    /// <summary>Signs entries, statements and profile records.</summary>
    public ISigningKey Key { get; }

    /// <summary>Opens the join's commitment.</summary>
    public Bytes32 Blind { get; }

    /// <summary>How far one's own log is.</summary>
    public AuthorLog Log { get; }

    /// <summary>The author id.</summary>
    public AuthorId Id => Log.Id;

    /// <summary>
    /// The author that the store holds; null where there is none, or where its log is gone: going on with that key would give
    /// one number to two entries.
    /// </summary>
    public static OwnAuthor? Restore(RoomState room)
    {
        if (room.Store.ReadSecret(room.SecretName(Secret)) is not { Length: 2 * Bytes32.Size } stored)
        {
            return null;
        }

        var key = room.Keys.ImportSigningKey(stored.AsSpan(0, Bytes32.Size));
        return
            room.Authors.TryGet(AuthorKey.IdOf(key.PublicKey), out var log)
            && log is { HeadSeq: > 0, ForkedAt: null }
            ? new OwnAuthor(key, new Bytes32(stored.AsSpan(Bytes32.Size)), log)
            : null;
    }

    /// <summary>Makes a new author; its join has to follow.</summary>
    public static OwnAuthor Create(RoomState room)
    {
        var key = room.Keys.NewSigningKey();
        var blind = room.Entropy.Bytes(Bytes32.Size);
        room.Store.WriteSecret(room.SecretName(Secret), [.. key.ExportScalar(), .. blind]);
        var log = room.Authors.Add(AuthorKey.IdOf(key.PublicKey));
        return new OwnAuthor(key, new Bytes32(blind), log);
    }
}
