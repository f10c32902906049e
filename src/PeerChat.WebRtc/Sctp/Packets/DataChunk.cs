using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>A message or a fragment of one: DATA and I-DATA.</summary>
/// <remarks>
/// RFC 9260 section 3.3.1, and RFC 8260 section 2.1 for the second form:
/// <code>
/// |  type 0  | res |I|U|B|E |        length         |   |  type 64 | res |I|U|B|E |        length         |
/// |                      TSN                         |   |                      TSN                         |
/// |     stream identifier   | stream sequence number |   |     stream identifier   |        reserved        |
/// |          payload protocol identifier             |   |               message identifier                 |
/// |                    payload                       |   | payload protocol identifier, or fragment number  |
///                                                        |                    payload                       |
/// </code>
/// </remarks>
internal readonly ref struct DataChunk
{
    /// <summary>Bytes of DATA before the payload, with the chunk header.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes of I-DATA before the payload, with the chunk header.</summary>
    public const int InterleavedHeaderSize = 20;

    /// <summary>The E bit: last fragment of a message.</summary>
    public const byte EndFlag = 0x01;

    /// <summary>The B bit: first fragment of a message.</summary>
    public const byte BeginFlag = 0x02;

    /// <summary>The U bit: delivered as soon as it is whole, outside the order of its stream.</summary>
    public const byte UnorderedFlag = 0x04;

    /// <summary>The I bit: the sender wants its SACK at once (RFC 7053).</summary>
    public const byte ImmediateFlag = 0x08;

    /// <summary>Whether this is I-DATA.</summary>
    public bool IsInterleaved { get; init; }

    /// <summary>Bits whose meaning is above.</summary>
    public byte Flags { get; init; }

    /// <summary>The chunk's number.</summary>
    public Tsn Tsn { get; init; }

    /// <summary>The stream.</summary>
    public StreamId Stream { get; init; }

    /// <summary>The message's place in its stream: the stream sequence number, or the message identifier of I-DATA.</summary>
    public MessageNumber MessageNumber { get; init; }

    /// <summary>The fragment's place in its message; only I-DATA says it, and the first is zero.</summary>
    public uint FragmentNumber { get; init; }

    /// <summary>The message's meaning; in I-DATA only the first fragment says it.</summary>
    public PayloadProtocolIdentifier Ppid { get; init; }

    /// <summary>The bytes; none in a malformed chunk that the receiver must report.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Whether a message begins here.</summary>
    public bool IsBegin => (Flags & BeginFlag) != 0;

    /// <summary>Whether a message ends here.</summary>
    public bool IsEnd => (Flags & EndFlag) != 0;

    /// <summary>Whether the message is outside its stream's order.</summary>
    public bool IsUnordered => (Flags & UnorderedFlag) != 0;

    /// <summary>Whether the sender wants its SACK at once.</summary>
    public bool IsImmediate => (Flags & ImmediateFlag) != 0;

    /// <summary>Bytes before the payload of one of the two forms.</summary>
    public static int HeaderSizeOf(bool isInterleaved) => isInterleaved ? InterleavedHeaderSize : HeaderSize;

    /// <summary>Reads a chunk.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out DataChunk chunk)
    {
        chunk = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header.Type is not (ChunkType.Data or ChunkType.InterleavedData)
            || header.Length < HeaderSizeOf(header.Type == ChunkType.InterleavedData)
        )
        {
            return false;
        }

        var isInterleaved = header.Type == ChunkType.InterleavedData;
        var isBegin = (header.Flags & BeginFlag) != 0;
        var reader = new SpanReader(source[ChunkHeader.Size..header.Length]);
        reader.TryReadUInt32(out var tsn);
        reader.TryReadUInt16(out var stream);
        reader.TryReadUInt16(out var sequence);
        var message = (uint)sequence;
        if (isInterleaved)
        {
            reader.TryReadUInt32(out message);
        }

        reader.TryReadUInt32(out var ppidOrFragment);
        var hasPpid = !isInterleaved || isBegin;
        chunk = new DataChunk
        {
            IsInterleaved = isInterleaved,
            Flags = header.Flags,
            Tsn = new Tsn(tsn),
            Stream = new StreamId(stream),
            MessageNumber = new MessageNumber(message),
            FragmentNumber = hasPpid ? 0 : ppidOrFragment,
            Ppid = new PayloadProtocolIdentifier(hasPpid ? ppidOrFragment : 0),
            Payload = reader.Rest,
        };
        return true;
    }

    /// <summary>Writes the chunk without padding.</summary>
    public void Write(ref SpanWriter writer)
    {
        var type = IsInterleaved ? ChunkType.InterleavedData : ChunkType.Data;
        new ChunkHeader(type, Flags, (ushort)(HeaderSizeOf(IsInterleaved) + Payload.Length)).Write(
            writer.Advance(ChunkHeader.Size)
        );
        writer.WriteUInt32(Tsn.Value);
        writer.WriteUInt16(Stream.Value);
        if (IsInterleaved)
        {
            writer.WriteUInt16(0);
            writer.WriteUInt32(MessageNumber.Value);
            writer.WriteUInt32(IsBegin ? Ppid.Value : FragmentNumber);
        }
        else
        {
            writer.WriteUInt16(MessageNumber.AsSequenceNumber);
            writer.WriteUInt32(Ppid.Value);
        }

        writer.WriteBytes(Payload);
    }
}
