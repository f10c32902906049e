using PeerChat.Primitives;

namespace PeerChat.Rooms.Hello;

/// <summary>The first flight, HELLO (crypto.md section 2); the same size for everybody.</summary>
/// <remarks>
/// <code>
/// version min 2 | version max 2 | features 8 | context 1 | knock 16
/// </code>
/// </remarks>
internal readonly record struct HelloFrame(HelloVersions Versions, HelloContext Context, UInt128 KnockValue)
{
    internal const int Size = 29;

    /// <summary>Reads a frame; refuses other sizes, an empty range of versions and unknown contexts.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> source, out HelloFrame frame)
    {
        frame = default;
        var reader = new SpanReader(source);
        if (
            source.Length != Size
            || !reader.TryReadUInt16(out var min)
            || !reader.TryReadUInt16(out var max)
            || !reader.TryReadUInt64(out var features)
            || !reader.TryReadByte(out var context)
            || !reader.TryReadUInt64(out var knockHigh)
            || !reader.TryReadUInt64(out var knockLow)
            || min > max
            || context > (byte)HelloContext.Stranger
        )
        {
            return false;
        }

        frame = new HelloFrame(
            new HelloVersions(min, max, features),
            (HelloContext)context,
            new UInt128(knockHigh, knockLow)
        );
        return true;
    }

    internal byte[] ToArray()
    {
        var bytes = new byte[Size];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt16(Versions.Min);
        writer.WriteUInt16(Versions.Max);
        writer.WriteUInt64(Versions.Features);
        writer.WriteByte((byte)Context);
        writer.WriteUInt64((ulong)(KnockValue >> 64));
        writer.WriteUInt64((ulong)(KnockValue & ulong.MaxValue));
        return bytes;
    }
}
