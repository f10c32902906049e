using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <content>What is kept of the messages in entries.</content>
internal sealed partial class RoomStore
{
    private const string ReferencePlace = "entry_references.target_key";

    /// <inheritdoc/>
    public void SetPayloadState(EntryId id, PayloadState state) =>
        database.Write(
            "UPDATE entries SET payload_state = $2 WHERE id = $1",
            id.Value.ToArray(),
            (long)state
        );

    /// <inheritdoc/>
    public void SetPayload(EntryId id, ReadOnlyMemory<byte> payload, PayloadState state) =>
        database.Write(
            "UPDATE entries SET payload = $2, payload_state = $3 WHERE id = $1",
            id.Value.ToArray(),
            payload.ToArray(),
            (long)state
        );

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadByState(
        RoomId room,
        PayloadState state,
        long afterArrival,
        int maxCount
    ) =>
        _ids.Find(room.Value) is { } roomNumber
            ? ReadEntries(
                Columns
                    + "WHERE room = $1 AND kind = 0 AND payload_state <> 0 AND payload_state = $2 AND number > $3 "
                    + "ORDER BY number LIMIT $4",
                roomNumber,
                (long)state,
                afterArrival,
                (long)maxCount
            )
            : [];

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadOldest(
        RoomId room,
        EntryPosition? after,
        ulong beforeOrderClock,
        int maxCount
    )
    {
        var position = after ?? default;
        return _ids.Find(room.Value) is { } roomNumber
            ? ReadEntries(
                Columns
                    + "WHERE room = $1 AND kind = 0 AND (order_clock, id) > ($2, $3) AND order_clock < $4 "
                    + "ORDER BY order_clock, id LIMIT $5",
                roomNumber,
                SqlNumber.ToSql(position.OrderClock),
                position.Id.Value.ToArray(),
                SqlNumber.ToSql(beforeOrderClock),
                (long)maxCount
            )
            : [];
    }

    /// <inheritdoc/>
    public IReadOnlySet<Bytes32> ReadEpochsInUse(RoomId room) =>
        _ids.Find(room.Value) is { } roomNumber
            ? database
                .Read(
                    "SELECT DISTINCT substr(header, $2, 32) FROM entries "
                        + "WHERE room = $1 AND kind = 0 AND payload_state IN (0, 1, 2)",
                    row => new Bytes32(row.GetBytes(0)),
                    roomNumber,
                    (long)StoredEntry.EpochOffset + 1 // SQL counts from 1
                )
                .ToHashSet()
            : new HashSet<Bytes32>();

    /// <inheritdoc/>
    public void AddReference(EntryId target, EntryId by) =>
        database.Write(
            "INSERT INTO entry_references (target_key, entry) SELECT $1, number FROM entries WHERE id = $2 "
                + "ON CONFLICT DO NOTHING",
            seal.Index(ReferencePlace, target.Value.ToArray()),
            by.Value.ToArray()
        );

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadReferences(EntryId target, int maxCount) =>
        ReadEntries(
            Columns
                + "WHERE number IN (SELECT entry FROM entry_references WHERE target_key = $1) ORDER BY number LIMIT $2",
            seal.Index(ReferencePlace, target.Value.ToArray()),
            (long)maxCount
        );

    /// <summary>Content entries of a room that arrived after one and up to another, in order of arrival.</summary>
    public IReadOnlyList<StoredEntry> ReadArrivals(RoomId room, long after, long upTo, int maxCount) =>
        _ids.Find(room.Value) is { } roomNumber
            ? ReadEntries(
                Columns
                    + "WHERE room = $1 AND kind = 0 AND number > $2 AND number <= $3 ORDER BY number LIMIT $4",
                roomNumber,
                after,
                upTo,
                (long)maxCount
            )
            : [];

    /// <summary>The entry of one arrival; null where there is none.</summary>
    public StoredEntry? FindArrival(long arrival) =>
        ReadEntries(Columns + "WHERE number = $1", arrival) is [var entry, ..] ? entry : null;

    /// <summary>The number that stands for a room in other tables; null where nothing of it is kept.</summary>
    public long? NumberOf(RoomId room) => _ids.Find(room.Value);
}
