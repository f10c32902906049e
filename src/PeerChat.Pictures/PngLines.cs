namespace PeerChat.Pictures;

/// <summary>The rows of a PNG's pass, decompressed and with the filters undone.</summary>
internal sealed class PngLines
{
    private readonly Stream _source;
    private readonly int _pixelBytes;
    private readonly byte[] _filter = new byte[1];
    private byte[] _current;
    private byte[] _previous;

    /// <summary>Begins a pass of rows of this width.</summary>
    public PngLines(Stream source, in PngDecoder.PngHeader header, int width)
    {
        _source = source;
        var bits = header.Depth * header.Samples;
        _pixelBytes = Math.Max(1, bits / 8);
        var length = (int)((((long)width * bits) + 7) / 8);
        (_current, _previous) = (new byte[length], new byte[length]);
    }

    /// <summary>The row that was read last.</summary>
    public ReadOnlySpan<byte> Current => _current;

    /// <summary>Reads the next row; false where there is none or it makes no sense.</summary>
    public bool TryRead()
    {
        (_current, _previous) = (_previous, _current);
        try
        {
            if (
                _source.ReadAtLeast(_filter, 1, throwOnEndOfStream: false) < 1
                || _source.ReadAtLeast(_current, _current.Length, throwOnEndOfStream: false) < _current.Length
            )
            {
                return false;
            }
        }
        catch (InvalidDataException)
        {
            return false; // what came so far is shown
        }

        return TryUndo();
    }

    private bool TryUndo()
    {
        var (row, above, back) = (_current, _previous, _pixelBytes);
        unchecked
        {
            switch (_filter[0])
            {
                case 0:
                    return true;
                case 1:
                    for (var index = back; index < row.Length; index++)
                    {
                        row[index] += row[index - back];
                    }

                    return true;
                case 2:
                    for (var index = 0; index < row.Length; index++)
                    {
                        row[index] += above[index];
                    }

                    return true;
                case 3:
                    for (var index = 0; index < row.Length; index++)
                    {
                        var left = index < back ? 0 : row[index - back];
                        row[index] += (byte)((left + above[index]) / 2);
                    }

                    return true;
                case 4:
                    for (var index = 0; index < row.Length; index++)
                    {
                        row[index] +=
                            index < back
                                ? above[index]
                                : (byte)Paeth(row[index - back], above[index], above[index - back]);
                    }

                    return true;
                default:
                    return false;
            }
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (toLeft, toUp, toCorner) = (
            Math.Abs(estimate - left),
            Math.Abs(estimate - up),
            Math.Abs(estimate - corner)
        );
        return toLeft <= toUp && toLeft <= toCorner ? left
            : toUp <= toCorner ? up
            : corner;
    }
}
