using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace PeerChat.Terminal.Tests;

/// <summary>Texts made of what breaks terminals: controls, bidi, joiners, marks, halves of surrogates, wide characters.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "a",
        "Z",
        " ",
        "  ",
        "~",
        "\0",
        "\u001b",
        "\u001b[2J",
        "\u001b]52;c;AAAA\a",
        "\u001bP",
        "\a",
        "\b",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\u007f",
        "\u0080",
        "\u0085",
        "\u009b",
        "\u009d",
        "\u00a0",
        "\u00ad",
        "\u0300",
        "\u0301",
        "\u034f",
        "\u0489",
        "\u0600",
        "\u061c",
        "\u0903",
        "\u0915",
        "\u094d",
        "\u0937",
        "\u093f",
        "\u0d4e",
        "\u1100",
        "\u1161",
        "\u11a8",
        "\u180e",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2028",
        "\u2029",
        "\u2060",
        "\u2066",
        "\u2069",
        "\u206f",
        "\u20e3",
        "\u2764",
        "\u2764\ufe0f",
        "\u3000",
        "\u3042",
        "日",
        "本",
        "가",
        "\u3164",
        "\ud800",
        "\udc00",
        "\udbff",
        "\ufe00",
        "\ufe0e",
        "\ufe0f",
        "\ufeff",
        "\uff21",
        "\uff9e",
        "\uff76",
        "\uffa0",
        "\ufff9",
        "\uffff",
        "\ue000",
        "👍",
        "👍🏽",
        "🏽",
        "👩‍👩‍👧‍👦",
        "👩‍",
        "🇯🇵",
        "🇯",
        "1️⃣",
        "🏴\U000E0067\U000E0062\U000E007F",
        "\U000E0001",
        "\U000E0041",
        "\U000E0100",
        "\U0001FAE9",
        "\U0001FAFF",
        "\U0010FFFF",
        "\U000F0000",
        "䷀",
        "é",
        "ß",
        "Ж",
        "ש",
        "ع",
    ];

    /// <summary>Random rows of such pieces, and of any UTF-16 units.</summary>
    public static Arbitrary<string> Arbitrary { get; } =
        Gen.Choose(0, 40).SelectMany(count => Gen.ListOf(Piece(), count)).Select(string.Concat).ToArbitrary();

    /// <summary>A piece of a row by a number.</summary>
    public static string Of(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    /// <summary>Fails if the text holds what commands a terminal, turns the reading direction or is not well formed.</summary>
    public static void ShouldBeHarmless(string text)
    {
        for (var i = 0; i < text.Length; )
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length)
                .ShouldBe(System.Buffers.OperationStatus.Done, $"lone surrogate in {Escape(text)}");
            var category = Rune.GetUnicodeCategory(rune);
            var isAllowedFormat = rune.Value is 0x200C or 0x200D || rune.Value is >= 0xE0020 and <= 0xE007F;
            var isHarmful =
                category
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.Surrogate
                || (category == UnicodeCategory.Format && !isAllowedFormat);
            isHarmful.ShouldBeFalse($"U+{rune.Value:X4} in {Escape(text)}");
            i += length;
        }
    }

    private static Gen<string> Piece() =>
        Gen.Frequency(
            (9, Gen.Elements(Pieces)),
            (1, Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString()))
        );

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is > ' ' and < '\x7f' ? c.ToString() : $"\\u{(int)c:x4}"));
}
