using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PeerChat.Pictures;

/// <summary>The bits of a scan, with what was stuffed in taken out.</summary>
/// <remarks>
/// The next bit is the highest of <see cref="Buffer"/>. Whoever reads many bits keeps <see cref="Buffer"/> and <see cref="Count"/> in variables of
/// its own, which stay in registers, and puts them back before it calls anything here.
/// </remarks>
/// <param name="source">From the scan's first byte on.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> source)
{
    /// <summary>Bits that are there after <see cref="Fill"/>: more than a code and the number behind it have.</summary>
    public const int Filled = 57;

    private const ulong Ones = 0x0101_0101_0101_0101;
    private const ulong Tops = 0x8080_8080_8080_8080;

    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;
    private int _invented; // bits beyond the end

    /// <summary>The bits that come next, the first of them highest.</summary>
    public ulong Buffer;

    /// <summary>How many of them count.</summary>
    public int Count;

    /// <summary>Whether more bits were taken than there are.</summary>
    public readonly bool IsOver => _invented > Count + 64;

    /// <summary>The next bits, without taking them; zeros beyond the end.</summary>
    public int Peek(int count)
    {
        if (Count < count)
        {
            Fill();
        }

        return count == 0 ? 0 : (int)(Buffer >> (64 - count));
    }

    /// <summary>Takes bits that were looked at.</summary>
    public void Skip(int count)
    {
        Buffer <<= count;
        Count -= count;
    }

    /// <summary>Takes the next bits, 16 at most.</summary>
    public int Take(int count)
    {
        var value = Peek(count);
        Skip(count);
        return value;
    }

    /// <summary>Takes a number of so many bits in the form of T.81, F.12.</summary>
    public int TakeSigned(int count) => Signed(Take(count), count);

    /// <summary>The number that so many bits stand for (T.81, F.12).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Signed(int bits, int count) =>
        count > 0 && bits < 1 << (count - 1) ? bits - (1 << count) + 1 : bits;

    /// <summary>Passes a restart marker; false where there is none near.</summary>
    public bool TryTakeRestart()
    {
        (Buffer, Count, _invented) = (0, 0, 0);
        while (_at + 1 < _source.Length)
        {
            if (_source[_at] == 0xFF && _source[_at + 1] is >= 0xD0 and <= 0xD7)
            {
                _at += 2;
                return true;
            }

            if (_source[_at] == 0xFF && _source[_at + 1] is not (0 or 0xFF))
            {
                return false;
            }

            _at++;
        }

        return false;
    }

    /// <summary>Where, from the scan's first byte, the next marker is that is no restart.</summary>
    public readonly int SkipToMarker()
    {
        // Bytes that were filled in but not used hold no marker, as filling ends at one
        var at = _at;
        while (at + 1 < _source.Length)
        {
            var next = _source[at..^1].IndexOf((byte)0xFF);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (_source[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at++;
        }

        return _source.Length;
    }

    /// <summary>Takes bytes in until at least <see cref="Filled"/> bits are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill()
    {
        unchecked
        {
            if (Count < Filled && _at <= _source.Length - sizeof(ulong))
            {
                var next = BinaryPrimitives.ReadUInt64BigEndian(_source[_at..]);
                if (((~next - Ones) & next & Tops) == 0)
                {
                    // No byte of the eight is 0xFF: as many as fit. What is set beyond Count are the bits that come again
                    Buffer |= next >> Count;
                    var taken = (64 - Count) >> 3;
                    _at += taken;
                    Count += taken << 3;
                    return;
                }
            }

            FillByBytes();
        }
    }

    private void FillByBytes()
    {
        unchecked
        {
            Buffer = Count == 0 ? 0 : Buffer & (ulong.MaxValue << (64 - Count));
            while (Count < Filled)
            {
                byte next = 0;
                if (_at < _source.Length && _source[_at] != 0xFF)
                {
                    next = _source[_at++];
                }
                else if (_at + 1 < _source.Length && _source[_at + 1] == 0)
                {
                    next = 0xFF;
                    _at += 2;
                }
                else
                {
                    _invented += 8;
                }

                Buffer |= (ulong)next << (56 - Count);
                Count += 8;
            }
        }
    }
}
