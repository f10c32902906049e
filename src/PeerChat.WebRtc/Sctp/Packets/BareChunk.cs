namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Chunks that are a type, flags and at most bytes that the receiver only hands back.</summary>
/// <remarks>HEARTBEAT, HEARTBEAT ACK, COOKIE ECHO, COOKIE ACK, SHUTDOWN ACK, SHUTDOWN COMPLETE.</remarks>
internal static class BareChunk
{
    /// <summary>A chunk of this type around these bytes.</summary>
    public static byte[] Create(ChunkType type, ReadOnlySpan<byte> value = default, byte flags = 0)
    {
        var chunk = new byte[ChunkHeader.Size + value.Length];
        new ChunkHeader(type, flags, (ushort)chunk.Length).Write(chunk);
        value.CopyTo(chunk.AsSpan(ChunkHeader.Size));
        return chunk;
    }
}
