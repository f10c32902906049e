using System.Buffers.Binary;
using System.IO.Compression;

namespace PeerChat.Pictures;

/// <summary>PNG (ISO/IEC 15948): all colour types and depths, interlaced or not.</summary>
internal static class PngDecoder
{
    private const int HeaderLength = 13;
    private const byte UsesPalette = 1;
    private const byte HasColor = 2;
    private const byte HasAlpha = 4;

    // Adam7: first column and row, and the steps, of each of the seven passes
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
    [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];

    /// <summary>The first bytes of each file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Decodes; null with the problem where there is nothing to show.</summary>
    public static Picture? Decode(
        ReadOnlyMemory<byte> file,
        int maxWidth,
        int maxHeight,
        out PictureProblem problem
    )
    {
        problem = PictureProblem.Malformed;
        if (!TryReadChunks(file, out var header, out var palette, out var clear, out var data))
        {
            return null;
        }

        if (
            !PictureDecoder.IsBounded(
                header.Width,
                header.Height,
                header.IsInterlaced ? PictureLimits.MaxHeldPixels : PictureLimits.MaxPixels
            )
        )
        {
            problem = PictureProblem.TooLarge;
            return null;
        }

        var scaler = new PictureScaler(header.Width, header.Height, maxWidth, maxHeight);
        using var source = new ZLibStream(new PieceStream(data), CompressionMode.Decompress);
        var colors = new PngColors(header, palette, clear);
        var rows = header.IsInterlaced
            ? ReadInterlaced(source, header, colors, scaler)
            : ReadRows(source, header, colors, scaler);
        return rows == 0 ? null : scaler.Complete();
    }

    private static bool TryReadChunks(
        ReadOnlyMemory<byte> file,
        out PngHeader header,
        out ReadOnlyMemory<byte> palette,
        out ReadOnlyMemory<byte> clear,
        out List<ReadOnlyMemory<byte>> data
    )
    {
        (header, palette, clear, data) = (default, default, default, []);
        var rest = file[Signature.Length..];
        var isFirst = true;
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
            var type = rest.Span.Slice(4, 4);
            // What is cut off is shown as far as it goes; sums are not checked, as a wrong one shows by itself
            var body = rest[8..];
            body = body[..(int)Math.Min(length, (uint)body.Length)];
            if (isFirst != type.SequenceEqual("IHDR"u8))
            {
                return false;
            }

            if (isFirst)
            {
                if (body.Length != HeaderLength || !PngHeader.TryParse(body.Span, out header))
                {
                    return false;
                }

                isFirst = false;
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = body;
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                clear = body;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.Add(body);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (length > (uint)rest.Length - 12)
            {
                break;
            }

            rest = rest[(12 + (int)length)..];
        }

        return !isFirst
            && data.Count > 0
            && ((header.ColorType & UsesPalette) == 0 || palette.Length is >= 3 and <= 768);
    }

    private static int ReadRows(Stream source, in PngHeader header, PngColors colors, PictureScaler scaler)
    {
        var lines = new PngLines(source, header, header.Width);
        var pixels = new byte[header.Width * Picture.PixelSize];
        for (var y = 0; y < header.Height; y++)
        {
            if (!lines.TryRead())
            {
                return y;
            }

            colors.Expand(lines.Current, header.Width, pixels, Picture.PixelSize);
            scaler.AddRow(pixels);
        }

        return header.Height;
    }

    private static int ReadInterlaced(
        Stream source,
        in PngHeader header,
        PngColors colors,
        PictureScaler scaler
    )
    {
        var all = new byte[header.Width * header.Height * Picture.PixelSize];
        var read = 0;
        foreach (var (firstX, firstY, stepX, stepY) in Passes)
        {
            var width = (header.Width - firstX + stepX - 1) / stepX;
            if (width <= 0 || firstY >= header.Height)
            {
                continue;
            }

            var lines = new PngLines(source, header, width);
            for (var y = firstY; y < header.Height && lines.TryRead(); y += stepY, read++)
            {
                colors.Expand(
                    lines.Current,
                    width,
                    all.AsSpan(((y * header.Width) + firstX) * Picture.PixelSize),
                    stepX * Picture.PixelSize
                );
            }
        }

        for (var y = 0; y < header.Height; y++)
        {
            scaler.AddRow(all.AsSpan(y * header.Width * Picture.PixelSize, header.Width * Picture.PixelSize));
        }

        return read;
    }

    /// <summary>What the first chunk says.</summary>
    internal readonly record struct PngHeader(
        int Width,
        int Height,
        int Depth,
        byte ColorType,
        bool IsInterlaced
    )
    {
        /// <summary>Samples of a pixel.</summary>
        public int Samples =>
            (ColorType & UsesPalette) != 0
                ? 1
                : ((ColorType & HasColor) != 0 ? 3 : 1) + ((ColorType & HasAlpha) != 0 ? 1 : 0);

        /// <summary>Reads it; false for what the standard does not know.</summary>
        public static bool TryParse(ReadOnlySpan<byte> body, out PngHeader header)
        {
            var (width, height) = (
                BinaryPrimitives.ReadUInt32BigEndian(body),
                BinaryPrimitives.ReadUInt32BigEndian(body[4..])
            );
            var (depth, type) = (body[8], body[9]);
            var isKnown = type switch
            {
                0 => depth is 1 or 2 or 4 or 8 or 16,
                3 => depth is 1 or 2 or 4 or 8,
                2 or 4 or 6 => depth is 8 or 16,
                _ => false,
            };
            header = new PngHeader(
                (int)Math.Min(width, int.MaxValue),
                (int)Math.Min(height, int.MaxValue),
                depth,
                type,
                body[12] == 1
            );
            return isKnown && width > 0 && height > 0 && body[10] == 0 && body[11] == 0 && body[12] <= 1;
        }
    }
}
