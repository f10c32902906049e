namespace PeerChat.Pictures;

/// <summary>Makes the picture of the samples of a JPEG's components, each pixel the mean of those it stands for; never larger.</summary>
/// <remarks>
/// Rows are added up sample by sample, many at once, and only what is then left is gone through pixel by pixel and turned into colours: the
/// mean of colours is the colour of the means.
/// </remarks>
/// <param name="components">One or three, complete.</param>
/// <param name="isRgb">Whether three are red, green and blue already.</param>
/// <param name="side">Samples that were made of a block of eight, on each side.</param>
internal sealed class JpegShrink(JpegComponent[] components, bool isRgb, int side)
{
    private const int Parts = 256; // into which a sample is divided where two pixels share it

    private readonly int _maxAcross = components.Max(one => one.Across);
    private readonly int _maxDown = components.Max(one => one.Down);

    /// <summary>Makes the picture.</summary>
    /// <param name="width">Its pixels in the file, across.</param>
    /// <param name="height">The same, down.</param>
    /// <param name="maxWidth">The greatest width of the result.</param>
    /// <param name="maxHeight">Its greatest height.</param>
    public Picture Make(int width, int height, int maxWidth, int maxHeight)
    {
        var (toWidth, toHeight) = PictureScaler.SizeOf(width, height, maxWidth, maxHeight);
        var columns = Edges(width, toWidth);
        var rows = Edges(height, toHeight);
        var sums = components.Select(one => new uint[one.Width]).ToArray();
        var means = components.Select(_ => new byte[toWidth]).ToArray();
        var pixels = new byte[toWidth * toHeight * Picture.PixelSize];
        for (var row = 0; row < toHeight; row++)
        {
            for (var part = 0; part < components.Length; part++)
            {
                AddRows(components[part], rows[row], rows[row + 1], sums[part]);
                Shrink(sums[part], components[part].Across, columns, rows[row + 1] - rows[row], means[part]);
                sums[part].AsSpan().Clear();
            }

            Color(means, pixels.AsSpan(row * toWidth * Picture.PixelSize));
        }

        return new Picture(toWidth, toHeight, pixels);
    }

    // Where each pixel of the result begins, and the last one ends, in parts of a sample
    private long[] Edges(int length, int toLength)
    {
        var whole = (long)length * side * Parts / JpegBlock.Side;
        var edges = new long[toLength + 1];
        for (var index = 0; index <= toLength; index++)
        {
            edges[index] = index * whole / toLength;
        }

        return edges;
    }

    private void AddRows(JpegComponent component, long from, long to, uint[] sums)
    {
        while (from < to)
        {
            var next = Math.Min(to, ((from / Parts) + 1) * Parts);
            var row = component.Row((int)(from / Parts), _maxDown);
            PictureScaler.Add(row, sums, (ushort)(next - from));
            from = next;
        }
    }

    private void Shrink(uint[] sums, int across, long[] edges, long height, byte[] means)
    {
        unchecked
        {
            for (var column = 0; column < means.Length; column++)
            {
                var (from, to) = (edges[column], edges[column + 1]);
                var area = (ulong)((to - from) * height);
                var sum = area / 2;
                while (from < to)
                {
                    var x = (int)(from / Parts);
                    var next = Math.Min(to, (x + 1L) * Parts);
                    sum += sums[x * across / _maxAcross] * (ulong)(next - from);
                    from = next;
                }

                means[column] = (byte)(sum / area);
            }
        }
    }

    private void Color(byte[][] means, Span<byte> pixels)
    {
        unchecked
        {
            for (var x = 0; x < means[0].Length; x++)
            {
                int first = means[0][x];
                var (red, green, blue) = (first, first, first);
                if (means.Length == 3)
                {
                    int second = means[1][x];
                    int third = means[2][x];
                    (red, green, blue) = (first, second, third);
                    if (!isRgb)
                    {
                        // JFIF, in 16 bits of fraction
                        red = first + (((91_881 * (third - 128)) + 32_768) >> 16);
                        green =
                            first + ((32_768 - (22_554 * (second - 128)) - (46_802 * (third - 128))) >> 16);
                        blue = first + (((116_130 * (second - 128)) + 32_768) >> 16);
                    }
                }

                pixels[x * 4] = (byte)Math.Clamp(red, 0, 255);
                pixels[(x * 4) + 1] = (byte)Math.Clamp(green, 0, 255);
                pixels[(x * 4) + 2] = (byte)Math.Clamp(blue, 0, 255);
                pixels[(x * 4) + 3] = byte.MaxValue;
            }
        }
    }
}
