using System.Globalization;
using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms;

namespace PeerChat.Node.Storage;

/// <summary>The invitations that one has given out; their counts go down in the transaction of the admission.</summary>
public sealed class InvitationTable
{
    private const string Place = "invitations.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal InvitationTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All invitations, in the order in which they were made.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<Invitation> ReadAll() =>
        _database.Read(
            "SELECT number, sealed FROM invitations ORDER BY number",
            row => Open(row.GetInt64(0), row.GetBytes(1))
        );

    /// <summary>Keeps a new invitation, and gives it a number.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public Invitation Add(Invitation invitation)
    {
        // The row is sealed to its number, which is known once the row is there.
        var number = _database.Insert("INSERT INTO invitations (sealed) VALUES ($1)", Array.Empty<byte>());
        var numbered = invitation with { Number = number };
        Write(numbered);
        return numbered;
    }

    /// <summary>Keeps what became of an invitation.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(Invitation invitation)
    {
        var record = new InvitationRecord
        {
            RoomId = ByteString.CopyFrom(invitation.RoomId.Value.ToArray()),
            Secret = ByteString.CopyFrom(invitation.Secret.Span),
            ExpiresMs = invitation.Expires?.UnixMilliseconds ?? 0,
            UsesLeft = invitation.UsesLeft,
            CreatedMs = invitation.Created.UnixMilliseconds,
            Role = (int)invitation.Role,
        };
        _database.Write(
            "UPDATE invitations SET sealed = $2 WHERE number = $1",
            invitation.Number,
            _seal.Seal(Place, RowOf(invitation.Number), record.ToByteArray())
        );
    }

    /// <summary>Forgets an invitation: who has the link is not let in any more.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(long number) => _database.Write("DELETE FROM invitations WHERE number = $1", number);

    private static byte[] RowOf(long number) =>
        System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private Invitation Open(long number, byte[] sealedRecord)
    {
        try
        {
            var record = InvitationRecord.Parser.ParseFrom(_seal.Open(Place, RowOf(number), sealedRecord));
            return new Invitation(
                number,
                new RoomId(new Bytes32(record.RoomId.Span)),
                record.Secret.ToByteArray(),
                record.ExpiresMs == 0 ? null : new WallTime(record.ExpiresMs),
                record.UsesLeft,
                new WallTime(record.CreatedMs),
                (MemberRole)record.Role
            );
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }
}
