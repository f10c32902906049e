namespace PeerChat.Pictures;

/// <summary>One pass over a JPEG: which coefficients it brings, and of which bits (T.81, F.2 and G.2).</summary>
/// <param name="start">The first coefficient.</param>
/// <param name="end">The last.</param>
/// <param name="high">The bit above those that came before; 0 in the first pass.</param>
/// <param name="low">The lowest bit of this pass.</param>
/// <param name="isProgressive">Whether the picture comes in passes.</param>
/// <param name="onlyMeans">Whether only first coefficients are kept.</param>
internal sealed class JpegScan(int start, int end, int high, int low, bool isProgressive, bool onlyMeans)
{
    /// <summary>Blocks that have nothing more in this pass.</summary>
    public int EndOfBand { get; set; }

    /// <summary>Reads a block; false where the bits make no sense or are over.</summary>
    public bool TryRead(ref JpegBits bits, JpegComponent component, Span<short> block)
    {
        if (bits.IsOver)
        {
            return false;
        }

        return !isProgressive ? TryReadWhole(ref bits, component, block)
            : start == 0 ? TryReadFirst(ref bits, component, block)
            : high == 0 ? TryReadBand(ref bits, component.Ac!, block)
            : TryRefine(ref bits, component.Ac!, block);
    }

    private bool TryReadWhole(ref JpegBits bits, JpegComponent component, Span<short> block)
    {
        if (!TryReadFirst(ref bits, component, block))
        {
            return false;
        }

        for (var at = 1; at < 64; at++)
        {
            var code = component.Ac!.Read(ref bits);
            if (code < 0)
            {
                return false;
            }

            var (run, size) = (code >> 4, code & 15);
            if (size == 0)
            {
                if (run < 15)
                {
                    return true;
                }

                at += 15;
                continue;
            }

            at += run;
            var value = bits.TakeSigned(size);
            if (at > 63)
            {
                return false;
            }

            if (!onlyMeans)
            {
                block[JpegBlock.ZigZag[at]] = (short)value;
            }
        }

        return true;
    }

    private bool TryReadFirst(ref JpegBits bits, JpegComponent component, Span<short> block)
    {
        if (high > 0)
        {
            block[0] |= (short)(bits.Take(1) << low);
            return true;
        }

        var size = component.Dc!.Read(ref bits);
        if (size is < 0 or > 15)
        {
            return false;
        }

        component.LastDc = unchecked(component.LastDc + bits.TakeSigned(size));
        block[0] = unchecked((short)(component.LastDc << low));
        return true;
    }

    private bool TryReadBand(ref JpegBits bits, JpegHuffman table, Span<short> block)
    {
        if (EndOfBand > 0)
        {
            EndOfBand--;
            return true;
        }

        for (var at = start; at <= end; at++)
        {
            var code = table.Read(ref bits);
            if (code < 0)
            {
                return false;
            }

            var (run, size) = (code >> 4, code & 15);
            if (size == 0)
            {
                if (run < 15)
                {
                    EndOfBand = (1 << run) - 1 + bits.Take(run);
                    return true;
                }

                at += 15;
                continue;
            }

            at += run;
            if (at > 63)
            {
                return false;
            }

            block[JpegBlock.ZigZag[at]] = unchecked((short)(bits.TakeSigned(size) << low));
        }

        return true;
    }

    private bool TryRefine(ref JpegBits bits, JpegHuffman table, Span<short> block)
    {
        var at = start;
        if (EndOfBand == 0)
        {
            while (at <= end)
            {
                var code = table.Read(ref bits);
                if (code < 0)
                {
                    return false;
                }

                var (run, size) = (code >> 4, code & 15);
                short value = 0;
                if (size == 1)
                {
                    value = (short)(bits.Take(1) == 1 ? 1 << low : -(1 << low));
                }
                else if (size > 1)
                {
                    return false;
                }
                else if (run < 15)
                {
                    EndOfBand = (1 << run) + bits.Take(run);
                    break;
                }

                at = PassZeros(ref bits, block, at, run);
                if (value != 0 && at <= 63)
                {
                    block[JpegBlock.ZigZag[at]] = value;
                }

                at++;
            }
        }

        if (EndOfBand > 0)
        {
            PassZeros(ref bits, block, at, 64);
            EndOfBand--;
        }

        return true;
    }

    // Refines what is not zero, and ends at the zero after so many others
    private int PassZeros(ref JpegBits bits, Span<short> block, int at, int zeros)
    {
        for (; at <= end; at++)
        {
            ref var coefficient = ref block[JpegBlock.ZigZag[at]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                {
                    return at;
                }
            }
            else if (bits.Take(1) == 1 && (coefficient & (1 << low)) == 0)
            {
                coefficient = unchecked((short)(coefficient + (coefficient > 0 ? 1 << low : -(1 << low))));
            }
        }

        return at;
    }
}
