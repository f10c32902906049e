using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>A store in which nothing can be changed, for rooms that are only looked at: what they would write at their opening is forgotten.</summary>
/// <param name="store">What there is.</param>
internal sealed class LookingStore(IRoomStore store) : IRoomStore
{
    /// <inheritdoc/>
    public long Append(StoredEntry entry) => 0;

    /// <inheritdoc/>
    public void SetSignature(EntryId id, ReadOnlyMemory<byte> signature) { }

    /// <inheritdoc/>
    public StoredEntry? Find(EntryId id) => store.Find(id);

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadRange(RoomId room, AuthorId author, ulong fromSeq, int maxCount) =>
        store.ReadRange(room, author, fromSeq, maxCount);

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadControl(RoomId room) => store.ReadControl(room);

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadHeads(RoomId room) => store.ReadHeads(room);

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadLatest(RoomId room, int maxCount, EntryPosition? before) =>
        store.ReadLatest(room, maxCount, before);

    /// <inheritdoc/>
    public byte[]? ReadSecret(string name) => store.ReadSecret(name);

    /// <inheritdoc/>
    public void WriteSecret(string name, ReadOnlySpan<byte> secret) { }

    /// <inheritdoc/>
    public void DeleteSecret(string name) { }

    /// <inheritdoc/>
    public IReadOnlyList<StoredStatement> ReadStatements(RoomId room, StatementKind kind) =>
        store.ReadStatements(room, kind);

    /// <inheritdoc/>
    public void WriteStatement(
        RoomId room,
        StatementKind kind,
        AuthorId author,
        ulong counter,
        ReadOnlyMemory<byte> bytes
    ) { }

    /// <inheritdoc/>
    public void SetPayloadState(EntryId id, PayloadState state) { }

    /// <inheritdoc/>
    public void SetPayload(EntryId id, ReadOnlyMemory<byte> payload, PayloadState state) { }

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadByState(
        RoomId room,
        PayloadState state,
        long afterArrival,
        int maxCount
    ) => store.ReadByState(room, state, afterArrival, maxCount);

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadOldest(
        RoomId room,
        EntryPosition? after,
        ulong beforeOrderClock,
        int maxCount
    ) => store.ReadOldest(room, after, beforeOrderClock, maxCount);

    /// <inheritdoc/>
    public IReadOnlySet<Bytes32> ReadEpochsInUse(RoomId room) => store.ReadEpochsInUse(room);

    /// <inheritdoc/>
    public void AddReference(EntryId target, EntryId by) { }

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadReferences(EntryId target, int maxCount) =>
        store.ReadReferences(target, maxCount);

    /// <inheritdoc/>
    public void KeepAhead(RoomId room, AheadRange range, ReadOnlyMemory<byte> bytes) { }

    /// <inheritdoc/>
    public IReadOnlyList<AheadRange> ListAhead(RoomId room) => store.ListAhead(room);

    /// <inheritdoc/>
    public byte[]? ReadAhead(RoomId room, AuthorId author, ulong first) =>
        store.ReadAhead(room, author, first);

    /// <inheritdoc/>
    public void DropAhead(RoomId room, AuthorId author, ulong first) { }
}
