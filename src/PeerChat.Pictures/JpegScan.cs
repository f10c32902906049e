using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PeerChat.Pictures;

/// <summary>One pass over a JPEG: which coefficients it brings, and of which bits (T.81, F.2 and G.2).</summary>
/// <remarks>
/// Coefficients are counted in the order of the file. Those that a smaller picture does not need are read over; a picture that comes in
/// passes remembers of them only whether they are zero, as later passes have a bit for each that is not.
/// </remarks>
/// <param name="start">The first coefficient.</param>
/// <param name="end">The last.</param>
/// <param name="high">The bit above those that came before; 0 in the first pass.</param>
/// <param name="low">The lowest bit of this pass.</param>
internal sealed class JpegScan(int start, int end, int high, int low)
{
    private const int Refilled = 32; // a code of 16 bits and the number behind it, of 15

    // Taking a code stands in TryReadWhole and again in TryReadBand: as one inlined method it took 1.01 to 1.4 times as long, another time at each run

    /// <summary>Blocks that have nothing more in this pass.</summary>
    public int EndOfBand { get; set; }

    /// <summary>Reads a whole block of a picture that comes in one pass, times its table; false where the bits make no sense.</summary>
    /// <param name="bits">From where.</param>
    /// <param name="component">What it belongs to.</param>
    /// <param name="table">What each coefficient is to be multiplied with, in the order of the file.</param>
    /// <param name="block">Zeros; the coefficients that are kept go in, and the place behind the last holds the others.</param>
    /// <param name="filled">Which coefficients came, a bit for each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryReadWhole(
        ref JpegBits bits,
        JpegComponent component,
        ReadOnlySpan<float> table,
        Span<float> block,
        out ulong filled
    )
    {
        filled = 0;
        if (!TryReadFirst(ref bits, component))
        {
            return false;
        }
        unchecked
        {
            block[0] = component.LastDc * table[0];
            var huffman = component.Ac!;
            ReadOnlySpan<int> entries = huffman.Entries;
            var places = component.Places;
            var (buffer, count) = (bits.Buffer, bits.Count);
            for (var at = 1; at < 64; at++)
            {
                if (count < Refilled)
                {
                    (bits.Buffer, bits.Count) = (buffer, count);
                    bits.Fill();
                    (buffer, count) = (bits.Buffer, bits.Count);
                }

                var entry = entries[(int)(buffer >> (64 - JpegHuffman.FastBits))];
                int value;
                if ((entry & JpegHuffman.IsWhole) != 0)
                {
                    var length = entry & JpegHuffman.LengthMask;
                    buffer <<= length;
                    count -= length;
                    at += (entry >> JpegHuffman.RunShift) & 15;
                    value = entry >> JpegHuffman.ValueShift;
                }
                else
                {
                    (bits.Buffer, bits.Count) = (buffer, count);
                    var code = huffman.Read(ref bits);
                    if (code < 0)
                    {
                        return false;
                    }

                    var (run, size) = (code >> 4, code & 15);
                    value = size == 0 ? 0 : bits.TakeSigned(size);
                    (buffer, count) = (bits.Buffer, bits.Count);
                    if (size == 0)
                    {
                        if (run < 15)
                        {
                            break;
                        }

                        at += 15;
                        continue;
                    }

                    at += run;
                }

                if (at > 63)
                {
                    return false;
                }

                block[places[at]] = value * table[at];
                filled |= 1UL << at;
            }

            (bits.Buffer, bits.Count) = (buffer, count);
            return true;
        }
    }

    /// <summary>Reads what this pass has of a block of a picture that comes in passes; false where the bits make no sense.</summary>
    /// <param name="bits">From where.</param>
    /// <param name="component">What it belongs to.</param>
    /// <param name="block">The coefficients that are kept.</param>
    /// <param name="filled">Which coefficients are not zero, a bit for each.</param>
    public bool TryRead(ref JpegBits bits, JpegComponent component, Span<short> block, ref ulong filled)
    {
        if (start > 0)
        {
            return high == 0
                ? TryReadBand(ref bits, component, block, ref filled)
                : TryRefine(ref bits, component, block, ref filled);
        }

        if (high > 0)
        {
            block[0] |= (short)(bits.Take(1) << low);
            return true;
        }

        if (!TryReadFirst(ref bits, component))
        {
            return false;
        }

        block[0] = unchecked((short)(component.LastDc << low));
        return true;
    }

    private static bool TryReadFirst(ref JpegBits bits, JpegComponent component)
    {
        if (bits.Count < Refilled)
        {
            bits.Fill();
        }

        var entry = component.Dc!.Entries[(int)(bits.Buffer >> (64 - JpegHuffman.FastBits))];
        if ((entry & (JpegHuffman.IsWhole | (15 << JpegHuffman.RunShift))) == JpegHuffman.IsWhole)
        {
            bits.Skip(entry & JpegHuffman.LengthMask);
            component.LastDc = unchecked(component.LastDc + (entry >> JpegHuffman.ValueShift));
            return true;
        }

        var size = component.Dc.Read(ref bits);
        if (size is < 0 or > 15)
        {
            return false;
        }

        component.LastDc = unchecked(component.LastDc + bits.TakeSigned(size));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadBand(ref JpegBits bits, JpegComponent component, Span<short> block, ref ulong filled)
    {
        if (EndOfBand > 0)
        {
            EndOfBand--;
            return true;
        }
        unchecked
        {
            var huffman = component.Ac!;
            ReadOnlySpan<int> entries = huffman.Entries;
            var places = component.Places;
            var (buffer, count, came) = (bits.Buffer, bits.Count, filled);
            for (var at = start; at <= end; at++)
            {
                if (count < Refilled)
                {
                    (bits.Buffer, bits.Count) = (buffer, count);
                    bits.Fill();
                    (buffer, count) = (bits.Buffer, bits.Count);
                }

                var entry = entries[(int)(buffer >> (64 - JpegHuffman.FastBits))];
                int value;
                if ((entry & JpegHuffman.IsWhole) != 0)
                {
                    var length = entry & JpegHuffman.LengthMask;
                    buffer <<= length;
                    count -= length;
                    at += (entry >> JpegHuffman.RunShift) & 15;
                    value = entry >> JpegHuffman.ValueShift;
                }
                else
                {
                    (bits.Buffer, bits.Count) = (buffer, count);
                    var code = huffman.Read(ref bits);
                    if (code < 0)
                    {
                        return false;
                    }

                    var (run, size) = (code >> 4, code & 15);
                    value = bits.TakeSigned(size);
                    if (size == 0 && run < 15)
                    {
                        EndOfBand = (1 << run) - 1 + bits.Take(run);
                        filled = came;
                        return true;
                    }

                    (buffer, count) = (bits.Buffer, bits.Count);
                    at += run;
                    if (size == 0)
                    {
                        continue;
                    }
                }

                if (at > 63)
                {
                    return false;
                }

                came |= 1UL << at;
                int place = places[at];
                if (place < block.Length)
                {
                    block[place] = (short)(value << low);
                }
            }

            (bits.Buffer, bits.Count, filled) = (buffer, count, came);
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryRefine(ref JpegBits bits, JpegComponent component, Span<short> block, ref ulong filled)
    {
        unchecked
        {
            var at = start;
            var came = filled;
            var band = (ulong.MaxValue >> (63 - end)) & (ulong.MaxValue << start);
            if (EndOfBand == 0)
            {
                var huffman = component.Ac!;
                ReadOnlySpan<int> entries = huffman.Entries;
                while (at <= end)
                {
                    if (bits.Count < Refilled)
                    {
                        bits.Fill();
                    }

                    var entry = entries[(int)(bits.Buffer >> (64 - JpegHuffman.FastBits))];
                    int run;
                    var value = 0;
                    if ((entry & JpegHuffman.IsWhole) != 0)
                    {
                        bits.Skip(entry & JpegHuffman.LengthMask);
                        run = (entry >> JpegHuffman.RunShift) & 15;
                        value = (entry >> JpegHuffman.ValueShift) << low;
                        if (Math.Abs(value) != 1 << low)
                        {
                            return false;
                        }
                    }
                    else
                    {
                        var code = huffman.Read(ref bits);
                        if (code < 0 || (code & 15) > 1)
                        {
                            return false;
                        }

                        run = code >> 4;
                        if ((code & 15) == 1)
                        {
                            value = bits.Take(1) == 1 ? 1 << low : -(1 << low);
                        }
                        else if (run < 15)
                        {
                            EndOfBand = (1 << run) + bits.Take(run);
                            break;
                        }
                    }

                    // The zero after so many others, or behind the band where there are not as many
                    var from = band & (ulong.MaxValue << at);
                    var next = PlaceOf(~filled & from, run);
                    var passed = next > 63 ? from : from & ((1UL << next) - 1);
                    Correct(ref bits, component, block, filled & passed);
                    if (value != 0 && next <= end)
                    {
                        came |= 1UL << next;
                        int place = component.Places[next];
                        if (place < block.Length)
                        {
                            block[place] = (short)value;
                        }
                    }

                    at = next + 1;
                }
            }

            if (EndOfBand > 0)
            {
                if (at <= end)
                {
                    Correct(ref bits, component, block, filled & band & (ulong.MaxValue << at));
                }

                EndOfBand--;
            }

            filled = came;
            return true;
        }
    }

    // A bit for each coefficient that was not zero before this pass
    private void Correct(ref JpegBits bits, JpegComponent component, Span<short> block, ulong those)
    {
        const int AtOnce = 48;
        unchecked
        {
            ReadOnlySpan<byte> places = component.Places;
            while (those != 0)
            {
                var count = Math.Min(BitOperations.PopCount(those), AtOnce);
                if (bits.Count < count)
                {
                    bits.Fill();
                }

                var corrections = bits.Buffer;
                bits.Skip(count);
                if ((those & component.Kept) == 0 && count < AtOnce)
                {
                    return; // none of them is kept
                }

                for (; count > 0; count--, corrections <<= 1)
                {
                    var at = BitOperations.TrailingZeroCount(those);
                    those &= those - 1;
                    int place = places[at];
                    if ((long)corrections < 0 && place < block.Length && (block[place] & (1 << low)) == 0)
                    {
                        block[place] = (short)(block[place] + (block[place] > 0 ? 1 << low : -(1 << low)));
                    }
                }
            }
        }
    }

    // Where the bit stands that has so many others below it; 64 where there are not as many
    private static int PlaceOf(ulong bits, int below)
    {
        if (Bmi2.X64.IsSupported)
        {
            return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1UL << below, bits));
        }

        for (; below > 0; below--)
        {
            bits &= unchecked(bits - 1);
        }

        return BitOperations.TrailingZeroCount(bits);
    }
}
