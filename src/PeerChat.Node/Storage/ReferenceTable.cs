using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>Under which reference a text was sent, so that a second command with the same one sends nothing.</summary>
public sealed class ReferenceTable
{
    /// <summary>So many of the newest are kept: months of a busy bot, in about 20 MB. Whoever asks again does so within minutes.</summary>
    public const int MaxReferences = 100_000;

    private const string Place = "send_references.sealed";

    private readonly ProfileDatabase _database;
    private readonly int _max;

    internal ReferenceTable(ProfileDatabase database, StoreSeal seal, int max = MaxReferences)
    {
        _database = database;
        Seal = seal;
        _max = max;
    }

    /// <summary>The seal, for tests.</summary>
    internal StoreSeal Seal { get; }

    /// <summary>What was sent under a reference, or null.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public SentText? Find(string reference)
    {
        var key = Seal.Index(Place, reference);
        return
            _database.ReadBytes("SELECT sealed FROM send_references WHERE reference_key = $1", key)
                is { } record
            ? Open(key, record)
            : null;
    }

    /// <summary>Keeps what was sent under a reference that is new; the oldest go where there are too many.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Add(string reference, SentText text)
    {
        var key = Seal.Index(Place, reference);
        var number = _database.Insert(
            "INSERT INTO send_references (reference_key, outbox, sealed) VALUES ($1, $2, $3)",
            key,
            OutboxOf(text),
            Close(key, text)
        );
        _database.Write("DELETE FROM send_references WHERE number <= $1", number - _max);
    }

    /// <summary>The text that waited under this outbox number became something else; does nothing where it has no reference.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Follow(long outbox, SentText text)
    {
        if (
            _database.ReadBytes("SELECT reference_key FROM send_references WHERE outbox = $1", outbox) is
            { } key
        )
        {
            _database.Write(
                "UPDATE send_references SET outbox = $2, sealed = $3 WHERE reference_key = $1",
                key,
                OutboxOf(text),
                Close(key, text)
            );
        }
    }

    private static object OutboxOf(SentText text) =>
        text is SentText.Waiting waiting ? waiting.Number : DBNull.Value;

    private byte[] Close(byte[] key, SentText text)
    {
        var record = text switch
        {
            SentText.Entry entry => new ReferenceRecord
            {
                Entry = ByteString.CopyFrom(entry.Id.Value.ToArray()),
            },
            SentText.Waiting waiting => new ReferenceRecord { Outbox = waiting.Number },
            _ => new ReferenceRecord { Discarded = true },
        };
        return Seal.Seal(Place, key, record.ToByteArray());
    }

    private SentText Open(byte[] key, byte[] sealedRecord)
    {
        try
        {
            var record = ReferenceRecord.Parser.ParseFrom(Seal.Open(Place, key, sealedRecord));
            return record.TextCase switch
            {
                ReferenceRecord.TextOneofCase.Entry => new SentText.Entry(
                    new EntryId(new Bytes32(record.Entry.Span))
                ),
                ReferenceRecord.TextOneofCase.Outbox => new SentText.Waiting(record.Outbox),
                _ => new SentText.Discarded(),
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }
}
