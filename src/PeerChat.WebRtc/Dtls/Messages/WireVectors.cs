using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The variable-length vectors of the presentation language (RFC 5246 section 4.3).</summary>
internal static class WireVectors
{
    /// <summary>Reads a vector with a length of one byte.</summary>
    public static bool TryReadVector8(this ref SpanReader reader, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return reader.TryReadByte(out var length) && reader.TryReadBytes(length, out bytes);
    }

    /// <summary>Reads a vector with a length of two bytes.</summary>
    public static bool TryReadVector16(this ref SpanReader reader, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return reader.TryReadUInt16(out var length) && reader.TryReadBytes(length, out bytes);
    }

    /// <summary>Reads a vector with a length of three bytes.</summary>
    public static bool TryReadVector24(this ref SpanReader reader, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return reader.TryReadUInt24(out var length) && reader.TryReadBytes(length, out bytes);
    }

    /// <summary>Reads the rest of <paramref name="bytes"/> as 16-bit numbers; at least one, and nothing left over.</summary>
    public static bool TryReadNumbers(ReadOnlySpan<byte> bytes, out ushort[] numbers)
    {
        numbers = [];
        if (bytes.IsEmpty || bytes.Length % 2 != 0)
        {
            return false;
        }

        numbers = new ushort[bytes.Length / 2];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (ushort)((bytes[2 * i] << 8) | bytes[(2 * i) + 1]);
        }

        return true;
    }

    /// <summary>Writes a vector with a length of one byte.</summary>
    public static void WriteVector8(this ref SpanWriter writer, scoped ReadOnlySpan<byte> bytes)
    {
        writer.WriteByte((byte)bytes.Length);
        writer.WriteBytes(bytes);
    }

    /// <summary>Writes a vector with a length of two bytes.</summary>
    public static void WriteVector16(this ref SpanWriter writer, scoped ReadOnlySpan<byte> bytes)
    {
        writer.WriteUInt16((ushort)bytes.Length);
        writer.WriteBytes(bytes);
    }

    /// <summary>Writes a vector with a length of three bytes.</summary>
    public static void WriteVector24(this ref SpanWriter writer, scoped ReadOnlySpan<byte> bytes)
    {
        writer.WriteUInt24(bytes.Length);
        writer.WriteBytes(bytes);
    }

    /// <summary>Writes 16-bit numbers as a vector with a length of two bytes.</summary>
    public static void WriteNumbers16(this ref SpanWriter writer, scoped ReadOnlySpan<ushort> numbers)
    {
        writer.WriteUInt16((ushort)(numbers.Length * 2));
        foreach (var number in numbers)
        {
            writer.WriteUInt16(number);
        }
    }
}
