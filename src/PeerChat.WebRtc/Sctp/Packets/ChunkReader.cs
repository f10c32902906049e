namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Walks through the chunks of one packet.</summary>
/// <param name="chunks">The packet after its common header.</param>
internal ref struct ChunkReader(ReadOnlySpan<byte> chunks)
{
    private ReadOnlySpan<byte> _rest = chunks;

    /// <summary>Whether the bytes that are left are no chunk.</summary>
    public readonly bool Malformed => _rest.Length > 0 && !ChunkHeader.TryParse(_rest, out _);

    /// <summary>Reads the next chunk; false at the end and when what follows is no chunk.</summary>
    /// <param name="header">The chunk's header.</param>
    /// <param name="chunk">The whole chunk with its header, without padding.</param>
    public bool TryRead(out ChunkHeader header, out ReadOnlySpan<byte> chunk)
    {
        chunk = default;
        if (!ChunkHeader.TryParse(_rest, out header))
        {
            return false;
        }

        chunk = _rest[..header.Length];
        // The padding of the last chunk may be missing
        _rest = _rest[Math.Min(Padding.RoundUp(header.Length), _rest.Length)..];
        return true;
    }
}
