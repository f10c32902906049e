namespace PeerChat.Pictures;

/// <summary>Blocks of eight by eight: their order in the file and the inverse cosine transform.</summary>
internal static class JpegBlock
{
    /// <summary>Where the n-th coefficient of the file belongs (T.81, figure A.6).</summary>
    public static readonly byte[] ZigZag =
    [
        0,
        1,
        8,
        16,
        9,
        2,
        3,
        10,
        17,
        24,
        32,
        25,
        18,
        11,
        4,
        5,
        12,
        19,
        26,
        33,
        40,
        48,
        41,
        34,
        27,
        20,
        13,
        6,
        7,
        14,
        21,
        28,
        35,
        42,
        49,
        56,
        57,
        50,
        43,
        36,
        29,
        22,
        15,
        23,
        30,
        37,
        44,
        51,
        58,
        59,
        52,
        45,
        38,
        31,
        39,
        46,
        53,
        60,
        61,
        54,
        47,
        55,
        62,
        63,
    ];

    private const int FractionBits = 12;

    // cos((2 x + 1) u pi / 16) / 2, and by another square root of two for u = 0: the transform's rows in 12 bits of fraction
    private static readonly int[] Cosines = MakeCosines();

    /// <summary>The mean of a block that has this first coefficient.</summary>
    public static byte Mean(int coefficient, int quantum) =>
        unchecked((byte)Math.Clamp((((coefficient * quantum) + 4) >> 3) + 128, 0, 255));

    /// <summary>Makes samples of coefficients.</summary>
    public static void Transform(
        ReadOnlySpan<short> coefficients,
        ReadOnlySpan<ushort> table,
        Span<int> work,
        Span<byte> samples,
        int stride
    )
    {
        unchecked
        {
            // Columns first; most have nothing but zeros below the first coefficient
            for (var u = 0; u < 8; u++)
            {
                for (var y = 0; y < 8; y++)
                {
                    work[(y * 8) + u] = 0;
                }

                for (var v = 0; v < 8; v++)
                {
                    var value = coefficients[(v * 8) + u] * table[(v * 8) + u];
                    if (value == 0)
                    {
                        continue;
                    }

                    for (var y = 0; y < 8; y++)
                    {
                        work[(y * 8) + u] += value * Cosines[(v * 8) + y];
                    }
                }
            }

            Span<int> row = stackalloc int[8];
            for (var y = 0; y < 8; y++)
            {
                row.Fill((128 << FractionBits) + (1 << (FractionBits - 1)));
                for (var u = 0; u < 8; u++)
                {
                    long value = work[(y * 8) + u];
                    if (value == 0)
                    {
                        continue;
                    }

                    for (var x = 0; x < 8; x++)
                    {
                        row[x] += (int)((value * Cosines[(u * 8) + x]) >> FractionBits);
                    }
                }

                for (var x = 0; x < 8; x++)
                {
                    samples[(y * stride) + x] = (byte)Math.Clamp(row[x] >> FractionBits, 0, 255);
                }
            }
        }
    }

    private static int[] MakeCosines()
    {
        var cosines = new int[64];
        for (var u = 0; u < 8; u++)
        {
            for (var x = 0; x < 8; x++)
            {
                var scale = u == 0 ? Math.Sqrt(0.125) : 0.5;
                cosines[(u * 8) + x] = (int)
                    Math.Round(scale * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * (1 << FractionBits));
            }
        }

        return cosines;
    }
}
