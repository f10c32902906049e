using System.Text;

namespace PeerChat.Terminal.Output;

/// <summary>Text for a terminal that takes each byte for a character: something of ASCII in place of each cluster.</summary>
public static class AsciiForm
{
    /// <summary>Where there is nothing alike.</summary>
    private const char Unknown = '?';

    // The letters of Latin-1 and Latin Extended-A (U+00C0 to U+017F) without their accents; normalization is not at hand where
    // the program runs without the system's culture data
    private const string Letters =
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
        + "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
        + "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

    private const int LetterCount = 0xC0;

    /// <summary>A text in ASCII; what has nothing alike becomes a question mark.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var form = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            form.Append(Of(rune));
        }

        return form.ToString();
    }

    /// <summary>Writes as many bytes as the cluster has columns.</summary>
    internal static int Encode(string cluster, int columns, Span<byte> destination)
    {
        var first = cluster.EnumerateRunes().GetEnumerator();
        var form = first.MoveNext() ? Of(first.Current) : Unknown;
        destination[0] = (byte)form;
        for (var i = 1; i < columns; i++)
        {
            destination[i] = (byte)(form == Unknown ? Unknown : ' ');
        }

        return columns;
    }

    private static char Of(Rune rune) =>
        rune.Value switch
        {
            >= 0x20 and < 0x7F => (char)rune.Value,
            0xA0 or 0x202F or (>= 0x2000 and <= 0x200A) => ' ',
            0x2500 or 0x2501 or 0x2550 or (>= 0x2010 and <= 0x2015) or 0x2212 => '-',
            0x2502 or 0x2503 or 0x2551 => '|',
            >= 0x2504 and < 0x2580 => '+',
            0x2588 or 0x2580 or 0x2584 => '#',
            0x2026 => '.',
            0x2022 or 0xB7 => '*',
            0x2018 or 0x2019 => '\'',
            0x201C or 0x201D or 0x201E or 0xAB or 0xBB => '"',
            0xA1 => '!',
            0xBF => '?',
            >= 0xC0 and < 0xC0 + LetterCount => Letters[rune.Value - 0xC0],
            0x3001 => ',',
            0x3002 => '.',
            >= 0xFF01 and <= 0xFF5E => (char)(rune.Value - 0xFEE0),
            0x3000 => ' ',
            _ => Unknown,
        };
}
