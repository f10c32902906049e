using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The Re-configuration Response Parameter (RFC 6525 section 4.4).</summary>
/// <param name="Number">The request that it answers.</param>
/// <param name="Result">What became of it; any value may come in.</param>
internal readonly record struct ReconfigurationResponse(uint Number, ResetResult Result)
{
    /// <summary>Bytes with the header; the two optional TSNs belong to requests that we never send.</summary>
    public const int Size = ParameterReader.HeaderSize + (2 * sizeof(uint));

    /// <summary>Reads a parameter with its header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> parameter, out ReconfigurationResponse response)
    {
        var isLongEnough = parameter.Length >= Size;
        var reader = new SpanReader(isLongEnough ? parameter[ParameterReader.HeaderSize..] : default);
        reader.TryReadUInt32(out var number);
        reader.TryReadUInt32(out var result);
        response = new ReconfigurationResponse(number, (ResetResult)result);
        return isLongEnough;
    }

    /// <summary>The parameter with its header.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt16(ParameterType.ReconfigurationResponse);
        writer.WriteUInt16(Size);
        writer.WriteUInt32(Number);
        writer.WriteUInt32((uint)Result);
        return bytes;
    }
}
