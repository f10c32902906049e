using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PeerChat.Pictures;

/// <summary>Blocks of eight by eight: their order in the file, and the inverse cosine transform to 8, 4, 2 or 1 samples a side.</summary>
/// <remarks>
/// A smaller block is what the transform of its size makes of the lowest coefficients, which is the picture without what would not be seen in
/// it. As coefficients stand for means in the same way at each size, the factors are those of eight: half a cosine, or the root of an eighth.
/// </remarks>
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

    /// <summary>Samples of a whole block, on each side.</summary>
    public const int Side = 8;

    private const float Middle = 128.5f; // what is added to all samples, and half a step, as fractions are cut off

    // cos((2 x + 1) u pi / 2 n) / 2 at u n + x, and for u = 0 by another square root of two
    private static readonly float[] Eight = MakeCosines(8);
    private static readonly float[] Four = MakeCosines(4);

    /// <summary>The places of the coefficients of the file in a block of this side; those that it has not are behind its last.</summary>
    public static byte[] PlacesOf(int side)
    {
        var places = new byte[ZigZag.Length];
        for (var at = 0; at < ZigZag.Length; at++)
        {
            var (across, down) = (ZigZag[at] % Side, ZigZag[at] / Side);
            places[at] = (byte)(across < side && down < side ? (down * side) + across : side * side);
        }

        return places;
    }

    /// <summary>Makes samples of the coefficients of a block, rows from the top.</summary>
    /// <param name="side">Samples on each side: 1, 2, 4 or 8.</param>
    /// <param name="block">As many coefficients.</param>
    /// <param name="isFlat">Whether there is none but the first.</param>
    /// <param name="samples">Where the first sample goes.</param>
    /// <param name="stride">From row to row there.</param>
    public static void Transform(
        int side,
        ReadOnlySpan<float> block,
        bool isFlat,
        Span<byte> samples,
        int stride
    )
    {
        if (isFlat)
        {
            var mean = Sample(Middle + (block[0] / Side));
            for (var y = 0; y < side; y++)
            {
                samples.Slice(y * stride, side).Fill(mean);
            }
        }
        else if (side == 8)
        {
            ToEight(block, samples, stride);
        }
        else if (side == 4)
        {
            ToFour(block, samples, stride);
        }
        else
        {
            // Two: both cosines are the root of an eighth too
            var (left, right) = ((block[0] + block[2]) / Side, (block[1] + block[3]) / Side);
            samples[0] = Sample(Middle + left + right);
            samples[1] = Sample(Middle + left - right);
            (left, right) = ((block[0] - block[2]) / Side, (block[1] - block[3]) / Side);
            samples[stride] = Sample(Middle + left + right);
            samples[stride + 1] = Sample(Middle + left - right);
        }
    }

    private static byte Sample(float value) => unchecked((byte)Math.Clamp(value, 0f, 255f));

    // Down the columns, eight at once, and then along each row, as sums of its cosines
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToEight(ReadOnlySpan<float> block, Span<byte> samples, int stride)
    {
        Span<float> work = stackalloc float[Side * Side];
        ReadOnlySpan<float> cosines = Eight;
        for (var half = 0; half < 2; half++)
        {
            var (a, b, c, d) = (
                Vector256<float>.Zero,
                Vector256<float>.Zero,
                Vector256<float>.Zero,
                Vector256<float>.Zero
            );
            for (var v = 0; v < Side; v++)
            {
                var row = Vector256.Create(block.Slice(v * Side, Side));
                var factors = cosines.Slice((v * Side) + (half * 4), 4);
                a = Vector256.MultiplyAddEstimate(row, Vector256.Create(factors[0]), a);
                b = Vector256.MultiplyAddEstimate(row, Vector256.Create(factors[1]), b);
                c = Vector256.MultiplyAddEstimate(row, Vector256.Create(factors[2]), c);
                d = Vector256.MultiplyAddEstimate(row, Vector256.Create(factors[3]), d);
            }

            var rows = work.Slice(half * 32, 32);
            a.CopyTo(rows);
            b.CopyTo(rows[8..]);
            c.CopyTo(rows[16..]);
            d.CopyTo(rows[24..]);
        }

        var most = Vector256.Create(255f);
        for (var y = 0; y < Side; y++)
        {
            var factors = work.Slice(y * Side, Side);
            var (a, b) = (Vector256.Create(Middle), Vector256<float>.Zero);
            for (var u = 0; u < Side; u += 2)
            {
                a = Vector256.MultiplyAddEstimate(
                    Vector256.Create(factors[u]),
                    Vector256.Create(cosines.Slice(u * Side, Side)),
                    a
                );
                b = Vector256.MultiplyAddEstimate(
                    Vector256.Create(factors[u + 1]),
                    Vector256.Create(cosines.Slice((u + 1) * Side, Side)),
                    b
                );
            }

            var whole = Vector256.ConvertToInt32(
                Vector256.Min(Vector256.Max(a + b, Vector256<float>.Zero), most)
            );
            var narrow = Vector128.Narrow(whole.GetLower(), whole.GetUpper()).AsUInt16();
            BinaryPrimitives.WriteUInt64LittleEndian(
                samples.Slice(y * stride, Side),
                Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar()
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToFour(ReadOnlySpan<float> block, Span<byte> samples, int stride)
    {
        const int Small = 4;
        Span<float> work = stackalloc float[Small * Small];
        ReadOnlySpan<float> cosines = Four;
        var (a, b, c, d) = (
            Vector128<float>.Zero,
            Vector128<float>.Zero,
            Vector128<float>.Zero,
            Vector128<float>.Zero
        );
        for (var v = 0; v < Small; v++)
        {
            var row = Vector128.Create(block.Slice(v * Small, Small));
            var factors = cosines.Slice(v * Small, Small);
            a = Vector128.MultiplyAddEstimate(row, Vector128.Create(factors[0]), a);
            b = Vector128.MultiplyAddEstimate(row, Vector128.Create(factors[1]), b);
            c = Vector128.MultiplyAddEstimate(row, Vector128.Create(factors[2]), c);
            d = Vector128.MultiplyAddEstimate(row, Vector128.Create(factors[3]), d);
        }

        a.CopyTo(work);
        b.CopyTo(work[4..]);
        c.CopyTo(work[8..]);
        d.CopyTo(work[12..]);
        var most = Vector128.Create(255f);
        for (var y = 0; y < Small; y++)
        {
            var factors = work.Slice(y * Small, Small);
            var sum = Vector128.Create(Middle);
            for (var u = 0; u < Small; u++)
            {
                sum = Vector128.MultiplyAddEstimate(
                    Vector128.Create(factors[u]),
                    Vector128.Create(cosines.Slice(u * Small, Small)),
                    sum
                );
            }

            var whole = Vector128.ConvertToInt32(
                Vector128.Min(Vector128.Max(sum, Vector128<float>.Zero), most)
            );
            var narrow = Vector128.Narrow(whole, whole).AsUInt16();
            BinaryPrimitives.WriteUInt32LittleEndian(
                samples.Slice(y * stride, Small),
                Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar()
            );
        }
    }

    private static float[] MakeCosines(int side)
    {
        var cosines = new float[side * side];
        for (var u = 0; u < side; u++)
        {
            for (var x = 0; x < side; x++)
            {
                var scale = u == 0 ? Math.Sqrt(0.125) : 0.5;
                cosines[(u * side) + x] = (float)(scale * Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * side)));
            }
        }

        return cosines;
    }
}
