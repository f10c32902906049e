using System.Globalization;
using System.Text;
using PeerChat.Rooms.Identity.Unicode;

namespace PeerChat.Rooms.Identity;

/// <summary>What a name looks like: two names of one skeleton are hard to tell apart by looking (in the manner of UTS #39, section 4).</summary>
/// <remarks>
/// A table of our own instead of the Consortium's confusables.txt: letters that look like an ASCII letter or digit in usual fonts, from the
/// scripts in which that happens, width and style forms, digits of all scripts, the pairs within ASCII. Marks are dropped, upper and lower
/// case are one, and so are <c>_ - .</c> and nothing. It may call two names alike that a sharp eye tells apart: it marks, and refuses
/// nothing (decision 0091).
/// </remarks>
public static class NameSkeleton
{
    // Each text: the ASCII character, then what looks like it. Capitals stand beside small letters: Greek Ν looks like N, its small ν like v.
    private static readonly string[] Alike =
    [
        "aаαɑᴀΑАᎪꓮ",
        "bвьβʙƅΒВЬᏴᏏꓐß",
        "cсϲᴄСϹᏟⲥⲤꓚ",
        "dԁɗᴅժᎠꓓ",
        "eеєεҽᴇΕЕⲉⲈᎬꓰ",
        "fғϝꜰքꓝϜ",
        "gɡցɢᏀԌꓖ",
        "hһհʜнΗНᎻⲎꓧ",
        "iіιıɩɪӏǀΙІӀᎥⲓⲒꓲון",
        "jјϳյᴊЈͿᎫꓙ",
        "kкκᴋҝΚКᏦⲔꓗ",
        "l1ʟℓⅼ",
        "mмᴍΜМᎷⲘꓟ",
        "nηпոռɴΝⲚꓠ",
        "o0оοσօᴏ൦ΟОჿⲟⲞ〇סՕꓳ",
        "pрρᴘϱΡРᏢⲢꓑ",
        "qԛգԚ",
        "rгʀᴦᎡᏒꓣ",
        "s5ѕꜱƽЅᏚՏꓢ",
        "tтτᴛΤТᎢⲦꓔ",
        "uυսцᴜʋμՍꓴ",
        "vνѵᴠѴᏙꓦ",
        "wѡԝωᴡաшɯᎳԜꓪ",
        "xхχҳΧХⲬꓫ",
        "yуγүყʏΥУҮᎩⲨꓬ",
        "z2ᴢΖᏃⲌꓜ",
        "3зӡɜʒЗӠƷ",
        "4чЧ",
        "6бᏮ",
        "8ȣȢ",
        // Letters with a stroke or a hook have no decomposition
        "oøØɵ",
        "dđĐðÐ",
        "hħĦ",
        "lłŁƚɫ",
        "tŧŦ",
        "bƀɓ",
        "kƙ",
        "gǥ",
        "iɨ",
        "jɉ",
        "rɍ",
        "yɏ",
        "zƶ",
        // Letters that are symbols, and ordinals
        "aª",
        "bℬ",
        "cℂℭ",
        "eℯℰ",
        "fℱ",
        "gℊ",
        "hℋℌℍℎℏ",
        "iℐℑℹ",
        "kK",
        "lℒ",
        "mℳ",
        "nℕ",
        "oºℴ",
        "p℘ℙ",
        "qℚ",
        "rℛℜℝ",
        "zℤℨ",
    ];

    // Ligatures that are letters of their own, and what two letters side by side look like; i and l are told apart until here
    private static readonly (string From, string To)[] Pairs =
    [
        ("ﬀ", "ff"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("ﬃ", "ffi"),
        ("ﬄ", "ffl"),
        ("ﬅ", "st"),
        ("ﬆ", "st"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("ĳ", "ij"),
        ("ǉ", "lj"),
        ("ǌ", "nj"),
        ("ǆ", "dz"),
        ("ǳ", "dz"),
        ("rn", "m"),
        ("vv", "w"),
        ("cl", "d"),
        ("i", "l"),
    ];

    private static readonly Dictionary<int, char> Table = Alike
        .SelectMany(row => row.EnumerateRunes().Skip(1).Select(alike => (alike.Value, To: row[0])))
        .DistinctBy(pair => pair.Value)
        .ToDictionary(pair => pair.Value, pair => pair.To);

    /// <summary>The skeleton of a name; of any other text, too.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in Nfc.Decompose(name).EnumerateRunes())
        {
            var plain = Plain(rune);
            var category = Rune.GetUnicodeCategory(plain);
            if (
                category
                    is not (
                        UnicodeCategory.NonSpacingMark
                        or UnicodeCategory.SpacingCombiningMark
                        or UnicodeCategory.EnclosingMark
                        or UnicodeCategory.Format
                    )
                && plain.Value is not ('_' or '-' or '.')
            )
            {
                text.Append(
                    category == UnicodeCategory.DecimalDigitNumber ? Digit(plain)
                    : Find(plain) is { } ascii ? ascii.ToString()
                    : CaseFold.Of(plain.ToString()) is var folded
                    && Rune.TryGetRuneAt(folded, 0, out var small)
                    && Find(small) is { } same
                        ? same.ToString()
                    : folded
                );
            }
        }

        foreach (var (from, to) in Pairs)
        {
            text.Replace(from, to);
        }

        return text.ToString();
    }

    private static char? Find(Rune rune) => Table.TryGetValue(rune.Value, out var ascii) ? ascii : null;

    /// <summary>A width or style form as the character it is a form of, as Normalization Form KD has it.</summary>
    private static Rune Plain(Rune rune) =>
        rune.Value switch
        {
            >= 0xFF21 and <= 0xFF3A => new Rune(rune.Value - 0xFF21 + 'A'), // full width
            >= 0xFF41 and <= 0xFF5A => new Rune(rune.Value - 0xFF41 + 'a'),
            >= 0xFF10 and <= 0xFF19 => new Rune(rune.Value - 0xFF10 + '0'),
            // Mathematical alphabets: thirteen of A–Z a–z, five of Greek, five of digits
            >= 0x1D400 and <= 0x1D6A3 => Latin((rune.Value - 0x1D400) % 52),
            >= 0x1D6A8 and <= 0x1D7C9 => Greek((rune.Value - 0x1D6A8) % 58),
            >= 0x1D7CE and <= 0x1D7FF => new Rune('0' + ((rune.Value - 0x1D7CE) % 10)),
            _ => rune,
        };

    private static Rune Latin(int index) => new(index < 26 ? 'A' + index : 'a' + index - 26);

    private static Rune Greek(int index) =>
        new("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ"[index]);

    // Digits of every script stand for their value: whoever cannot read them takes them for that
    private static string Digit(Rune rune)
    {
        var ascii = new Rune('0' + (int)Rune.GetNumericValue(rune));
        return (Find(ascii) ?? (char)ascii.Value).ToString();
    }
}
