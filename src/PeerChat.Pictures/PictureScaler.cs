using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PeerChat.Pictures;

/// <summary>Makes a picture smaller as its rows come, each pixel the mean of those it stands for; never larger.</summary>
internal sealed class PictureScaler
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;
    private readonly uint[] _sums; // of the rows since the last one that was made; 65,535 of them fit
    private int _rows;
    private int _row;

    /// <summary>Begins a picture.</summary>
    /// <param name="sourceWidth">The width of the rows that come.</param>
    /// <param name="sourceHeight">How many come.</param>
    /// <param name="maxWidth">The greatest width of the result.</param>
    /// <param name="maxHeight">Its greatest height.</param>
    public PictureScaler(int sourceWidth, int sourceHeight, int maxWidth, int maxHeight)
    {
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        (_width, _height) = SizeOf(sourceWidth, sourceHeight, maxWidth, maxHeight);
        _pixels = new byte[_width * _height * Picture.PixelSize];
        _sums = new uint[sourceWidth * Picture.PixelSize];
    }

    /// <summary>How large a picture becomes that may be no larger than this.</summary>
    public static (int Width, int Height) SizeOf(int width, int height, int maxWidth, int maxHeight)
    {
        var scale = Math.Min(1.0, Math.Min((double)maxWidth / width, (double)maxHeight / height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    /// <summary>Adds each byte of a row to a sum of its own, so many times; 256 at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<byte> row, Span<uint> sums, ushort times = 1)
    {
        unchecked
        {
            var at = 0;
            var factor = Vector128.Create(times);
            for (; at <= row.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.Create(row[at..]));
                var (first, second) = Vector128.Widen(low * factor);
                var (third, fourth) = Vector128.Widen(high * factor);
                var target = sums.Slice(at, Vector128<byte>.Count);
                (Vector128.Create(target) + first).CopyTo(target);
                (Vector128.Create(target[4..]) + second).CopyTo(target[4..]);
                (Vector128.Create(target[8..]) + third).CopyTo(target[8..]);
                (Vector128.Create(target[12..]) + fourth).CopyTo(target[12..]);
            }

            for (; at < row.Length; at++)
            {
                sums[at] += (uint)row[at] * times;
            }
        }
    }

    /// <summary>Takes the next row: four bytes a pixel.</summary>
    public void AddRow(ReadOnlySpan<byte> row)
    {
        if (_row >= _sourceHeight)
        {
            return;
        }

        Add(row[.._sums.Length], _sums);
        _rows++;
        var target = TargetOf(_row);
        _row++;
        if (_row == _sourceHeight || TargetOf(_row) != target)
        {
            Flush(target);
        }
    }

    /// <summary>The picture; rows that never came are clear.</summary>
    public Picture Complete()
    {
        if (_rows > 0)
        {
            Flush(TargetOf(_row));
        }

        return new Picture(_width, _height, _pixels);
    }

    private int TargetOf(int row) => (int)((long)row * _height / _sourceHeight);

    private void Flush(int row)
    {
        unchecked
        {
            var x = 0;
            for (var column = 0; column < _width; column++)
            {
                var next = (int)((((long)(column + 1) * _sourceWidth) + _width - 1) / _width);
                var count = (ulong)((next - x) * (long)_rows);
                var (red, green, blue, opacity) = (0UL, 0UL, 0UL, 0UL);
                for (; x < next; x++)
                {
                    red += _sums[x * 4];
                    green += _sums[(x * 4) + 1];
                    blue += _sums[(x * 4) + 2];
                    opacity += _sums[(x * 4) + 3];
                }

                var pixel = _pixels.AsSpan(((row * _width) + column) * Picture.PixelSize, Picture.PixelSize);
                pixel[0] = (byte)(red / count);
                pixel[1] = (byte)(green / count);
                pixel[2] = (byte)(blue / count);
                pixel[3] = (byte)(opacity / count);
            }
        }

        _sums.AsSpan().Clear();
        _rows = 0;
    }
}
