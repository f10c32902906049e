using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryUndo()
    {
        Span<byte> row = _current;
        ReadOnlySpan<byte> above = _previous;
        var back = _pixelBytes;
        if (above.Length != row.Length)
        {
            return false; // never; it spares the check of each byte
        }
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
                    var at = 0;
                    for (; at <= row.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
                    {
                        (Vector128.Create(above[at..]) + Vector128.Create<byte>(row[at..])).CopyTo(row[at..]);
                    }

                    for (; at < row.Length; at++)
                    {
                        row[at] += above[at];
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
                    for (var index = 0; index < Math.Min(back, row.Length); index++)
                    {
                        row[index] += above[index];
                    }

                    if (back == 3)
                    {
                        UndoThree(row, above);
                        return true;
                    }

                    for (var index = back; index < row.Length; index++)
                    {
                        row[index] += (byte)Paeth(row[index - back], above[index], above[index - back]);
                    }

                    return true;
                default:
                    return false;
            }
        }
    }

    // What photos are: the three samples of a pixel wait for the one to the left and not for each other
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UndoThree(Span<byte> row, ReadOnlySpan<byte> above)
    {
        unchecked
        {
            var (red, green, blue) = (0, 0, 0);
            var (cornerRed, cornerGreen, cornerBlue) = (0, 0, 0);
            for (var index = 0; index + 2 < row.Length; index += 3)
            {
                int up = above[index];
                red = index == 0 ? row[0] : (byte)(row[index] + Paeth(red, up, cornerRed));
                row[index] = (byte)red;
                cornerRed = up;
                up = above[index + 1];
                green = index == 0 ? row[1] : (byte)(row[index + 1] + Paeth(green, up, cornerGreen));
                row[index + 1] = (byte)green;
                cornerGreen = up;
                up = above[index + 2];
                blue = index == 0 ? row[2] : (byte)(row[index + 2] + Paeth(blue, up, cornerBlue));
                row[index + 2] = (byte)blue;
                cornerBlue = up;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp) = (up - corner, left - corner);
        var toCorner = Math.Abs(toLeft + toUp);
        (toLeft, toUp) = (Math.Abs(toLeft), Math.Abs(toUp));
        return toLeft <= toUp && toLeft <= toCorner ? left
            : toUp <= toCorner ? up
            : corner;
    }
}
