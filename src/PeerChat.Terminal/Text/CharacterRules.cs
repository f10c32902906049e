using System.Globalization;
using System.Text;

namespace PeerChat.Terminal.Text;

/// <summary>Which characters may reach a cell as they are, and which are shown by their name instead.</summary>
/// <remarks>
/// The gate behind which everything from outside stands: controls would command the terminal, bidi controls and other
/// invisible characters would make one text look like another. They are shown, never dropped, so that nothing is hidden.
/// </remarks>
internal static class CharacterRules
{
    public const int ZeroWidthNonJoiner = 0x200C;
    public const int ZeroWidthJoiner = 0x200D;
    public const int TextPresentation = 0xFE0E;
    public const int EmojiPresentation = 0xFE0F;
    private const int BlackFlag = 0x1F3F4;
    private const int FirstTag = 0xE0020;
    private const int CancelTag = 0xE007F;

    /// <summary>Whether the character is always shown by name, wherever it stands. Joiners and tags are not asked here.</summary>
    public static bool IsAlwaysShown(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x7F)
        {
            return value < 0x20;
        }

        // Hangul fillers: letters without ink, good for nothing but empty names
        return value is 0x3164 or 0xFFA0
            || Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator => true,
                UnicodeCategory.OtherNotAssigned => !WidthTable.IsLaterPictograph(value),
                _ => false,
            };
    }

    /// <summary>Whether the character only changes the one before it, so that it must not open a cell.</summary>
    /// <remarks>Marks are not meant: a dotted circle carries them.</remarks>
    public static bool IsShownAtStart(Rune rune) =>
        IsVariationSelector(rune.Value)
        || IsSkinTone(rune.Value)
        || IsAppendedLetter(rune.Value)
        || IsHangulRest(rune.Value)
        || IsAlwaysShown(rune);

    /// <summary>Vowels and finals of Hangul, which join the initial before them.</summary>
    public static bool IsHangulRest(int value) =>
        value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF);

    /// <summary>Letters with a column of their own that belong to the cluster before: halfwidth voicing marks, Sara Am.</summary>
    public static bool IsAppendedLetter(int value) => value is 0xFF9E or 0xFF9F or 0x0E33 or 0x0EB3;

    /// <summary>Letters that join the one behind them (Grapheme_Cluster_Break=Prepend, without the format characters).</summary>
    public static bool IsPrepended(int value) =>
        value
            is 0x0D4E
                or 0x111C2
                or 0x111C3
                or 0x113D1
                or 0x1193F
                or 0x11941
                or 0x11A3A
                or (>= 0x11A84 and <= 0x11A89)
                or 0x11D46
                or 0x11F02;

    /// <summary>Zero width joiner or non-joiner.</summary>
    public static bool IsJoiner(int value) => value is ZeroWidthNonJoiner or ZeroWidthJoiner;

    /// <summary>Whether a joiner means something here: inside an emoji, or behind a letter of a script that joins.</summary>
    /// <param name="joiner">The joiner.</param>
    /// <param name="previous">The character before it, in the same cluster.</param>
    /// <param name="isLast">Whether the cluster ends with it.</param>
    public static bool IsJoinerMeaningful(int joiner, Rune previous, bool isLast)
    {
        if (IsVariationSelector(previous.Value) || IsSkinTone(previous.Value))
        {
            return joiner == ZeroWidthJoiner && !isLast;
        }

        return Rune.GetUnicodeCategory(previous) switch
        {
            UnicodeCategory.OtherSymbol => joiner == ZeroWidthJoiner && !isLast,
            // Arabic and Indic letters are "other letters", their vowel signs and viramas are marks
            UnicodeCategory.OtherLetter => true,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => previous.Value
                >= 0x0590,
            _ => false,
        };
    }

    /// <summary>Whether the cluster is a flag spelled in tag characters, such as that of Scotland.</summary>
    public static bool IsTagFlag(ReadOnlySpan<char> cluster)
    {
        // Black flag, three to six tag letters or digits, cancel tag; each takes two UTF-16 units (UTS #51 annex C)
        if (cluster.Length is < 10 or > 16 || !IsRuneAt(cluster, 0, BlackFlag, BlackFlag))
        {
            return false;
        }

        for (var i = 2; i + 2 < cluster.Length; i += 2)
        {
            if (!IsRuneAt(cluster, i, FirstTag, CancelTag - 1))
            {
                return false;
            }
        }

        return IsRuneAt(cluster, cluster.Length - 2, CancelTag, CancelTag);
    }

    /// <summary>Whether the value picks a form of the character before it.</summary>
    public static bool IsVariationSelector(int value) =>
        value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>Emoji modifier for the colour of skin.</summary>
    public static bool IsSkinTone(int value) => value is >= 0x1F3FB and <= 0x1F3FF;

    /// <summary>Half of a flag.</summary>
    public static bool IsRegionalIndicator(int value) => value is >= 0x1F1E6 and <= 0x1F1FF;

    /// <summary>Whether the rune is a mark that belongs to the character before it.</summary>
    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static bool IsRuneAt(ReadOnlySpan<char> text, int index, int first, int last) =>
        Rune.DecodeFromUtf16(text[index..], out var rune, out var length)
            == System.Buffers.OperationStatus.Done
        && length == 2
        && rune.Value >= first
        && rune.Value <= last;
}
