namespace PeerChat.Pictures;

/// <summary>The bits of a scan, with what was stuffed in taken out.</summary>
/// <param name="source">From the scan's first byte on.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;
    private ulong _buffer;
    private int _bits;
    private int _invented; // bits beyond the end

    /// <summary>Whether more bits were taken than there are.</summary>
    public readonly bool IsOver => _invented > _bits + 64;

    /// <summary>The next bits, without taking them; zeros beyond the end.</summary>
    public int Peek(int count)
    {
        if (_bits < count)
        {
            Fill();
        }

        return (int)((_buffer >> (_bits - count)) & ((1UL << count) - 1));
    }

    /// <summary>Takes bits that were looked at.</summary>
    public void Skip(int count) => _bits -= count;

    /// <summary>Takes the next bits.</summary>
    public int Take(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        var value = Peek(count);
        Skip(count);
        return value;
    }

    /// <summary>Takes a number of so many bits in the form of T.81, F.12.</summary>
    public int TakeSigned(int count)
    {
        var value = Take(count);
        return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Passes a restart marker; false where there is none near.</summary>
    public bool TryTakeRestart()
    {
        (_buffer, _bits, _invented) = (0, 0, 0);
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
            if (_source[at] == 0xFF && _source[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at++;
        }

        return _source.Length;
    }

    private void Fill()
    {
        while (_bits <= 48)
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

            _buffer = (_buffer << 8) | next;
            _bits += 8;
        }
    }
}
