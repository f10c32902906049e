namespace PeerChat.Pictures;

/// <summary>A Huffman table (T.81, annex C).</summary>
internal sealed class JpegHuffman
{
    /// <summary>Bits by which <see cref="Entries"/> is looked into; most codes and the numbers behind them have fewer.</summary>
    public const int FastBits = 10;

    /// <summary>In an entry: the number behind the code is in it too.</summary>
    public const int IsWhole = 1 << 12;

    /// <summary>In an entry: how many bits it stands for; 0 where the code is longer.</summary>
    public const int LengthMask = 31;

    /// <summary>In an entry: where the number stands, or else the code's value.</summary>
    public const int ValueShift = 16;

    /// <summary>In a whole entry: where the zeros before the number stand, four bits.</summary>
    public const int RunShift = 8;

    private const int MaxLength = 16;

    private readonly int[] _maxCode = new int[MaxLength + 2];
    private readonly int[] _offset = new int[MaxLength + 1];
    private readonly byte[] _values;

    private JpegHuffman(byte[] values) => _values = values;

    /// <summary>What the next <see cref="FastBits"/> bits begin with.</summary>
    public int[] Entries { get; } = new int[1 << FastBits];

    /// <summary>Reads a table behind its byte of kind and number; false where its codes do not fit.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> body, out JpegHuffman? table)
    {
        table = null;
        var counts = body.Slice(1, MaxLength);
        var total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        if (total > 256 || body.Length < 1 + MaxLength + total)
        {
            return false;
        }

        var made = new JpegHuffman(body.Slice(1 + MaxLength, total).ToArray());
        var (code, at) = (0, 0);
        for (var length = 1; length <= MaxLength; length++)
        {
            made._offset[length] = at - code;
            for (var index = 0; index < counts[length - 1]; index++, code++, at++)
            {
                if (code >= 1 << length)
                {
                    return false;
                }

                if (length <= FastBits)
                {
                    made.Enter(code, length, made._values[at]);
                }
            }

            made._maxCode[length] = counts[length - 1] == 0 ? -1 : code - 1;
            code <<= 1;
        }

        body = body[(1 + MaxLength + total)..];
        table = made;
        return true;
    }

    /// <summary>Reads the next value; −1 where there is none.</summary>
    public int Read(ref JpegBits bits)
    {
        if (bits.Count < MaxLength)
        {
            bits.Fill();
        }

        var entry = Entries[(int)(bits.Buffer >> (64 - FastBits))];
        if ((entry & (LengthMask | IsWhole)) is > 0 and <= LengthMask)
        {
            bits.Skip(entry & LengthMask);
            return entry >> ValueShift;
        }

        return ReadSlowly(ref bits);
    }

    /// <summary>Reads the next value bit by bit; −1 where there is none.</summary>
    public int ReadSlowly(ref JpegBits bits)
    {
        var code = bits.Peek(MaxLength);
        for (var length = 1; length <= MaxLength; length++)
        {
            var value = code >> (MaxLength - length);
            if (_maxCode[length] >= 0 && value <= _maxCode[length])
            {
                bits.Skip(length);
                var at = value + _offset[length];
                return at >= 0 && at < _values.Length ? _values[at] : -1;
            }
        }

        return -1;
    }

    // A code followed by the number whose size its value says: where both fit they are one entry (run, size: T.81, F.1.2.2)
    private void Enter(int code, int length, byte value)
    {
        var (run, size) = (value >> 4, value & 15);
        var rest = FastBits - length;
        for (var tail = 0; tail < 1 << rest; tail++)
        {
            Entries[(code << rest) | tail] =
                size > 0 && size <= rest
                    ? (JpegBits.Signed(tail >> (rest - size), size) << ValueShift)
                        | IsWhole
                        | (run << RunShift)
                        | (length + size)
                    : (value << ValueShift) | length;
        }
    }
}
