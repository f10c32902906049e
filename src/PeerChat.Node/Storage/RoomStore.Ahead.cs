using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <content>What came of long histories ahead of the rest.</content>
internal sealed partial class RoomStore
{
    /// <inheritdoc/>
    public void KeepAhead(RoomId room, AheadRange range, ReadOnlyMemory<byte> bytes) =>
        database.Write(
            "INSERT OR REPLACE INTO ahead "
                + "(room, author, first, last, previous, first_clock, last_clock, size, has_control, ids, entries) "
                + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            _ids.Make(room.Value),
            _ids.Make(range.Author.Value),
            SqlNumber.ToSql(range.First),
            SqlNumber.ToSql(range.Last),
            range.Previous.Value.ToArray(),
            SqlNumber.ToSql(range.FirstClock),
            SqlNumber.ToSql(range.LastClock),
            range.Size,
            range.HasControl ? 1L : 0L,
            range.Ids,
            bytes
        );

    /// <inheritdoc/>
    public IReadOnlyList<AheadRange> ListAhead(RoomId room) =>
        _ids.Find(room.Value) is { } roomNumber
            ? database.Read(
                "SELECT author, first, last, previous, first_clock, last_clock, size, has_control, ids "
                    + "FROM ahead WHERE room = $1 ORDER BY author, first",
                row => new AheadRange(
                    new AuthorId(_ids.IdOf(row.GetInt64(0))),
                    SqlNumber.FromSql(row.GetInt64(1)),
                    SqlNumber.FromSql(row.GetInt64(2)),
                    new EntryId(new Bytes32(row.GetBytes(3))),
                    SqlNumber.FromSql(row.GetInt64(4)),
                    SqlNumber.FromSql(row.GetInt64(5)),
                    row.GetInt64(6),
                    row.GetInt64(7) != 0,
                    row.GetBytes(8)
                ),
                roomNumber
            )
            : [];

    /// <inheritdoc/>
    public byte[]? ReadAhead(RoomId room, AuthorId author, ulong first) =>
        _ids.Find(room.Value) is { } roomNumber && _ids.Find(author.Value) is { } authorNumber
            ? database.ReadBytes(
                "SELECT entries FROM ahead WHERE room = $1 AND author = $2 AND first = $3",
                roomNumber,
                authorNumber,
                SqlNumber.ToSql(first)
            )
            : null;

    /// <inheritdoc/>
    public void DropAhead(RoomId room, AuthorId author, ulong first) =>
        database.Write(
            "DELETE FROM ahead WHERE room = $1 AND author = $2 AND first = $3",
            _ids.Make(room.Value),
            _ids.Make(author.Value),
            SqlNumber.ToSql(first)
        );
}
