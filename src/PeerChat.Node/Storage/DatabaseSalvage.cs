using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>Takes from a damaged database what is whole, row by row, into a new one.</summary>
/// <remarks>
/// A sealed row is whole when it opens; an entry when its header is the one that its id is the hash of. Logs are kept up to their first gap:
/// what lies behind it comes again from whoever has it.
/// </remarks>
internal sealed class DatabaseSalvage(SqliteConnection from, ProfileDatabase into, StoreSeal seal)
{
    /// <summary>Rows written in one transaction: a few megabytes.</summary>
    private const int Portion = 5_000;

    private readonly IdNumbers _ids = new(into);
    private int _written;

    /// <summary>What was saved so far.</summary>
    public RepairReport Report { get; private set; } = new(false, 0, false, 0, 0, 0, 0, 0, "");

    /// <summary>Saves everything that is whole.</summary>
    /// <exception cref="StorageException">The new one cannot be written.</exception>
    public void Run()
    {
        CopySettings();
        var damaged = Report.DamagedRows;
        var contacts = CopyByKey("contacts", "peer_key");
        Report = Report with { Contacts = contacts, ContactsAreDamaged = Report.DamagedRows > damaged };
        Report = Report with
        {
            Rooms = CopyByKey("open_rooms", "room_key") + CopyByKey("private_rooms", "room_key"),
        };
        CopyByKey("secrets", "name_key");
        CopyByKey("drafts", "chat_key");
        CopyByKey("chat_settings", "chat_key");
        CopyByNumber("outbox", "number, target_key, sealed", row => Row((long)row[0]));
        CopyByNumber("input_lines", "number, chat_key, sealed", row => (byte[])row[1]);
        CopyByNumber("answers", "number, peer_key, sealed", row => (byte[])row[1]);
        CopyByNumber("send_references", "number, reference_key, outbox, sealed", row => (byte[])row[1]);
        CopyByNumber("files", "number, sealed", row => Row((long)row[0]));
        CopyByNumber("imported", "number, chat_key, message_key, sent, sealed", row => Row((long)row[0]));
        CopyByNumber(
            "invitations",
            "number, sealed",
            row => Encoding.ASCII.GetBytes(((long)row[0]).ToString(CultureInfo.InvariantCulture))
        );
        var ids = CopyIds();
        CopyStatements(ids);
        CopyEntries();
        CopyReferences();
        CutLogs();
        into.Commit();
    }

    private static byte[] Row(long number)
    {
        var row = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(row, number);
        return row;
    }

    private IEnumerable<object[]> Read(string table, string columns, string key)
    {
        if (!Exists(table))
        {
            yield break; // of a schema before it
        }

        var damaged = new DamagedTable(from, table, columns, key);
        foreach (var row in damaged.Rows())
        {
            yield return row;
        }

        if (!damaged.IsWhole)
        {
            Report = Report with { DamagedRows = Report.DamagedRows + 1 }; // at least one; how many nobody knows
        }
    }

    private bool Exists(string table)
    {
        using var command = from.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
        command.Parameters.AddWithValue("$1", table);
        try
        {
            return command.ExecuteScalar() is not 0L;
        }
        catch (SqliteException)
        {
            return true; // not even that can be read; the table says so itself
        }
    }

    private bool Opens(string table, byte[] row, object sealedValue)
    {
        try
        {
            _ = seal.Open(table + ".sealed", row, (byte[])sealedValue);
            return true;
        }
        catch (Exception bad) when (bad is StorageException or InvalidCastException)
        {
            Report = Report with { DamagedRows = Report.DamagedRows + 1 };
            return false;
        }
    }

    private void Write(string sql, params ReadOnlySpan<object> values)
    {
        into.Write(sql, values);
        if (++_written % Portion == 0)
        {
            into.Commit();
        }
    }

    private void CopySettings()
    {
        foreach (var row in Read("settings", "name, sealed", "name"))
        {
            // A new file is a new installation to the mark of the old one; that is known already, and no copy
            if (
                row[0] is string name
                && name != ProfileStore.InstallationSetting
                && Opens("settings", Encoding.UTF8.GetBytes(name), row[1])
            )
            {
                Write("INSERT OR IGNORE INTO settings (name, sealed) VALUES ($1, $2)", name, row[1]);
            }
        }
    }

    private int CopyByKey(string table, string key)
    {
        var count = 0;
        foreach (var row in Read(table, $"{key}, sealed", key))
        {
            if (row[0] is byte[] bytes && Opens(table, bytes, row[1]))
            {
                Write($"INSERT OR IGNORE INTO {table} ({key}, sealed) VALUES ($1, $2)", bytes, row[1]);
                count++;
            }
        }

        return count;
    }

    private void CopyByNumber(string table, string columns, Func<object[], byte[]> place)
    {
        var places = string.Join(", ", columns.Split(", ").Select((_, index) => $"${index + 1}"));
        foreach (var row in Read(table, columns, "number"))
        {
            if (
                Array.TrueForAll(row, value => value is long or byte[] or DBNull)
                && Opens(table, place(row), row[^1])
            )
            {
                Write($"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})", row);
            }
        }
    }

    private Dictionary<long, Bytes32> CopyIds()
    {
        var ids = new Dictionary<long, Bytes32>();
        foreach (var row in Read("ids", "number, id", "number"))
        {
            if (
                row is [long number, byte[] { Length: Bytes32.Size } id]
                && ids.TryAdd(number, new Bytes32(id))
            )
            {
                Write("INSERT OR IGNORE INTO ids (number, id) VALUES ($1, $2)", number, id);
            }
        }

        return ids;
    }

    private void CopyStatements(Dictionary<long, Bytes32> ids)
    {
        var rows = Read("statements", "room, kind, author, counter, sealed", "room, kind, author");
        foreach (var row in rows)
        {
            if (
                row is [long room, long kind, long author, long counter, byte[] content]
                && ids.TryGetValue(room, out var roomId)
                && ids.TryGetValue(author, out var authorId)
                && kind is >= 0 and <= byte.MaxValue
                && Opens("statements", [.. roomId.ToArray(), (byte)kind, .. authorId.ToArray()], content)
            )
            {
                Write(
                    "INSERT OR IGNORE INTO statements (room, kind, author, counter, sealed) VALUES ($1, $2, $3, $4, $5)",
                    room,
                    kind,
                    author,
                    counter,
                    content
                );
            }
        }
    }

    private void CopyEntries()
    {
        const string Columns = "number, id, order_clock, header, payload, signature, payload_state";
        foreach (var row in Read("entries", Columns, "number"))
        {
            if (
                row
                    is not [
                        long number,
                        byte[] { Length: Bytes32.Size } id,
                        long clock,
                        byte[] header,
                        byte[] payload,
                        byte[] signature,
                        long state,
                    ]
                || state is < 0 or > (long)PayloadState.Expired
                || SavedEntry.Check(
                    new StoredEntry(
                        new EntryId(new Bytes32(id)),
                        default,
                        default,
                        0,
                        0,
                        SqlNumber.FromSql(clock),
                        0,
                        header,
                        payload,
                        signature,
                        number,
                        (PayloadState)state
                    )
                )
                    is not { } entry
            )
            {
                Report = Report with { DamagedRows = Report.DamagedRows + 1 };
                continue;
            }

            if (entry.PayloadState == PayloadState.Missing && state != (long)PayloadState.Missing)
            {
                Report = Report with { DamagedRows = Report.DamagedRows + 1 };
            }

            Write(
                "INSERT OR IGNORE INTO entries (number, id, room, author, seq, clock, order_clock, kind, header, payload, signature, payload_state) "
                    + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                number,
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
        }
    }

    // Which entry says something about which: found out again only where a message comes again, so what can be read is kept
    private void CopyReferences()
    {
        foreach (var row in Read("entry_references", "target_key, entry", "target_key, entry"))
        {
            if (row is [byte[] target, long entry])
            {
                Write(
                    "INSERT OR IGNORE INTO entry_references (target_key, entry) "
                        + "SELECT $1, number FROM entries WHERE number = $2",
                    target,
                    entry
                );
            }
        }
    }

    private void CutLogs()
    {
        into.Commit();
        var logs = into.Read(
            "SELECT DISTINCT room, author FROM entries",
            row => (Room: row.GetInt64(0), Author: row.GetInt64(1))
        );
        var dropped = 0;
        foreach (var (room, author) in logs)
        {
            var last = 0UL;
            foreach (
                var seq in into.Read(
                    "SELECT DISTINCT seq FROM entries WHERE room = $1 AND author = $2 ORDER BY seq",
                    row => SqlNumber.FromSql(row.GetInt64(0)),
                    room,
                    author
                )
            )
            {
                if (seq != last + 1)
                {
                    break;
                }

                last = seq;
            }

            into.Write(
                "DELETE FROM entry_references WHERE entry IN (SELECT number FROM entries WHERE room = $1 AND author = $2 AND seq > $3)",
                room,
                author,
                SqlNumber.ToSql(last)
            );
            dropped += into.Write(
                "DELETE FROM entries WHERE room = $1 AND author = $2 AND seq > $3",
                room,
                author,
                SqlNumber.ToSql(last)
            );
        }

        Report = Report with
        {
            Entries = (int)into.ReadNumber("SELECT count(*) FROM entries"),
            Dropped = dropped,
        };
    }
}
