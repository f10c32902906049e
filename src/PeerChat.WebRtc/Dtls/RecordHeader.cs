using System.Buffers.Binary;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The header of every record: type, version, epoch, sequence number, length (RFC 6347 section 4.1).</summary>
/// <param name="Type">What the record carries; other values than the named ones can occur.</param>
/// <param name="Version">The version on the record.</param>
/// <param name="Epoch">0 before the keys, 1 with them.</param>
/// <param name="SequenceNumber">48 bits, counted per epoch.</param>
/// <param name="Length">Bytes that follow the header.</param>
internal readonly record struct RecordHeader(
    ContentType Type,
    ushort Version,
    ushort Epoch,
    ulong SequenceNumber,
    ushort Length
)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 13;

    /// <summary>The most plaintext in one record (RFC 5246 section 6.2.1).</summary>
    public const int MaxPlaintext = 1 << 14;

    /// <summary>The last sequence number of an epoch: 48 bits.</summary>
    public const ulong MaxSequenceNumber = (1UL << 48) - 1;

    // RFC 5246 section 6.2.3: a protected record is at most 2048 bytes longer than its plaintext.
    private const int MaxLength = MaxPlaintext + 2048;

    /// <summary>Reads a header, and checks that the record it announces is all there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out RecordHeader header)
    {
        header = default;
        if (source.Length < Size)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(source[11..]);
        if (length > MaxLength || length > source.Length - Size)
        {
            return false;
        }

        header = new RecordHeader(
            (ContentType)source[0],
            BinaryPrimitives.ReadUInt16BigEndian(source[1..]),
            BinaryPrimitives.ReadUInt16BigEndian(source[3..]),
            BinaryPrimitives.ReadUInt64BigEndian(source[3..]) & MaxSequenceNumber,
            length
        );
        return true;
    }

    /// <summary>Writes the header into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], Version);
        BinaryPrimitives.WriteUInt64BigEndian(destination[3..], EpochAndSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(destination[11..], Length);
    }

    /// <summary>Epoch and sequence number as the one 64-bit number that nonce and additional data use.</summary>
    public ulong EpochAndSequenceNumber => ((ulong)Epoch << 48) | SequenceNumber;
}
