using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>ERROR or ABORT with at most one cause (RFC 9260 sections 3.3.7 and 3.3.10).</summary>
internal static class ErrorChunk
{
    /// <summary>Reads the first cause of an ERROR or ABORT chunk; false when it has none.</summary>
    public static bool TryParseFirst(ReadOnlySpan<byte> chunk, out ErrorCause cause)
    {
        cause = default;
        if (!ChunkHeader.TryParse(chunk, out var header))
        {
            return false;
        }

        var causes = new ParameterReader(chunk[ChunkHeader.Size..header.Length]);
        var found = causes.TryRead(out var code, out _);
        cause = (ErrorCause)code;
        return found;
    }

    /// <summary>A chunk with one cause.</summary>
    public static byte[] Create(ChunkType type, ErrorCause cause, ReadOnlySpan<byte> value, byte flags = 0)
    {
        var length = ChunkHeader.Size + ParameterReader.HeaderSize + value.Length;
        var chunk = new byte[length];
        var writer = new SpanWriter(chunk);
        new ChunkHeader(type, flags, (ushort)length).Write(writer.Advance(ChunkHeader.Size));
        writer.WriteUInt16((ushort)cause);
        writer.WriteUInt16((ushort)(ParameterReader.HeaderSize + value.Length));
        writer.WriteBytes(value);
        return chunk;
    }
}
