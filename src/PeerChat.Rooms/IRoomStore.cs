using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>Where rooms keep what must survive: entries, secrets and statements.</summary>
/// <remarks>
/// Synchronous. Writes join the host's open transaction and are visible to reads at once; the host commits before any frame
/// leaves. When a transaction is rolled back the room object that wrote in it is thrown away and opened again.
/// </remarks>
public interface IRoomStore : IMessageStore, IAheadStore
{
    /// <summary>Keeps an entry. Ids are unique: appending a known id does nothing.</summary>
    /// <returns>Its arrival: a number greater than that of every entry kept before it, from 1; in all rooms of the store.</returns>
    long Append(StoredEntry entry);

    /// <summary>Adds the signature of a stored entry that came without one.</summary>
    void SetSignature(EntryId id, ReadOnlyMemory<byte> signature);

    /// <summary>The entry with this id, or null.</summary>
    StoredEntry? Find(EntryId id);

    /// <summary>Entries of one author, ascending by seq, from <paramref name="fromSeq"/> on.</summary>
    IReadOnlyList<StoredEntry> ReadRange(RoomId room, AuthorId author, ulong fromSeq, int maxCount);

    /// <summary>All entries whose kind is not 0, ordered by author and seq.</summary>
    IReadOnlyList<StoredEntry> ReadControl(RoomId room);

    /// <summary>The last entry of each author.</summary>
    IReadOnlyList<StoredEntry> ReadHeads(RoomId room);

    /// <summary>Content entries (kind 0), newest first by (order clock, id), strictly before a position where one is given.</summary>
    IReadOnlyList<StoredEntry> ReadLatest(RoomId room, int maxCount, EntryPosition? before);

    /// <summary>A secret, opened; null when there is none of that name.</summary>
    byte[]? ReadSecret(string name);

    /// <summary>Keeps a secret, sealed under the store key; replaces one of the same name.</summary>
    void WriteSecret(string name, ReadOnlySpan<byte> secret);

    /// <summary>Forgets a secret.</summary>
    void DeleteSecret(string name);

    /// <summary>All statements of one kind, one for each author.</summary>
    IReadOnlyList<StoredStatement> ReadStatements(RoomId room, StatementKind kind);

    /// <summary>Keeps a statement; replaces the one of the same room, kind and author.</summary>
    void WriteStatement(
        RoomId room,
        StatementKind kind,
        AuthorId author,
        ulong counter,
        ReadOnlyMemory<byte> bytes
    );
}
