using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>Entries, secrets and statements of rooms in the profile's database.</summary>
internal sealed partial class RoomStore(ProfileDatabase database, StoreSeal seal) : IRoomStore
{
    private const string Columns =
        "SELECT id, room, author, seq, clock, order_clock, kind, header, payload, signature, number, payload_state "
        + "FROM entries ";

    private const string SecretPlace = "secrets.sealed";
    private const string StatementPlace = "statements.sealed";

    private readonly IdNumbers _ids = new(database);

    /// <inheritdoc/>
    public long Append(StoredEntry entry)
    {
        // The row's number: SQLite gives each one more than the greatest there is, and no entry is ever deleted.
        var id = entry.Id.Value.ToArray();
        var added = database.Write(
            "INSERT INTO entries (id, room, author, seq, clock, order_clock, kind, header, payload, signature, payload_state) "
                + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
            id,
            _ids.Make(entry.Room.Value),
            _ids.Make(entry.Author.Value),
            SqlNumber.ToSql(entry.Seq),
            SqlNumber.ToSql(entry.Clock),
            SqlNumber.ToSql(entry.OrderClock),
            (long)entry.Kind,
            entry.Header,
            entry.Payload,
            entry.Signature,
            (long)entry.PayloadState
        );
        return added == 1
            ? database.LastInserted
            : database.ReadNumber("SELECT number FROM entries WHERE id = $1", id);
    }

    /// <inheritdoc/>
    public void SetSignature(EntryId id, ReadOnlyMemory<byte> signature) =>
        database.Write(
            "UPDATE entries SET signature = $2 WHERE id = $1 AND length(signature) = 0",
            id.Value.ToArray(),
            signature.ToArray()
        );

    /// <inheritdoc/>
    public StoredEntry? Find(EntryId id) =>
        ReadEntries(Columns + "WHERE id = $1", id.Value.ToArray()) is [var entry, ..] ? entry : null;

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadRange(RoomId room, AuthorId author, ulong fromSeq, int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxCount);
        return _ids.Find(room.Value) is { } roomNumber && _ids.Find(author.Value) is { } authorNumber
            ? ReadEntries(
                Columns + "WHERE room = $1 AND author = $2 AND seq >= $3 ORDER BY seq, number LIMIT $4",
                roomNumber,
                authorNumber,
                SqlNumber.ToSql(fromSeq),
                (long)maxCount
            )
            : [];
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadControl(RoomId room) =>
        _ids.Find(room.Value) is { } roomNumber
            ?
            [
                .. ReadEntries(Columns + "WHERE room = $1 AND kind <> 0 ORDER BY number", roomNumber)
                    .OrderBy(entry => entry.Author)
                    .ThenBy(entry => entry.Seq),
            ]
            : [];

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadHeads(RoomId room) =>
        _ids.Find(room.Value) is { } roomNumber
            ?
            [
                // Steps from author to author through the index, instead of reading the room to its end.
                .. ReadEntries(
                        "WITH RECURSIVE authors (author) AS ("
                            + "SELECT min(author) FROM entries WHERE room = $1 UNION ALL "
                            + "SELECT (SELECT min(author) FROM entries WHERE room = $1 AND author > authors.author) "
                            + "FROM authors WHERE authors.author IS NOT NULL) "
                            + Columns
                            + "WHERE number IN (SELECT (SELECT number FROM entries "
                            + "WHERE room = $1 AND author = authors.author ORDER BY seq DESC, number DESC LIMIT 1) "
                            + "FROM authors WHERE authors.author IS NOT NULL)",
                        roomNumber
                    )
                    .OrderBy(entry => entry.Author),
            ]
            : [];

    /// <inheritdoc/>
    public IReadOnlyList<StoredEntry> ReadLatest(RoomId room, int maxCount, EntryPosition? before)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxCount);
        if (_ids.Find(room.Value) is not { } roomNumber)
        {
            return [];
        }

        return before is { } position
            ? ReadEntries(
                Columns
                    + "WHERE room = $1 AND kind = 0 AND (order_clock, id) < ($2, $3) "
                    + "ORDER BY order_clock DESC, id DESC LIMIT $4",
                roomNumber,
                SqlNumber.ToSql(position.OrderClock),
                position.Id.Value.ToArray(),
                (long)maxCount
            )
            : ReadEntries(
                Columns + "WHERE room = $1 AND kind = 0 ORDER BY order_clock DESC, id DESC LIMIT $2",
                roomNumber,
                (long)maxCount
            );
    }

    /// <summary>The arrival of the newest entry; 0 where there is none.</summary>
    public long LastArrival => database.ReadNumber("SELECT coalesce(max(number), 0) FROM entries");

    /// <summary>Content entries of all rooms that arrived after one and up to another, in order of arrival.</summary>
    public IReadOnlyList<StoredEntry> ReadArrivals(long after, long upTo, int maxCount) =>
        ReadEntries(
            Columns + "WHERE kind = 0 AND number > $1 AND number <= $2 ORDER BY number LIMIT $3",
            after,
            upTo,
            (long)maxCount
        );

    /// <summary>The rooms to which content came after one arrival and up to another.</summary>
    public IReadOnlyList<RoomId> ReadRoomsAfter(long after, long upTo) =>
        database.Read(
            "SELECT DISTINCT room FROM entries WHERE kind = 0 AND number > $1 AND number <= $2",
            row => new RoomId(_ids.IdOf(row.GetInt64(0))),
            after,
            upTo
        );

    /// <inheritdoc/>
    public byte[]? ReadSecret(string name)
    {
        var key = seal.Index(SecretPlace, name);
        return database.ReadBytes("SELECT sealed FROM secrets WHERE name_key = $1", key) is { } sealedSecret
            ? seal.Open(SecretPlace, key, sealedSecret)
            : null;
    }

    /// <inheritdoc/>
    public void WriteSecret(string name, ReadOnlySpan<byte> secret)
    {
        var key = seal.Index(SecretPlace, name);
        database.Write(
            "INSERT INTO secrets (name_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (name_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            seal.Seal(SecretPlace, key, secret)
        );
    }

    /// <inheritdoc/>
    public void DeleteSecret(string name) =>
        database.Write("DELETE FROM secrets WHERE name_key = $1", seal.Index(SecretPlace, name));

    /// <summary>Deletes the keys of one's own authors in all rooms, so that new ones are made when the rooms are opened next.</summary>
    /// <returns>In how many rooms there was one.</returns>
    public int ForgetAuthors()
    {
        var count = 0;
        foreach (var id in database.Read("SELECT id FROM ids", row => row.GetBytes(0)))
        {
            var gone = false;
            foreach (var name in RoomSecrets.OfAuthor(new RoomId(new Bytes32(id))))
            {
                var key = seal.Index(SecretPlace, name);
                if (database.ReadNumber("SELECT count(*) FROM secrets WHERE name_key = $1", key) > 0)
                {
                    DeleteSecret(name);
                    gone = true;
                }
            }

            count += gone ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredStatement> ReadStatements(RoomId room, StatementKind kind) =>
        _ids.Find(room.Value) is { } roomNumber
            ?
            [
                .. database
                    .Read(
                        "SELECT author, counter, sealed FROM statements WHERE room = $1 AND kind = $2",
                        row =>
                        {
                            var author = new AuthorId(_ids.IdOf(row.GetInt64(0)));
                            return new StoredStatement(
                                author,
                                SqlNumber.FromSql(row.GetInt64(1)),
                                seal.Open(StatementPlace, StatementRow(room, kind, author), row.GetBytes(2))
                            );
                        },
                        roomNumber,
                        (long)kind
                    )
                    .OrderBy(statement => statement.Author),
            ]
            : [];

    /// <summary>The rooms of which there is a statement of a kind.</summary>
    public IReadOnlyList<RoomId> ReadRoomsWithStatements(StatementKind kind) =>
        database.Read(
            "SELECT DISTINCT room FROM statements WHERE kind = $1",
            row => new RoomId(_ids.IdOf(row.GetInt64(0))),
            (long)kind
        );

    /// <inheritdoc/>
    public void WriteStatement(
        RoomId room,
        StatementKind kind,
        AuthorId author,
        ulong counter,
        ReadOnlyMemory<byte> bytes
    ) =>
        // Sealed, because profile records hold names.
        database.Write(
            "INSERT INTO statements (room, kind, author, counter, sealed) VALUES ($1, $2, $3, $4, $5) "
                + "ON CONFLICT (room, kind, author) DO UPDATE SET counter = excluded.counter, sealed = excluded.sealed",
            _ids.Make(room.Value),
            (long)kind,
            _ids.Make(author.Value),
            SqlNumber.ToSql(counter),
            seal.Seal(StatementPlace, StatementRow(room, kind, author), bytes.Span)
        );

    private static byte[] StatementRow(RoomId room, StatementKind kind, AuthorId author) =>
        [.. room.Value.ToArray(), (byte)kind, .. author.Value.ToArray()];

    private List<StoredEntry> ReadEntries(string sql, params ReadOnlySpan<object> values) =>
        database.Read(sql, ReadEntry, values);

    private StoredEntry ReadEntry(SqlRow row) =>
        new(
            new EntryId(new Bytes32(row.GetBytes(0))),
            new RoomId(_ids.IdOf(row.GetInt64(1))),
            new AuthorId(_ids.IdOf(row.GetInt64(2))),
            SqlNumber.FromSql(row.GetInt64(3)),
            SqlNumber.FromSql(row.GetInt64(4)),
            SqlNumber.FromSql(row.GetInt64(5)),
            checked((byte)row.GetInt64(6)),
            row.GetBytes(7),
            row.GetBytes(8),
            row.GetBytes(9),
            row.GetInt64(10),
            (PayloadState)row.GetInt64(11)
        );
}
