using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The fixed fields of INIT and INIT ACK; parameters follow them (RFC 9260 sections 3.3.2 and 3.3.3).</summary>
/// <param name="InitiateTag">The tag that the sender wants to see in every packet to it.</param>
/// <param name="AdvertisedReceiverWindow">The sender's receive buffer in bytes.</param>
/// <param name="OutboundStreams">How many streams the sender may send on.</param>
/// <param name="InboundStreams">How many streams the sender receives on.</param>
/// <param name="InitialTsn">The number of the sender's first DATA chunk.</param>
internal readonly record struct InitChunk(
    VerificationTag InitiateTag,
    uint AdvertisedReceiverWindow,
    ushort OutboundStreams,
    ushort InboundStreams,
    Tsn InitialTsn
)
{
    /// <summary>Bytes before the parameters, with the chunk header.</summary>
    public const int HeaderSize = 20;

    /// <summary>Reads INIT or INIT ACK.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> source,
        out InitChunk init,
        out ReadOnlySpan<byte> parameters
    )
    {
        init = default;
        parameters = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header.Type is not (ChunkType.Init or ChunkType.InitAck)
            || header.Length < HeaderSize
        )
        {
            return false;
        }

        var reader = new SpanReader(source[ChunkHeader.Size..header.Length]);
        reader.TryReadUInt32(out var tag);
        reader.TryReadUInt32(out var window);
        reader.TryReadUInt16(out var outbound);
        reader.TryReadUInt16(out var inbound);
        reader.TryReadUInt32(out var tsn);
        init = new InitChunk(new VerificationTag(tag), window, outbound, inbound, new Tsn(tsn));
        parameters = reader.Rest;
        return true;
    }

    /// <summary>Writes INIT or INIT ACK with parameters that are already padded.</summary>
    public void Write(ref SpanWriter writer, ChunkType type, ReadOnlySpan<byte> parameters)
    {
        new ChunkHeader(type, 0, (ushort)(HeaderSize + parameters.Length)).Write(
            writer.Advance(ChunkHeader.Size)
        );
        writer.WriteUInt32(InitiateTag.Value);
        writer.WriteUInt32(AdvertisedReceiverWindow);
        writer.WriteUInt16(OutboundStreams);
        writer.WriteUInt16(InboundStreams);
        writer.WriteUInt32(InitialTsn.Value);
        writer.WriteBytes(parameters);
    }
}
