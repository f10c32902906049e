using System.Buffers.Binary;

namespace PeerChat.Pictures;

/// <summary>The first frame of a GIF (GIF89a specification).</summary>
internal static class GifDecoder
{
    private const int ScreenSize = 13;
    private const int FrameSize = 10;
    private const byte HasTable = 0x80;
    private const byte IsInterlaced = 0x40;
    private const byte Extension = 0x21;
    private const byte Frame = 0x2C;
    private const byte GraphicControl = 0xF9;

    private static readonly (int First, int Step)[] Interlaced = [(0, 8), (4, 8), (2, 4), (1, 2)];

    /// <summary>The first bytes of each file.</summary>
    public static ReadOnlySpan<byte> Signature => "GIF8"u8;

    /// <summary>Decodes; null with the problem where there is nothing to show.</summary>
    public static Picture? Decode(
        ReadOnlySpan<byte> file,
        int maxWidth,
        int maxHeight,
        out PictureProblem problem
    )
    {
        problem = PictureProblem.Malformed;
        if (file.Length < ScreenSize)
        {
            return null;
        }

        var flags = file[10];
        var rest = file[ScreenSize..];
        var table = TakeTable(ref rest, flags);
        int? clear = null;
        while (rest.Length > 1)
        {
            if (rest[0] == Extension)
            {
                if (rest[1] == GraphicControl && rest.Length >= 7 && (rest[3] & 1) != 0)
                {
                    clear = rest[6];
                }

                rest = rest[2..];
                SkipBlocks(ref rest);
            }
            else
            {
                return rest[0] == Frame && rest.Length > FrameSize
                    ? DecodeFrame(rest[1..], table, clear, maxWidth, maxHeight, out problem)
                    : null;
            }
        }

        return null;
    }

    private static Picture? DecodeFrame(
        ReadOnlySpan<byte> rest,
        ReadOnlySpan<byte> table,
        int? clear,
        int maxWidth,
        int maxHeight,
        out PictureProblem problem
    )
    {
        problem = PictureProblem.TooLarge;
        int width = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        if (!PictureDecoder.IsBounded(width, height, PictureLimits.MaxHeldPixels))
        {
            problem = width == 0 || height == 0 ? PictureProblem.Malformed : problem;
            return null;
        }

        problem = PictureProblem.Malformed;
        var flags = rest[8];
        rest = rest[9..];
        var own = TakeTable(ref rest, flags);
        table = own.IsEmpty ? table : own;
        if (rest.IsEmpty || table.IsEmpty || rest[0] is < 2 or > 11)
        {
            return null;
        }

        var indices = new byte[width * height];
        var count = Lzw(rest[1..], rest[0], indices);
        if (count == 0)
        {
            return null;
        }

        var scaler = new PictureScaler(width, height, maxWidth, maxHeight);
        var row = new byte[width * Picture.PixelSize];
        var order = (flags & IsInterlaced) != 0 ? RowOrder(height) : null;
        for (var y = 0; y < height; y++)
        {
            var from = (order?[y] ?? y) * width;
            for (var x = 0; x < width; x++)
            {
                var index = indices[from + x];
                var pixel = row.AsSpan(x * Picture.PixelSize, Picture.PixelSize);
                var isShown = from + x < count && index != clear && (index * 3) + 3 <= table.Length;
                pixel.Clear();
                if (isShown)
                {
                    table.Slice(index * 3, 3).CopyTo(pixel);
                    pixel[3] = byte.MaxValue;
                }
            }

            scaler.AddRow(row);
        }

        return scaler.Complete();
    }

    // Where in the file each row of the picture stands
    private static int[] RowOrder(int height)
    {
        var order = new int[height];
        var at = 0;
        foreach (var (first, step) in Interlaced)
        {
            for (var y = first; y < height; y += step)
            {
                order[y] = at++;
            }
        }

        return order;
    }

    private static int Lzw(ReadOnlySpan<byte> rest, int minimum, Span<byte> output)
    {
        const int MaxCodes = 4096;
        var prefixes = new ushort[MaxCodes];
        var last = new byte[MaxCodes];
        var stack = new byte[MaxCodes];
        var (clearCode, endCode) = (1 << minimum, (1 << minimum) + 1);
        for (var code = 0; code < clearCode && code <= byte.MaxValue; code++)
        {
            last[code] = (byte)code;
        }

        var (size, next, previous) = (minimum + 1, endCode + 1, -1);
        var (buffer, bits, at, block) = (0u, 0, 0, 0);
        while (at < output.Length)
        {
            while (bits < size)
            {
                if (block == 0)
                {
                    if (rest.IsEmpty || rest[0] == 0)
                    {
                        return at;
                    }

                    block = rest[0];
                    rest = rest[1..];
                }

                if (rest.IsEmpty)
                {
                    return at;
                }

                buffer |= (uint)rest[0] << bits;
                rest = rest[1..];
                bits += 8;
                block--;
            }

            var code = (int)(buffer & ((1u << size) - 1));
            buffer >>= size;
            bits -= size;
            if (code == clearCode)
            {
                (size, next, previous) = (minimum + 1, endCode + 1, -1);
                continue;
            }

            if (
                code == endCode
                || code > next
                || (code == next && previous < 0)
                || (previous < 0 && code > endCode)
            )
            {
                return at;
            }

            var (walk, depth) = (code == next ? previous : code, 0);
            while (walk > endCode)
            {
                stack[depth++] = last[walk];
                walk = prefixes[walk];
            }

            var first = last[walk];
            stack[depth++] = first;
            for (var index = depth - 1; index >= 0 && at < output.Length; index--)
            {
                output[at++] = stack[index];
            }

            if (code == next && at < output.Length)
            {
                output[at++] = first;
            }

            if (previous >= 0 && next < MaxCodes)
            {
                (prefixes[next], last[next]) = ((ushort)previous, first);
                next++;
                size += next == 1 << size && size < 12 ? 1 : 0;
            }

            previous = code;
        }

        return at;
    }

    private static ReadOnlySpan<byte> TakeTable(scoped ref ReadOnlySpan<byte> rest, byte flags)
    {
        if ((flags & HasTable) == 0)
        {
            return default;
        }

        var length = Math.Min(3 << ((flags & 7) + 1), rest.Length);
        var table = rest[..length];
        rest = rest[length..];
        return table;
    }

    private static void SkipBlocks(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            var length = rest[0] + 1;
            rest = rest[Math.Min(length, rest.Length)..];
            if (length == 1)
            {
                return;
            }
        }
    }
}
