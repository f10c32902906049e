using System.Buffers.Binary;
using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Storage;

/// <summary>Texts for people not met yet: nothing is authored before there is a key to author it for (crypto.md section 4).</summary>
public sealed class OutboxTable
{
    private const string Place = "outbox.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal OutboxTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>Keeps a text and gives it a number.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public OutboxText Add(string target, string text, WallTime created, FileAnnouncement? file = null)
    {
        // The seal is bound to the number, which only the insertion makes.
        var number = _database.Insert(
            "INSERT INTO outbox (target_key, sealed) VALUES ($1, x'')",
            _seal.Index(Place, target)
        );
        return Rewrite(new OutboxText(number, target, text, created, file));
    }

    /// <summary>Gives a text another target; its number, and so its place, stays.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public OutboxText Retarget(OutboxText text, string target) => Rewrite(text with { Target = target });

    /// <summary>Gives a text another wording; its number, and so its place, stays.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public OutboxText Change(OutboxText text, string wording) => Rewrite(text with { Text = wording });

    /// <summary>All texts, oldest first.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<OutboxText> ReadAll() =>
        _database.Read(
            "SELECT number, sealed FROM outbox ORDER BY number",
            row => Open(row.GetInt64(0), row.GetBytes(1))
        );

    /// <summary>The texts for one target, oldest first.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<OutboxText> Read(string target) =>
        _database.Read(
            "SELECT number, sealed FROM outbox WHERE target_key = $1 ORDER BY number",
            row => Open(row.GetInt64(0), row.GetBytes(1)),
            _seal.Index(Place, target)
        );

    /// <summary>Forgets a text, because it was sent or given up.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(long number) => _database.Write("DELETE FROM outbox WHERE number = $1", number);

    private OutboxText Rewrite(OutboxText text)
    {
        var record = new OutboxRecord
        {
            Target = text.Target,
            Text = text.Text,
            CreatedMs = text.Created.UnixMilliseconds,
            File = text.File is { } file ? ByteString.CopyFrom(file.Write()) : ByteString.Empty,
        };
        _database.Write(
            "UPDATE outbox SET target_key = $2, sealed = $3 WHERE number = $1",
            text.Number,
            _seal.Index(Place, text.Target),
            _seal.Seal(Place, Row(text.Number), record.ToByteArray())
        );
        return text;
    }

    private OutboxText Open(long number, byte[] sealedRecord)
    {
        try
        {
            var record = OutboxRecord.Parser.ParseFrom(_seal.Open(Place, Row(number), sealedRecord));
            return new OutboxText(
                number,
                record.Target,
                record.Text,
                new WallTime(record.CreatedMs),
                FileAnnouncement.TryParse(record.File.Span)
            );
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }

    private static byte[] Row(long number)
    {
        var row = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(row, number);
        return row;
    }
}
