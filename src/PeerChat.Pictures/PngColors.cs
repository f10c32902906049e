using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PeerChat.Pictures;

/// <summary>Makes red, green, blue and opacity of the samples of a PNG's row.</summary>
internal sealed class PngColors(
    PngDecoder.PngHeader header,
    ReadOnlyMemory<byte> palette,
    ReadOnlyMemory<byte> clear
)
{
    /// <summary>Expands a row.</summary>
    /// <param name="row">Its samples.</param>
    /// <param name="width">How many pixels.</param>
    /// <param name="pixels">Where they go.</param>
    /// <param name="step">Bytes from one to the next there.</param>
    public void Expand(ReadOnlySpan<byte> row, int width, Span<byte> pixels, int step)
    {
        if (header is { ColorType: 2, Depth: 8 } && clear.IsEmpty && step == Picture.PixelSize)
        {
            ExpandTrueColor(row, width, pixels);
            return;
        }

        var colors = palette.Span;
        var clears = clear.Span;
        for (var x = 0; x < width; x++)
        {
            var pixel = pixels.Slice(x * step, Picture.PixelSize);
            pixel[3] = byte.MaxValue;
            switch (header.ColorType)
            {
                case 3:
                    var index = Raw(row, x);
                    if ((index * 3) + 3 <= colors.Length)
                    {
                        colors.Slice(index * 3, 3).CopyTo(pixel);
                    }

                    pixel[3] = index < clears.Length ? clears[index] : byte.MaxValue;
                    break;
                case 0 or 4:
                    var samples = header.Samples;
                    var grey = Raw(row, x * samples);
                    pixel[..3].Fill(Scaled(grey));
                    pixel[3] =
                        samples == 2 ? Scaled(Raw(row, (x * 2) + 1))
                        : clears.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(clears) == grey ? (byte)0
                        : byte.MaxValue;
                    break;
                default:
                    ExpandColor(row, x, pixel, clears);
                    break;
            }
        }
    }

    // What photos are: four pixels at once
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExpandTrueColor(ReadOnlySpan<byte> row, int width, Span<byte> pixels)
    {
        const int AtOnce = 4;
        var places = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        var opaque = Vector128.Create(0xFF00_0000u).AsByte();
        var x = 0;
        for (; (x * 3) + Vector128<byte>.Count <= row.Length && x + AtOnce <= width; x += AtOnce)
        {
            var four = Vector128.Shuffle(Vector128.Create(row[(x * 3)..]), places) | opaque;
            four.CopyTo(pixels[(x * Picture.PixelSize)..]);
        }

        for (; x < width; x++)
        {
            row.Slice(x * 3, 3).CopyTo(pixels[(x * Picture.PixelSize)..]);
            pixels[(x * Picture.PixelSize) + 3] = byte.MaxValue;
        }
    }

    private void ExpandColor(ReadOnlySpan<byte> row, int x, Span<byte> pixel, ReadOnlySpan<byte> clears)
    {
        var first = x * header.Samples;
        var isClear = clears.Length >= 6 && header.Samples == 3;
        for (var part = 0; part < header.Samples; part++)
        {
            var value = Raw(row, first + part);
            pixel[part] = Scaled(value);
            isClear =
                isClear && part < 3 && BinaryPrimitives.ReadUInt16BigEndian(clears[(part * 2)..]) == value;
        }

        if (isClear)
        {
            pixel[3] = 0;
        }
    }

    private int Raw(ReadOnlySpan<byte> row, int sample) =>
        header.Depth switch
        {
            16 => (row[sample * 2] << 8) | row[(sample * 2) + 1],
            8 => row[sample],
            var depth => (row[sample * depth / 8] >> (8 - depth - (sample * depth % 8))) & ((1 << depth) - 1),
        };

    private byte Scaled(int value) =>
        header.Depth switch
        {
            16 => (byte)(value >> 8),
            8 => (byte)value,
            var depth => (byte)(value * byte.MaxValue / ((1 << depth) - 1)),
        };
}
