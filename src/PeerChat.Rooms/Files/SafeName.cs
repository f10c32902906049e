using System.Globalization;
using System.Text;

namespace PeerChat.Rooms.Files;

/// <summary>Turns a name that came from somebody else into one that can do no harm in a folder of any platform.</summary>
/// <remarks>
/// No separators, no <c>..</c>, no control or invisible characters, nothing that Windows takes for a device, nothing that a shell's
/// glob would hide. The rules are those of all platforms at once, so that a name is the same wherever it is put.
/// </remarks>
public static class SafeName
{
    private const string Forbidden = "/\\:*?\"<>|";
    private const char Replacement = '_';

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
    };

    /// <summary>The name under which an entry is put; the same one when it is harmless.</summary>
    public static string Of(string name)
    {
        var safe = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            var kept = IsHarmless(rune) ? rune : new Rune(Replacement);
            if (bytes + kept.Utf8SequenceLength > FileLimits.MaxNameBytes)
            {
                break;
            }

            bytes += kept.Utf8SequenceLength;
            safe.Append(kept);
        }

        // Windows drops dots and blanks at the end, so two names would be one.
        var text = safe.ToString().TrimEnd('.', ' ');
        if (text.Length == 0)
        {
            return Replacement.ToString();
        }

        return IsDevice(text)
            ? Replacement + text[..Math.Min(text.Length, FileLimits.MaxNameBytes / 4)]
            : text;
    }

    /// <summary>Whether a name is put as it is.</summary>
    public static bool IsSafe(string name) => Of(name) == name;

    /// <summary>The n-th other name beside one that is taken: <c>photo (2).jpg</c>.</summary>
    public static string Numbered(string name, int number)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $" ({number})");
        var dot = name.LastIndexOf('.');
        var (stem, extension) = dot > 0 && name.Length - dot <= 16 ? (name[..dot], name[dot..]) : (name, "");
        while (
            Encoding.UTF8.GetByteCount(stem) + Encoding.UTF8.GetByteCount(mark + extension)
            > FileLimits.MaxNameBytes
        )
        {
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        }

        return stem + mark + extension;
    }

    private static bool IsHarmless(Rune rune) =>
        rune != Rune.ReplacementChar
        && (!rune.IsAscii || !Forbidden.Contains((char)rune.Value, StringComparison.Ordinal))
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned
            );

    private static bool IsDevice(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        return Devices.Contains(stem)
            || (
                stem.Length == 4
                && (
                    stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
                    || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)
                )
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³')
            );
    }
}
