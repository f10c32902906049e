namespace PeerChat.Rooms.Files;

/// <summary>Unsigned numbers in groups of seven bits, least significant first, as multiformats and protobuf write them.</summary>
internal static class Varint
{
    /// <summary>The longest form of a 64-bit number.</summary>
    public const int MaxSize = 10;

    /// <summary>How many bytes a number takes.</summary>
    public static int SizeOf(ulong value)
    {
        var size = 1;
        while (value >= 0x80)
        {
            value >>= 7;
            size++;
        }

        return size;
    }

    /// <summary>Writes a number.</summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            destination[at++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads a number from the front and moves past it; false when it is cut off, longer than it need be, or over 64 bits.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var at = 0; at < source.Length && at < MaxSize; at++)
        {
            var part = source[at];
            if (at == MaxSize - 1 && part > 1)
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << (7 * at);
            if (part < 0x80)
            {
                source = source[(at + 1)..];
                return part != 0 || at == 0;
            }
        }

        return false;
    }
}
