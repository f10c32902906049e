using System.Globalization;
using System.Text;

namespace PeerChat.Terminal.Text;

/// <summary>Columns that text takes on the screen.</summary>
public static class TextWidth
{
    /// <summary>Columns of a whole text, as it will be drawn.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var columns = 0;
        foreach (var cluster in new TextClusters(text))
        {
            columns += cluster.Columns;
        }

        return columns;
    }

    /// <summary>The longest beginning of a text that takes at most so many columns, and the columns it takes.</summary>
    public static (int Length, int Columns) Fit(ReadOnlySpan<char> text, int columns)
    {
        var used = 0;
        foreach (var cluster in new TextClusters(text))
        {
            if (used + cluster.Columns > columns)
            {
                return (cluster.Start, used);
            }

            used += cluster.Columns;
        }

        return (text.Length, used);
    }

    /// <summary>Shortens a text to so many columns, with … in place of what is cut.</summary>
    public static string Ellipsize(string text, int columns)
    {
        if (columns <= 0)
        {
            return "";
        }

        return Of(text) <= columns ? text : string.Concat(text.AsSpan(0, Fit(text, columns - 1).Length), "…");
    }

    /// <summary>Columns of one code point on its own: 0 for what sits on another, 2 for wide ones, else 1.</summary>
    internal static int Of(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x300)
        {
            return 1;
        }

        if (CharacterRules.IsHangulRest(value) || CharacterRules.IsMark(rune))
        {
            return 0;
        }

        return WidthTable.IsWide(value) || WidthTable.IsLaterPictograph(value) ? 2 : 1;
    }

    /// <summary>Whether terminals disagree on the width of a code point standing alone.</summary>
    internal static bool IsDoubtful(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x0D00)
        {
            return false;
        }

        return CharacterRules.IsRegionalIndicator(value)
            || WidthTable.IsLaterPictograph(value)
            || WidthTable.IsWideSinceUnicode16(value)
            || CharacterRules.IsPrepended(value)
            || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse;
    }
}
