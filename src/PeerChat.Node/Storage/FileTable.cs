using System.Buffers.Binary;
using Google.Protobuf;
using PeerChat.Node.Engine;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>The files that are sent, fetched and kept, with the keys of their blocks; sealed as drafts are.</summary>
internal sealed class FileTable
{
    private const string Place = "files.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal FileTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All files, oldest first.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<FileItem> ReadAll() =>
        _database.Read(
            "SELECT number, sealed FROM files ORDER BY number",
            row => Open(row.GetInt64(0), row.GetBytes(1))
        );

    /// <summary>Keeps a file as it stands; a new one gets its number.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(FileItem item)
    {
        if (item.Number == 0)
        {
            item.Number = _database.Insert("INSERT INTO files (sealed) VALUES (x'')");
        }

        var record = new FileRecord
        {
            Chat = item.Chat,
            Entry = item.Entry is { } entry ? ByteString.CopyFrom(entry.Value.ToArray()) : ByteString.Empty,
            Announcement = item.File is { } file ? ByteString.CopyFrom(file.Write()) : ByteString.Empty,
            Stage = (int)item.Stage,
            Own = item.IsOwn,
            Automatic = item.IsAutomatic,
            Source = item.Source,
            WithHidden = item.WithHidden,
            KeepMetadata = item.KeepMetadata,
            Name = item.Name ?? "",
            DeleteSource = item.DeleteSource,
            Reference = item.Reference ?? "",
            Folder = item.Folder ?? "",
            Path = item.Path ?? "",
            UsedMs = item.Used.UnixMilliseconds,
            Outbox = item.Outbox,
        };
        record.Holders.AddRange(item.Holders.Select(one => ByteString.CopyFrom(one.Value.ToArray())));
        _database.Write(
            "UPDATE files SET sealed = $2 WHERE number = $1",
            item.Number,
            _seal.Seal(Place, Row(item.Number), record.ToByteArray())
        );
    }

    /// <summary>Forgets a file and its key.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(long number) => _database.Write("DELETE FROM files WHERE number = $1", number);

    private FileItem Open(long number, byte[] sealedRecord)
    {
        try
        {
            var record = FileRecord.Parser.ParseFrom(_seal.Open(Place, Row(number), sealedRecord));
            return new FileItem
            {
                Number = number,
                Chat = record.Chat,
                Entry =
                    record.Entry.Length == Bytes32.Size ? new EntryId(new Bytes32(record.Entry.Span)) : null,
                File = FileAnnouncement.TryParse(record.Announcement.Span),
                Stage = (FileStage)record.Stage,
                IsOwn = record.Own,
                IsAutomatic = record.Automatic,
                Source = record.Source,
                WithHidden = record.WithHidden,
                KeepMetadata = record.KeepMetadata,
                Name = NullOf(record.Name),
                DeleteSource = record.DeleteSource,
                Reference = NullOf(record.Reference),
                Folder = NullOf(record.Folder),
                Path = NullOf(record.Path),
                Holders =
                [
                    .. record
                        .Holders.Where(one => one.Length == Bytes32.Size)
                        .Select(one => new PeerId(new Bytes32(one.Span))),
                ],
                Used = new WallTime(record.UsedMs),
                Outbox = record.Outbox,
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }

    private static string? NullOf(string text) => text.Length == 0 ? null : text;

    private static byte[] Row(long number)
    {
        var row = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(row, number);
        return row;
    }
}
