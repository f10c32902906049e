using System.Numerics;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Which of the TSNs after the cumulative TSN ack have come: a circle of bits.</summary>
/// <remarks>A circle costs the same for every pattern of gaps, so no peer can make it slow or large.</remarks>
internal sealed class TsnBitmap
{
    /// <summary>How far ahead a TSN may be: what a 16-bit gap ack block can report.</summary>
    public const int Capacity = 65_535;

    private const int Bits = 65_536;
    private const int WordBits = 64;
    private readonly ulong[] _words = new ulong[Bits / WordBits];

    /// <summary>Whether the bit of a TSN is set.</summary>
    public bool Contains(Tsn tsn) => (_words[WordOf(tsn)] & MaskOf(tsn)) != 0;

    /// <summary>Sets the bit of a TSN.</summary>
    public void Add(Tsn tsn) => _words[WordOf(tsn)] |= MaskOf(tsn);

    /// <summary>Clears the bit of a TSN.</summary>
    public void Remove(Tsn tsn) => _words[WordOf(tsn)] &= ~MaskOf(tsn);

    /// <summary>The distance from <paramref name="origin"/> of the next TSN whose bit has this value.</summary>
    /// <param name="origin">Where distances are counted from.</param>
    /// <param name="from">The first distance to look at.</param>
    /// <param name="limit">The last distance to look at.</param>
    /// <param name="value">The value looked for.</param>
    /// <returns>The distance, or one beyond <paramref name="limit"/> when there is none.</returns>
    public int Find(Tsn origin, int from, int limit, bool value)
    {
        while (from <= limit)
        {
            var tsn = origin.Add(from);
            var bit = (int)(tsn.Value % WordBits);
            var word = _words[WordOf(tsn)];
            var found = BitOperations.TrailingZeroCount((value ? word : ~word) >> bit);
            if (found < WordBits - bit)
            {
                return Math.Min(from + found, limit + 1);
            }

            from += WordBits - bit;
        }

        return limit + 1;
    }

    private static int WordOf(Tsn tsn) => (int)(tsn.Value % Bits / WordBits);

    private static ulong MaskOf(Tsn tsn) => 1UL << (int)(tsn.Value % WordBits);
}
