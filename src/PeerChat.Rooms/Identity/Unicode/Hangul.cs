namespace PeerChat.Rooms.Identity.Unicode;

/// <summary>Hangul syllables, which decompose and compose by arithmetic (Unicode standard section 3.12).</summary>
internal static class Hangul
{
    private const int SyllableBase = 0xAC00;
    private const int LeadingBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailingBase = 0x11A7;
    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int SyllableCount = LeadingCount * VowelCount * TrailingCount;

    /// <summary>Appends the two or three jamo of a syllable.</summary>
    internal static bool TryDecompose(int point, List<int> output)
    {
        var index = point - SyllableBase;
        if (index is < 0 or >= SyllableCount)
        {
            return false;
        }

        var (pair, trailing) = Math.DivRem(index, TrailingCount);
        var (leading, vowel) = Math.DivRem(pair, VowelCount);
        output.Add(LeadingBase + leading);
        output.Add(VowelBase + vowel);
        if (trailing > 0)
        {
            output.Add(TrailingBase + trailing);
        }

        return true;
    }

    /// <summary>Composes leading consonant and vowel, or a syllable without a trailing consonant and one.</summary>
    internal static bool TryCompose(int first, int second, out int composite)
    {
        composite = 0;
        var leading = first - LeadingBase;
        var vowel = second - VowelBase;
        if (leading is >= 0 and < LeadingCount && vowel is >= 0 and < VowelCount)
        {
            composite = SyllableBase + (((leading * VowelCount) + vowel) * TrailingCount);
            return true;
        }

        var syllable = first - SyllableBase;
        var trailing = second - TrailingBase;
        if (
            syllable is >= 0 and < SyllableCount
            && syllable % TrailingCount == 0
            && trailing is > 0 and < TrailingCount
        )
        {
            composite = first + trailing;
            return true;
        }

        return false;
    }
}
