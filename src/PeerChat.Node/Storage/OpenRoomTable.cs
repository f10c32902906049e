using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms;

namespace PeerChat.Node.Storage;

/// <summary>The open rooms that the user joined, found by a name that stands only sealed in the file.</summary>
public sealed class OpenRoomTable
{
    private const string Place = "open_rooms.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal OpenRoomTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All rooms, in the order of their names.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<OpenRoom> ReadAll() =>
        [
            .. _database
                .Read(
                    "SELECT room_key, sealed FROM open_rooms",
                    row => Open(row.GetBytes(0), row.GetBytes(1))
                )
                .OrderBy(room => room.Name, StringComparer.Ordinal),
        ];

    /// <summary>The room of this name, exactly as it was given to <see cref="Write"/>; null where it was not joined.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public OpenRoom? Find(string name)
    {
        var key = _seal.Index(Place, name);
        return _database.ReadBytes("SELECT sealed FROM open_rooms WHERE room_key = $1", key) is { } record
            ? Open(key, record)
            : null;
    }

    /// <summary>Keeps a room; replaces the one of the same name.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(OpenRoom room)
    {
        var record = new OpenRoomRecord
        {
            RoomId = ByteString.CopyFrom(room.RoomId.Value.ToArray()),
            Name = room.Name,
            Secret = ByteString.CopyFrom(room.Secret.Span),
            JoinedMs = room.Joined.UnixMilliseconds,
        };
        var key = _seal.Index(Place, room.Name);
        _database.Write(
            "INSERT INTO open_rooms (room_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (room_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            _seal.Seal(Place, key, record.ToByteArray())
        );
    }

    /// <summary>Forgets a room; its entries stay.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(string name) =>
        _database.Write("DELETE FROM open_rooms WHERE room_key = $1", _seal.Index(Place, name));

    private OpenRoom Open(byte[] key, byte[] sealedRecord)
    {
        try
        {
            var record = OpenRoomRecord.Parser.ParseFrom(_seal.Open(Place, key, sealedRecord));
            return new OpenRoom(
                new RoomId(new Bytes32(record.RoomId.Span)),
                record.Name,
                record.Secret.ToByteArray(),
                new WallTime(record.JoinedMs)
            );
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }
}
