using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Storage;

/// <summary>The private rooms of the profile.</summary>
public sealed class PrivateRoomTable
{
    private const string Place = "private_rooms.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal PrivateRoomTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All rooms, in the order of their titles.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<PrivateRoom> ReadAll() =>
        [
            .. _database
                .Read(
                    "SELECT room_key, sealed FROM private_rooms",
                    row => Open(row.GetBytes(0), row.GetBytes(1))
                )
                .OrderBy(room => room.Title, StringComparer.Ordinal)
                .ThenBy(room => room.RoomId),
        ];

    /// <summary>Keeps a room; replaces what was kept of it.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(PrivateRoom room)
    {
        var record = new PrivateRoomRecord
        {
            RoomId = ByteString.CopyFrom(room.RoomId.Value.ToArray()),
            Title = room.Title,
            Link = room.Link,
            JoinedMs = room.Joined.UnixMilliseconds,
        };
        record.Services.AddRange(
            room.Services.Select(one => new ServiceRecord { Rung = (uint)one.Rung, Url = one.Url })
        );
        var key = _seal.Index(Place, room.RoomId.Value.ToArray());
        _database.Write(
            "INSERT INTO private_rooms (room_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (room_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            _seal.Seal(Place, key, record.ToByteArray())
        );
    }

    private PrivateRoom Open(byte[] key, byte[] sealedRecord)
    {
        try
        {
            var record = PrivateRoomRecord.Parser.ParseFrom(_seal.Open(Place, key, sealedRecord));
            return new PrivateRoom(
                new RoomId(new Bytes32(record.RoomId.Span)),
                record.Title,
                record.Link,
                new WallTime(record.JoinedMs)
            )
            {
                Services = [.. record.Services.Select(one => new ServiceHint((Rung)one.Rung, one.Url))],
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }
}
