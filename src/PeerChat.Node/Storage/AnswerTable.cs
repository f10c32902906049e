using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>How first-contact requests were answered, one answer for each identity, sealed as contacts are.</summary>
public sealed class AnswerTable
{
    /// <summary>So many of the newest are kept: more than anybody answers by hand in a year or looks through in a list.</summary>
    public const int MaxAnswers = 200;

    private const string Place = "answers.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal AnswerTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All answers, oldest first.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<AnsweredRequest> ReadAll() =>
        _database.Read(
            "SELECT peer_key, sealed FROM answers ORDER BY number",
            row => Open(row.GetBytes(0), row.GetBytes(1))
        );

    /// <summary>Keeps an answer; replaces the one to the same identity, and the oldest go where there are too many.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(AnsweredRequest answer)
    {
        Remove(answer.PeerId);
        var record = new AnswerRecord
        {
            PeerId = ByteString.CopyFrom(answer.PeerId.Value.ToArray()),
            Request = answer.Request,
            Name = answer.Name,
            Accepted = answer.Accepted,
            AtMs = answer.At.UnixMilliseconds,
        };
        var key = KeyOf(answer.PeerId);
        _database.Write(
            "INSERT INTO answers (peer_key, sealed) VALUES ($1, $2)",
            key,
            _seal.Seal(Place, key, record.ToByteArray())
        );
        _database.Write(
            "DELETE FROM answers WHERE number <= (SELECT number FROM answers ORDER BY number DESC LIMIT 1 OFFSET $1)",
            (long)MaxAnswers
        );
    }

    /// <summary>Forgets the answer to an identity.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(PeerId id) => _database.Write("DELETE FROM answers WHERE peer_key = $1", KeyOf(id));

    private byte[] KeyOf(PeerId id) => _seal.Index(Place, id.Value.ToArray());

    private AnsweredRequest Open(byte[] key, byte[] sealedRecord)
    {
        try
        {
            var record = AnswerRecord.Parser.ParseFrom(_seal.Open(Place, key, sealedRecord));
            return new AnsweredRequest(
                new PeerId(new Bytes32(record.PeerId.Span)),
                record.Request,
                record.Name,
                record.Accepted,
                new WallTime(record.AtMs)
            );
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }
}
