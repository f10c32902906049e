namespace PeerChat.Pictures;

/// <summary>A Huffman table (T.81, annex C).</summary>
internal sealed class JpegHuffman
{
    private const int MaxLength = 16;
    private const int FastBits = 9;

    private readonly int[] _maxCode = new int[MaxLength + 2];
    private readonly int[] _offset = new int[MaxLength + 1];
    private readonly byte[] _values;
    private readonly short[] _fast = new short[1 << FastBits]; // length in the upper byte, value in the lower; 0 for longer codes

    private JpegHuffman(byte[] values) => _values = values;

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
                    var entry = (short)((length << 8) | made._values[at]);
                    made._fast.AsSpan(code << (FastBits - length), 1 << (FastBits - length)).Fill(entry);
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
        var fast = _fast[bits.Peek(FastBits)];
        if (fast != 0)
        {
            bits.Skip(fast >> 8);
            return fast & 0xFF;
        }

        var code = bits.Peek(MaxLength);
        for (var length = FastBits + 1; length <= MaxLength; length++)
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
}
