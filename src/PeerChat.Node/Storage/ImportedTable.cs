using System.Buffers.Binary;
using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;

namespace PeerChat.Node.Storage;

/// <summary>Messages from exports, chat by chat: kept apart from entries, as nobody vouches for them.</summary>
public sealed class ImportedTable
{
    private const string ChatPlace = "imported.chat_key";
    private const string MessagePlace = "imported.message_key";
    private const string Place = "imported.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;
    private bool? _isUsed;

    internal ImportedTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>Whether anything was ever imported; asked for every message that comes.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public bool IsUsed => _isUsed ??= _database.ReadNumber("SELECT EXISTS (SELECT 1 FROM imported)") > 0;

    /// <summary>Keeps a message; false where one of its id is kept already in the chat.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public bool Add(string chat, ImportedText text)
    {
        var (chatKey, messageKey) = (_seal.Index(ChatPlace, chat), _seal.Index(MessagePlace, text.MessageId));
        if (
            _database.ReadNumber(
                "SELECT count(*) FROM imported WHERE message_key = $1 AND chat_key = $2",
                messageKey,
                chatKey
            ) > 0
        )
        {
            return false;
        }

        // The seal is bound to the number, which only the insertion makes.
        var number = _database.Insert(
            "INSERT INTO imported (chat_key, message_key, sent, sealed) VALUES ($1, $2, $3, x'')",
            chatKey,
            messageKey,
            text.Sent.UnixMilliseconds
        );
        var record = new ImportedRecord
        {
            MessageId = text.MessageId,
            From = text.From,
            Text = text.Text,
            IsFile = text.IsFile,
            IsEdited = text.IsEdited,
        };
        _database.Write(
            "UPDATE imported SET sealed = $2 WHERE number = $1",
            number,
            _seal.Seal(Place, Row(number), record.ToByteArray())
        );
        _isUsed = true;
        return true;
    }

    /// <summary>Messages of a chat, newest first, before a time and number where one is given.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<ImportedText> ReadLatest(
        string chat,
        int maxCount,
        (WallTime Sent, long Number)? before
    )
    {
        var (sent, number) = before ?? (new WallTime(long.MaxValue), long.MaxValue);
        return _database.Read(
            "SELECT number, sent, sealed FROM imported "
                + "WHERE chat_key = $1 AND (sent, number) < ($2, $3) ORDER BY sent DESC, number DESC LIMIT $4",
            row => Open(row.GetInt64(0), row.GetInt64(1), row.GetBytes(2)),
            _seal.Index(ChatPlace, chat),
            sent.UnixMilliseconds,
            number,
            (long)maxCount
        );
    }

    /// <summary>Messages of a chat, oldest first, after a time and number where one is given.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<ImportedText> ReadOldest(
        string chat,
        int maxCount,
        (WallTime Sent, long Number)? after
    )
    {
        var (sent, number) = after ?? (new WallTime(long.MinValue), long.MinValue);
        return _database.Read(
            "SELECT number, sent, sealed FROM imported "
                + "WHERE chat_key = $1 AND (sent, number) > ($2, $3) ORDER BY sent, number LIMIT $4",
            row => Open(row.GetInt64(0), row.GetInt64(1), row.GetBytes(2)),
            _seal.Index(ChatPlace, chat),
            sent.UnixMilliseconds,
            number,
            (long)maxCount
        );
    }

    /// <summary>One message of a chat; null where it has none of that number.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public ImportedText? Find(string chat, long number) =>
        _database.Read(
            "SELECT number, sent, sealed FROM imported WHERE number = $1 AND chat_key = $2",
            row => Open(row.GetInt64(0), row.GetInt64(1), row.GetBytes(2)),
            number,
            _seal.Index(ChatPlace, chat)
        )
            is [var found, ..]
            ? found
            : null;

    /// <summary>Deletes one message of a chat. Returns whether it was there.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public bool Remove(string chat, long number) =>
        _database.Write(
            "DELETE FROM imported WHERE number = $1 AND chat_key = $2",
            number,
            _seal.Index(ChatPlace, chat)
        ) > 0;

    /// <summary>The numbers under which a chat has a message of an id; at most one.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<long> NumbersOf(string chat, string messageId) =>
        _database.Read(
            "SELECT number FROM imported WHERE message_key = $1 AND chat_key = $2",
            row => row.GetInt64(0),
            _seal.Index(MessagePlace, messageId),
            _seal.Index(ChatPlace, chat)
        );

    /// <summary>How many messages a chat has.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public long Count(string chat) => CountBefore(chat, new WallTime(long.MaxValue));

    /// <summary>How many messages of a chat are older than a time.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public long CountBefore(string chat, WallTime time) =>
        _database.ReadNumber(
            "SELECT count(*) FROM imported WHERE chat_key = $1 AND sent < $2",
            _seal.Index(ChatPlace, chat),
            time.UnixMilliseconds
        );

    /// <summary>Deletes messages of a chat that are older than a time. Returns how many.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public int RemoveBefore(string chat, WallTime time) =>
        _database.Write(
            "DELETE FROM imported WHERE chat_key = $1 AND sent < $2",
            _seal.Index(ChatPlace, chat),
            time.UnixMilliseconds
        );

    private ImportedText Open(long number, long sent, byte[] sealedRecord)
    {
        try
        {
            var record = ImportedRecord.Parser.ParseFrom(_seal.Open(Place, Row(number), sealedRecord));
            return new ImportedText(
                number,
                record.MessageId,
                record.From,
                record.Text,
                new WallTime(sent),
                record.IsFile,
                record.IsEdited
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
