using System.Text;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>Places in a text being edited: clusters, words, lines.</summary>
internal static class EditorText
{
    /// <summary>Where the logical line begins that holds the place.</summary>
    public static int LineStart(string text, int place) =>
        place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;

    /// <summary>Where the logical line ends that holds the place.</summary>
    public static int LineEnd(string text, int place)
    {
        var end = text.IndexOf('\n', place);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The place one cluster further.</summary>
    public static int Next(string text, int place) =>
        place >= text.Length ? place : place + TextClusters.Read(text.AsSpan(place)).Length;

    /// <summary>The place one cluster back.</summary>
    public static int Previous(string text, int place)
    {
        if (place == 0)
        {
            return 0;
        }

        var start = LineStart(text, place);
        if (start == place)
        {
            return place - 1;
        }

        var last = start;
        foreach (var cluster in new TextClusters(text.AsSpan(start, LineEnd(text, start) - start)))
        {
            if (start + cluster.End >= place)
            {
                return start + cluster.Start;
            }

            last = start + cluster.End;
        }

        return last;
    }

    /// <summary>The place itself if it lies between clusters, else the end of the cluster it lies in.</summary>
    public static int Snap(string text, int place)
    {
        var start = LineStart(text, place);
        foreach (var cluster in new TextClusters(text.AsSpan(start, LineEnd(text, start) - start)))
        {
            if (start + cluster.Start >= place)
            {
                return start + cluster.Start;
            }

            if (start + cluster.End >= place)
            {
                return start + cluster.End;
            }
        }

        return place;
    }

    /// <summary>Where the word before the place begins.</summary>
    public static int WordStart(string text, int place)
    {
        while (place > 0 && !IsWord(text[place - 1]))
        {
            place--;
        }

        while (place > 0 && IsWord(text[place - 1]))
        {
            place--;
        }

        return Snap(text, place);
    }

    /// <summary>Where the word behind the place ends.</summary>
    public static int WordEnd(string text, int place)
    {
        while (place < text.Length && !IsWord(text[place]))
        {
            place++;
        }

        while (place < text.Length && IsWord(text[place]))
        {
            place++;
        }

        return Snap(text, place);
    }

    /// <summary>Where what stands before the place begins, up to a blank.</summary>
    public static int BlankWordStart(string text, int place)
    {
        while (place > 0 && char.IsWhiteSpace(text[place - 1]))
        {
            place--;
        }

        while (place > 0 && !char.IsWhiteSpace(text[place - 1]))
        {
            place--;
        }

        return Snap(text, place);
    }

    /// <summary>Text as an editor takes it: line ends are <c>\n</c>, of other controls only tabs are left.</summary>
    public static string Normalize(string text)
    {
        if (!text.Any(character => char.IsControl(character) && character is not ('\n' or '\t')))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            if (!char.IsControl(character) || character is '\n' or '\t')
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    // Emoji count as words of their own kind, with all their joiners and selectors
    private static bool IsWord(char character) =>
        char.IsLetterOrDigit(character)
        || char.IsSurrogate(character)
        || character is '_' or '\u200C' or '\u200D'
        || char.GetUnicodeCategory(character)
            is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
