using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>What a receiver has and what it still has room for (RFC 9260 section 3.3.4).</summary>
/// <remarks>
/// <code>
/// |  type 3  |   flags   |           length          |
/// |                cumulative TSN ack                 |
/// |            advertised receiver window             |
/// |  number of gap ack blocks |  number of duplicates |
/// |   gap ack blocks (start, end), then duplicates    |
/// </code>
/// </remarks>
internal readonly ref struct SackChunk
{
    /// <summary>Bytes before the first gap ack block, with the chunk header.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes of one gap ack block, and of one duplicate.</summary>
    public const int ItemSize = 4;

    private readonly ReadOnlySpan<byte> _blocks;

    private SackChunk(Tsn cumulativeTsnAck, uint window, ReadOnlySpan<byte> blocks, int duplicates)
    {
        CumulativeTsnAck = cumulativeTsnAck;
        AdvertisedReceiverWindow = window;
        _blocks = blocks;
        DuplicateCount = duplicates;
    }

    /// <summary>The last TSN before the first gap.</summary>
    public Tsn CumulativeTsnAck { get; }

    /// <summary>Bytes that the receiver still has room for.</summary>
    public uint AdvertisedReceiverWindow { get; }

    /// <summary>How many TSNs came more than once.</summary>
    public int DuplicateCount { get; }

    /// <summary>How many runs of TSNs lie beyond the first gap.</summary>
    public int GapAckBlockCount => _blocks.Length / ItemSize;

    /// <summary>One run of TSNs beyond the first gap, as the peer wrote it.</summary>
    public GapAckBlock GapAckBlock(int index) =>
        new(
            BinaryPrimitives.ReadUInt16BigEndian(_blocks[(index * ItemSize)..]),
            BinaryPrimitives.ReadUInt16BigEndian(_blocks[((index * ItemSize) + 2)..])
        );

    /// <summary>What the acknowledgement in a SHUTDOWN chunk would be as a SACK (RFC 9260 section 9.2).</summary>
    public static SackChunk OfShutdown(ShutdownChunk shutdown, uint window) =>
        new(shutdown.CumulativeTsnAck, window, default, 0);

    /// <summary>Reads a chunk; one that is shorter than its counts say is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out SackChunk sack)
    {
        sack = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header.Type != ChunkType.Sack
            || header.Length < HeaderSize
        )
        {
            return false;
        }

        var reader = new SpanReader(source[ChunkHeader.Size..header.Length]);
        reader.TryReadUInt32(out var tsn);
        reader.TryReadUInt32(out var window);
        reader.TryReadUInt16(out var blocks);
        reader.TryReadUInt16(out var duplicates);
        if (reader.Remaining < (blocks + duplicates) * ItemSize)
        {
            return false;
        }

        reader.TryReadBytes(blocks * ItemSize, out var blockBytes);
        sack = new SackChunk(new Tsn(tsn), window, blockBytes, duplicates);
        return true;
    }

    /// <summary>Bytes of a chunk with so many items.</summary>
    public static int SizeOf(int blocks, int duplicates) => HeaderSize + ((blocks + duplicates) * ItemSize);

    /// <summary>Writes a chunk.</summary>
    public static void Write(
        ref SpanWriter writer,
        Tsn cumulativeTsnAck,
        uint window,
        scoped ReadOnlySpan<GapAckBlock> blocks,
        scoped ReadOnlySpan<Tsn> duplicates
    )
    {
        var length = (ushort)SizeOf(blocks.Length, duplicates.Length);
        new ChunkHeader(ChunkType.Sack, 0, length).Write(writer.Advance(ChunkHeader.Size));
        writer.WriteUInt32(cumulativeTsnAck.Value);
        writer.WriteUInt32(window);
        writer.WriteUInt16((ushort)blocks.Length);
        writer.WriteUInt16((ushort)duplicates.Length);
        foreach (var block in blocks)
        {
            writer.WriteUInt16(block.Start);
            writer.WriteUInt16(block.End);
        }

        foreach (var duplicate in duplicates)
        {
            writer.WriteUInt32(duplicate.Value);
        }
    }
}
