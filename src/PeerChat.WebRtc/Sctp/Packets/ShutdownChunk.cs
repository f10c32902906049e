using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The sender has no more data; it also acknowledges (RFC 9260 section 3.3.8).</summary>
/// <param name="CumulativeTsnAck">The last TSN before the first gap.</param>
internal readonly record struct ShutdownChunk(Tsn CumulativeTsnAck)
{
    /// <summary>Bytes of the chunk.</summary>
    public const int Size = 8;

    /// <summary>Reads a chunk.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out ShutdownChunk chunk)
    {
        chunk = default;
        if (
            !ChunkHeader.TryParse(source, out var header)
            || header is not { Type: ChunkType.Shutdown, Length: Size }
        )
        {
            return false;
        }

        var reader = new SpanReader(source[ChunkHeader.Size..]);
        reader.TryReadUInt32(out var tsn);
        chunk = new ShutdownChunk(new Tsn(tsn));
        return true;
    }

    /// <summary>Writes the chunk.</summary>
    public void Write(ref SpanWriter writer)
    {
        new ChunkHeader(ChunkType.Shutdown, 0, Size).Write(writer.Advance(ChunkHeader.Size));
        writer.WriteUInt32(CumulativeTsnAck.Value);
    }
}
