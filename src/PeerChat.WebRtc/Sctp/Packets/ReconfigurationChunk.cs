namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>RE-CONFIG: one parameter or two (RFC 6525 section 3.1).</summary>
internal readonly ref struct ReconfigurationChunk
{
    private ReconfigurationChunk(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        First = first;
        Second = second;
    }

    /// <summary>The first parameter with its header, without padding.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>The second one; empty when there is none.</summary>
    public ReadOnlySpan<byte> Second { get; }

    /// <summary>Reads a chunk whose parameters may stand together; any other is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out ReconfigurationChunk chunk)
    {
        chunk = default;
        if (!ChunkHeader.TryParse(source, out var header) || header.Type != ChunkType.Reconfiguration)
        {
            return false;
        }

        var reader = new ParameterReader(source[ChunkHeader.Size..header.Length]);
        if (!reader.TryRead(out var firstType, out var first))
        {
            return false;
        }

        var hasSecond = reader.TryRead(out var secondType, out var second);
        if (reader.TryRead(out _, out _) || (hasSecond && !MayStandTogether(firstType, secondType)))
        {
            return false;
        }

        chunk = new ReconfigurationChunk(first, second);
        return true;
    }

    /// <summary>A chunk with these parameters, each with its header and without padding.</summary>
    public static byte[] Create(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        var value = new byte[second.IsEmpty ? first.Length : Padding.RoundUp(first.Length) + second.Length];
        first.CopyTo(value);
        second.CopyTo(value.AsSpan(second.IsEmpty ? value.Length : Padding.RoundUp(first.Length)));
        return BareChunk.Create(ChunkType.Reconfiguration, value);
    }

    private static bool MayStandTogether(ushort first, ushort second) =>
        (first, second)
            is
                (ParameterType.OutgoingReset, ParameterType.IncomingReset)
                or
                (ParameterType.IncomingReset, ParameterType.OutgoingReset)
                or
                (ParameterType.AddOutgoingStreams, ParameterType.AddIncomingStreams)
                or
                (ParameterType.AddIncomingStreams, ParameterType.AddOutgoingStreams)
                or
                (ParameterType.ReconfigurationResponse, ParameterType.OutgoingReset)
                or
                (ParameterType.OutgoingReset, ParameterType.ReconfigurationResponse)
                or
                (ParameterType.ReconfigurationResponse, ParameterType.ReconfigurationResponse);
}
