using System.Text;
using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Messages;

namespace PeerChat.Rooms.Files;

/// <summary>What the members of a room are told of a file: its names, what it is, and the key of its blocks.</summary>
/// <param name="Root">The CID of its root; known to members only.</param>
/// <param name="Address">The hash of the root's sealed block, under which it is asked for.</param>
/// <param name="Key">What the keys of the blocks are derived from; random for each announcement.</param>
/// <param name="Name">Its name, as its author wrote it: not clean, and not safe for a disk.</param>
/// <param name="Size">Bytes of all files.</param>
/// <param name="Files">How many files; 1 for a file.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="MediaType">What its author says it is; empty for nothing.</param>
public sealed record FileAnnouncement(
    Cid Root,
    Bytes32 Address,
    Bytes32 Key,
    string Name,
    long Size,
    int Files,
    bool IsFolder,
    string MediaType
)
{
    /// <summary>The greatest file that is announced: 8 TiB, the number of chunks that a node keeps track of.</summary>
    public const long MaxSize = (long)FileLimits.MaxBlocks * FileLimits.ChunkSize;

    /// <summary>Characters of a media type: the longest that is registered has 90.</summary>
    public const int MaxMediaType = 100;

    /// <summary>Whether it keeps all limits.</summary>
    public bool IsSound =>
        Name.Length > 0
        && Encoding.UTF8.GetByteCount(Name) <= FileLimits.MaxNameBytes
        && Size is >= 0 and <= MaxSize
        && Files is >= 0 and <= FileLimits.MaxEntries
        && (IsFolder || Files == 1)
        && (!IsFolder || Root.Codec == CidCodec.DagPb)
        && (Root.Codec == CidCodec.DagPb || Size <= FileLimits.ChunkSize)
        && MediaType.Length <= MaxMediaType
        && MediaType.All(sign => sign is > ' ' and < '\x7f');

    /// <summary>Reads the bytes of <see cref="Write"/>; null when they are none.</summary>
    public static FileAnnouncement? TryParse(ReadOnlySpan<byte> bytes) =>
        MessageBody.TryParse(bytes) is MessageBody.File file ? file.Announced : null;

    /// <summary>Its bytes, to be kept until it can be sent.</summary>
    public byte[] Write() => new MessageBody.File(this).Write();

    /// <summary>Takes what came from somebody; null when a limit is broken.</summary>
    internal static FileAnnouncement? Check(Messages.Wire.FileBody body)
    {
        if (
            !Cid.TryParse(body.Root.Span, out var root)
            || body.Address.Length != Bytes32.Size
            || body.Key.Length != Bytes32.Size
            || body.Size > MaxSize
            || body.Files > FileLimits.MaxEntries
        )
        {
            return null;
        }

        var announced = new FileAnnouncement(
            root,
            new Bytes32(body.Address.Span),
            new Bytes32(body.Key.Span),
            body.Name,
            (long)body.Size,
            (int)body.Files,
            body.Folder,
            body.MediaType
        );
        return announced.IsSound ? announced : null;
    }

    /// <summary>The body; older versions show the name.</summary>
    internal Messages.Wire.ContentBody ToWire() =>
        new()
        {
            File = new Messages.Wire.FileBody
            {
                Root = ByteString.CopyFrom(Root.ToArray()),
                Address = ByteString.CopyFrom(Address.ToArray()),
                Key = ByteString.CopyFrom(Key.ToArray()),
                Name = Name,
                Size = (ulong)Size,
                Files = (uint)Files,
                Folder = IsFolder,
                MediaType = MediaType,
            },
            Fallback = Name,
        };
}
