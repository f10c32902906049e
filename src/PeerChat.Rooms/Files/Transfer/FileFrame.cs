using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>What the two ends of a channel "file" say to each other: a type, then a fixed layout. Nothing else is a frame.</summary>
public abstract record FileFrame
{
    /// <summary>The version of these frames that <see cref="Open"/> names.</summary>
    public const byte Version = 1;

    /// <summary>Blocks that one frame names; as many may be asked for at once on one channel.</summary>
    public const int MaxAddresses = 64;

    /// <summary>Bytes of a block in one frame: small enough that a chat line waits for one frame only.</summary>
    public const int MaxPiece = 64 * 1024;

    /// <summary>Bytes of <see cref="Piece"/> before those of the block.</summary>
    public const int PieceHead = 1 + Bytes32.Size + sizeof(uint) + sizeof(uint);

    private FileFrame() { }

    /// <summary>Says which announced file the channel is about; the first frame of whoever opened it.</summary>
    /// <param name="Room">The room.</param>
    /// <param name="Entry">The entry that announces the file.</param>
    public sealed record Open(RoomId Room, EntryId Entry) : FileFrame;

    /// <summary>How much of the file the sender has; said again whenever that changes.</summary>
    /// <param name="Stock">How much.</param>
    public sealed record Status(FileStock Stock) : FileFrame;

    /// <summary>Asks which of the blocks below a node the other side has.</summary>
    /// <param name="Node">The node's address.</param>
    /// <param name="Cid">Its CID, without which nobody can open it.</param>
    public sealed record Ask(Bytes32 Node, Cid Cid) : FileFrame;

    /// <summary>Which of the blocks below a node the sender has.</summary>
    /// <param name="Node">The node's address.</param>
    /// <param name="Bits">One bit a link, in their order, the first in the highest bit.</param>
    public sealed record Held(Bytes32 Node, ReadOnlyMemory<byte> Bits) : FileFrame;

    /// <summary>Asks for blocks, which are given in this order.</summary>
    /// <param name="Addresses">1 to 64 of them.</param>
    public sealed record Want(IReadOnlyList<Bytes32> Addresses) : FileFrame;

    /// <summary>Takes wants back that others have fulfilled.</summary>
    /// <param name="Addresses">1 to 64 of them.</param>
    public sealed record Cancel(IReadOnlyList<Bytes32> Addresses) : FileFrame;

    /// <summary>Bytes of a sealed block; those of one block come one after the other, with none of another between.</summary>
    /// <param name="Address">The block's address.</param>
    /// <param name="Size">All bytes of the block.</param>
    /// <param name="Offset">Where these belong.</param>
    /// <param name="Bytes">1 to 65,536 of them; valid while the frame's bytes are.</param>
    public sealed record Piece(Bytes32 Address, int Size, int Offset, ReadOnlyMemory<byte> Bytes) : FileFrame
    {
        /// <summary>Writes it to an array that has room for the greatest piece.</summary>
        internal ReadOnlyMemory<byte> WriteTo(byte[] destination)
        {
            destination[0] = (byte)FileFrameType.Piece;
            Address.CopyTo(destination.AsSpan(1));
            BinaryPrimitives.WriteUInt32BigEndian(destination.AsSpan(1 + Bytes32.Size), (uint)Size);
            BinaryPrimitives.WriteUInt32BigEndian(
                destination.AsSpan(1 + Bytes32.Size + sizeof(uint)),
                (uint)Offset
            );
            Bytes.Span.CopyTo(destination.AsSpan(PieceHead));
            return destination.AsMemory(0, PieceHead + Bytes.Length);
        }
    }

    /// <summary>Blocks that were wanted and are not here.</summary>
    /// <param name="Addresses">1 to 64 of them.</param>
    public sealed record Missing(IReadOnlyList<Bytes32> Addresses) : FileFrame;

    /// <summary>Reads a frame; false for anything that <see cref="Write"/> would not write.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out FileFrame? frame)
    {
        frame = null;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var body = bytes[1..];
        frame = (FileFrameType)bytes.Span[0] switch
        {
            FileFrameType.Open when body.Length == 1 + (2 * Bytes32.Size) && body.Span[0] == Version =>
                new Open(new RoomId(AddressAt(body[1..], 0)), new EntryId(AddressAt(body[1..], 1))),
            FileFrameType.Status when body.Length == 1 && body.Span[0] <= (byte)FileStock.All => new Status(
                (FileStock)body.Span[0]
            ),
            FileFrameType.Ask
                when body.Length == Bytes32.Size + Cid.Size
                    && Cid.TryParse(body.Span[Bytes32.Size..], out var cid) => new Ask(
                AddressAt(body, 0),
                cid
            ),
            FileFrameType.Held
                when body.Length is > Bytes32.Size and <= Bytes32.Size + (FileLimits.MaxLinks / 8) =>
                new Held(AddressAt(body, 0), body[Bytes32.Size..]),
            FileFrameType.Want when AddressesOf(body) is { } wanted => new Want(wanted),
            FileFrameType.Cancel when AddressesOf(body) is { } given => new Cancel(given),
            FileFrameType.Missing when AddressesOf(body) is { } missing => new Missing(missing),
            FileFrameType.Piece => PieceOf(body),
            _ => null,
        };
        return frame is not null;
    }

    /// <summary>Its bytes.</summary>
    public byte[] Write() =>
        this switch
        {
            Open open =>
            [
                (byte)FileFrameType.Open,
                Version,
                .. open.Room.Value.ToArray(),
                .. open.Entry.Value.ToArray(),
            ],
            Status status => [(byte)FileFrameType.Status, (byte)status.Stock],
            Ask ask => [(byte)FileFrameType.Ask, .. ask.Node.ToArray(), .. ask.Cid.ToArray()],
            Held held => [(byte)FileFrameType.Held, .. held.Node.ToArray(), .. held.Bits.Span],
            Want want => WriteList(FileFrameType.Want, want.Addresses),
            Cancel cancel => WriteList(FileFrameType.Cancel, cancel.Addresses),
            Missing missing => WriteList(FileFrameType.Missing, missing.Addresses),
            Piece piece => piece.WriteTo(new byte[PieceHead + piece.Bytes.Length]).ToArray(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Piece? PieceOf(ReadOnlyMemory<byte> body)
    {
        const int Head = PieceHead - 1;
        if (body.Length is <= Head or > Head + MaxPiece)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(body.Span[Bytes32.Size..]);
        var offset = BinaryPrimitives.ReadUInt32BigEndian(body.Span[(Bytes32.Size + sizeof(uint))..]);
        var bytes = body[Head..];
        return size <= FileLimits.MaxSealedBlock && offset <= size && bytes.Length <= size - offset
            ? new Piece(AddressAt(body, 0), (int)size, (int)offset, bytes)
            : null;
    }

    private static byte[] WriteList(FileFrameType type, IReadOnlyList<Bytes32> addresses) =>
        [(byte)type, .. addresses.SelectMany(address => address.ToArray())];

    private static Bytes32[]? AddressesOf(ReadOnlyMemory<byte> body)
    {
        if (body.Length % Bytes32.Size != 0 || body.Length / Bytes32.Size is < 1 or > MaxAddresses)
        {
            return null;
        }

        var addresses = new Bytes32[body.Length / Bytes32.Size];
        for (var index = 0; index < addresses.Length; index++)
        {
            addresses[index] = AddressAt(body, index);
        }

        return addresses;
    }

    private static Bytes32 AddressAt(ReadOnlyMemory<byte> body, int index) =>
        new(body.Span.Slice(index * Bytes32.Size, Bytes32.Size));
}
