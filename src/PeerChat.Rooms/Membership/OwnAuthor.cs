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
            && log.ForkedAt is null
            && (log.HeadSeq > 0 || room.Controls is not null) // in a private room a new author waits for its admission
            ? new OwnAuthor(key, new Bytes32(stored.AsSpan(Bytes32.Size)), log)
            : null;
    }

    /// <summary>Makes a new author; its join has to follow.</summary>
    public static OwnAuthor Create(RoomState room) =>
        Keep(room, room.Keys.NewSigningKey(), new Bytes32(room.Entropy.Bytes(Bytes32.Size)));

    /// <summary>Gives the author up; the next opening of the room makes another.</summary>
    public static void Forget(RoomState room) => room.Store.DeleteSecret(room.SecretName(Secret));

    /// <summary>Keeps a new author's key; its first entry has to follow.</summary>
    public static OwnAuthor Keep(RoomState room, ISigningKey key, Bytes32 blind)
    {
        room.Store.WriteSecret(room.SecretName(Secret), [.. key.ExportScalar(), .. blind.ToArray()]);
        return new OwnAuthor(key, blind, room.Authors.Add(AuthorKey.IdOf(key.PublicKey)));
    }
}
