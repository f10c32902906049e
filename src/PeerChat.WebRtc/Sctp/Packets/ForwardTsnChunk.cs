using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Moves the receiver's cumulative TSN ack over data that was given up: FORWARD TSN and I-FORWARD TSN.</summary>
/// <remarks>
/// RFC 3758 section 3.2, and RFC 8260 section 2.3.1 for the second form:
/// <code>
/// |  type 192 |   flags   |          length          |   |  type 194 |   flags   |         length           |
/// |              new cumulative TSN                  |   |             new cumulative TSN                   |
/// |    stream identifier  |  stream sequence number  |   |    stream identifier  |       reserved        |U |
/// |                        ...                       |   |              message identifier                  |
/// </code>
/// </remarks>
internal readonly ref struct ForwardTsnChunk
{
    /// <summary>Bytes before the first entry, with the chunk header.</summary>
    public const int HeaderSize = 8;

    private const int EntrySize = 4;
    private const int InterleavedEntrySize = 8;
    private const ushort UnorderedBit = 1;
    private readonly ReadOnlySpan<byte> _entries;

    private ForwardTsnChunk(bool isInterleaved, Tsn newCumulativeTsn, ReadOnlySpan<byte> entries)
    {
        IsInterleaved = isInterleaved;
        NewCumulativeTsn = newCumulativeTsn;
        _entries = entries;
    }

    /// <summary>Whether this is I-FORWARD TSN.</summary>
    public bool IsInterleaved { get; }

    /// <summary>The receiver waits for nothing up to this TSN.</summary>
    public Tsn NewCumulativeTsn { get; }

    /// <summary>How many streams have skipped messages.</summary>
    public int SkippedCount => _entries.Length / SizeOfEntry(IsInterleaved);

    /// <summary>One of the streams with skipped messages.</summary>
    public SkippedStream Skipped(int index)
    {
        var entry = _entries[(index * SizeOfEntry(IsInterleaved))..];
        var stream = new StreamId(BinaryPrimitives.ReadUInt16BigEndian(entry));
        var second = BinaryPrimitives.ReadUInt16BigEndian(entry[2..]);
        return IsInterleaved
            ? new SkippedStream(
                stream,
                (second & UnorderedBit) != 0,
                new MessageNumber(BinaryPrimitives.ReadUInt32BigEndian(entry[4..]))
            )
            : new SkippedStream(stream, IsUnordered: false, new MessageNumber(second));
    }

    /// <summary>How many entries a chunk in so many bytes may have.</summary>
    public static int CapacityOf(bool isInterleaved, int room) =>
        (room - HeaderSize) / SizeOfEntry(isInterleaved);

    /// <summary>Reads a chunk; one that ends inside an entry is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out ForwardTsnChunk chunk)
    {
        chunk = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header.Type is not (ChunkType.ForwardTsn or ChunkType.InterleavedForwardTsn)
            || header.Length < HeaderSize
        )
        {
            return false;
        }

        var isInterleaved = header.Type == ChunkType.InterleavedForwardTsn;
        var entries = source[HeaderSize..header.Length];
        if (entries.Length % SizeOfEntry(isInterleaved) != 0)
        {
            return false;
        }

        var tsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(source[ChunkHeader.Size..]));
        chunk = new ForwardTsnChunk(isInterleaved, tsn, entries);
        return true;
    }

    /// <summary>Writes a chunk.</summary>
    public static void Write(
        ref SpanWriter writer,
        bool isInterleaved,
        Tsn newCumulativeTsn,
        scoped ReadOnlySpan<SkippedStream> skipped
    )
    {
        var type = isInterleaved ? ChunkType.InterleavedForwardTsn : ChunkType.ForwardTsn;
        var length = HeaderSize + (skipped.Length * SizeOfEntry(isInterleaved));
        new ChunkHeader(type, 0, (ushort)length).Write(writer.Advance(ChunkHeader.Size));
        writer.WriteUInt32(newCumulativeTsn.Value);
        foreach (var entry in skipped)
        {
            writer.WriteUInt16(entry.Stream.Value);
            if (isInterleaved)
            {
                writer.WriteUInt16(entry.IsUnordered ? UnorderedBit : (ushort)0);
                writer.WriteUInt32(entry.MessageNumber.Value);
            }
            else
            {
                writer.WriteUInt16(entry.MessageNumber.AsSequenceNumber);
            }
        }
    }

    private static int SizeOfEntry(bool isInterleaved) => isInterleaved ? InterleavedEntrySize : EntrySize;
}
