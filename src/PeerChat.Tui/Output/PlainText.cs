using System.Globalization;
using System.Text;

namespace PeerChat.Tui.Output;

/// <summary>Makes text from outside safe for a terminal or a log in line mode.</summary>
internal static class PlainText
{
    /// <summary>Shows controls as <c>^X</c>, invisible and direction-changing characters as <c>&lt;U+202E&gt;</c>.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (rune.Value is < 0x20 or 0x7F)
            {
                clean.Append('^').Append((char)(rune.Value ^ 0x40));
            }
            else if (
                category
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                || (category == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D))
            )
            {
                clean.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
            else
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>The same, for a message of several lines: further lines are indented.</summary>
    public static string CleanLines(string text) =>
        string.Join("\n    ", text.ReplaceLineEndings("\n").Split('\n').Select(Clean));
}
