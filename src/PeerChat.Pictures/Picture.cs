namespace PeerChat.Pictures;

/// <summary>A picture, small enough to be shown.</summary>
/// <param name="width">Its width.</param>
/// <param name="height">Its height.</param>
/// <param name="pixels">Red, green, blue and opacity of each pixel, row by row.</param>
public sealed class Picture(int width, int height, byte[] pixels)
{
    /// <summary>Bytes of one pixel.</summary>
    public const int PixelSize = 4;

    /// <summary>Its width in pixels.</summary>
    public int Width => width;

    /// <summary>Its height in pixels.</summary>
    public int Height => height;

    /// <summary>Red, green, blue and opacity of each pixel, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>The four bytes of one pixel.</summary>
    public ReadOnlySpan<byte> this[int x, int y] => pixels.AsSpan(((y * width) + x) * PixelSize, PixelSize);

    /// <summary>The picture as Exif orientation 1 to 8 wants it to be seen (Exif 2.32, tag 0x0112).</summary>
    internal Picture Turned(int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return this;
        }

        var (turnedWidth, turnedHeight) = orientation >= 5 ? (height, width) : (width, height);
        var turned = new byte[pixels.Length];
        for (var y = 0; y < turnedHeight; y++)
        {
            for (var x = 0; x < turnedWidth; x++)
            {
                var (fromX, fromY) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                this[fromX, fromY].CopyTo(turned.AsSpan(((y * turnedWidth) + x) * PixelSize));
            }
        }

        return new Picture(turnedWidth, turnedHeight, turned);
    }
}
