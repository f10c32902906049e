using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>A message or a fragment of one (RFC 9260 section 3.3.1).</summary>
/// <remarks>
/// <code>
/// |  type 0  | res |I|U|B|E |        length         |
/// |                      TSN                         |
/// |     stream identifier   | stream sequence number |
/// |          payload protocol identifier             |
/// |                    payload                       |
/// </code>
/// </remarks>
internal readonly ref struct DataChunk
{
    /// <summary>Bytes before the payload, with the chunk header.</summary>
    public const int HeaderSize = 16;

    /// <summary>The E bit: last fragment of a message.</summary>
    public const byte EndFlag = 0x01;

    /// <summary>The B bit: first fragment of a message.</summary>
    public const byte BeginFlag = 0x02;

    /// <summary>The U bit: delivered as soon as it is whole, and its sequence number means nothing.</summary>
    public const byte UnorderedFlag = 0x04;

    /// <summary>The I bit: the sender wants its SACK at once (RFC 7053).</summary>
    public const byte ImmediateFlag = 0x08;

    /// <summary>Bits whose meaning is above.</summary>
    public byte Flags { get; init; }

    /// <summary>The chunk's number.</summary>
    public Tsn Tsn { get; init; }

    /// <summary>The stream.</summary>
    public StreamId Stream { get; init; }

    /// <summary>The message's place in its stream.</summary>
    public StreamSequenceNumber StreamSequenceNumber { get; init; }

    /// <summary>The message's meaning.</summary>
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

    /// <summary>Reads a chunk.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out DataChunk chunk)
    {
        chunk = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header.Type != ChunkType.Data
            || header.Length < HeaderSize
        )
        {
            return false;
        }

        var reader = new SpanReader(source[ChunkHeader.Size..header.Length]);
        reader.TryReadUInt32(out var tsn);
        reader.TryReadUInt16(out var stream);
        reader.TryReadUInt16(out var ssn);
        reader.TryReadUInt32(out var ppid);
        chunk = new DataChunk
        {
            Flags = header.Flags,
            Tsn = new Tsn(tsn),
            Stream = new StreamId(stream),
            StreamSequenceNumber = new StreamSequenceNumber(ssn),
            Ppid = new PayloadProtocolIdentifier(ppid),
            Payload = reader.Rest,
        };
        return true;
    }

    /// <summary>Writes the chunk without padding.</summary>
    public void Write(ref SpanWriter writer)
    {
        new ChunkHeader(ChunkType.Data, Flags, (ushort)(HeaderSize + Payload.Length)).Write(
            writer.Advance(ChunkHeader.Size)
        );
        writer.WriteUInt32(Tsn.Value);
        writer.WriteUInt16(Stream.Value);
        writer.WriteUInt16(StreamSequenceNumber.Value);
        writer.WriteUInt32(Ppid.Value);
        writer.WriteBytes(Payload);
    }
}
