using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Identity.Unicode;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class DisplayNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("alice")]
    [InlineData("Alice_B-2.x")]
    [InlineData("7of9")]
    [InlineData("x-")]
    [InlineData("Ångström")]
    [InlineData("花子")]
    [InlineData("はなこ")]
    [InlineData("Иван")]
    [InlineData("अनीता")]
    [InlineData("محمد")]
    [InlineData("٣ب")]
    [InlineData("한글")]
    [InlineData("𐐷x")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void Takes_letters_and_digits_of_any_script(string text)
    {
        DisplayName.TryCreate(text, out var name, out var error).ShouldBeTrue(error.ToString());
        name!.ToString().ShouldBe(text);
        DisplayName.TryParse(name.ToUtf8(), out var read, out _).ShouldBeTrue();
        read.ShouldBe(name);
    }

    [Theory]
    [InlineData("", NameError.Empty)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", NameError.TooLong)]
    [InlineData("_a", NameError.BadStart)]
    [InlineData("-a", NameError.BadStart)]
    [InlineData(".a", NameError.BadStart)]
    [InlineData("a.", NameError.EndsWithDot)]
    [InlineData("a b", NameError.ForbiddenCharacter)]
    [InlineData("a/b", NameError.ForbiddenCharacter)]
    [InlineData("a~b", NameError.ForbiddenCharacter)]
    [InlineData("a\u001b[31m", NameError.ForbiddenCharacter)]
    [InlineData("a\0", NameError.ForbiddenCharacter)]
    [InlineData("a\u202Eb", NameError.ForbiddenCharacter)]
    [InlineData("a\u200Db", NameError.ForbiddenCharacter)]
    [InlineData("a😀", NameError.ForbiddenCharacter)]
    [InlineData("a½", NameError.ForbiddenCharacter)]
    [InlineData("\u0301a", NameError.MarkWithoutLetter)]
    [InlineData("7\u0301", NameError.MarkWithoutLetter)]
    [InlineData("a_\u0301", NameError.MarkWithoutLetter)]
    [InlineData("q\u0301\u0301\u0301\u0301\u0301", NameError.TooManyMarks)]
    [InlineData("\u3164", NameError.InvisibleCharacter)]
    [InlineData("a\u115Fb", NameError.InvisibleCharacter)]
    [InlineData("a\uFE0F", NameError.InvisibleCharacter)]
    public void Refuses_what_is_no_name_and_says_why(string text, NameError expected)
    {
        DisplayName.TryCreate(text, out var name, out var error).ShouldBeFalse();
        name.ShouldBeNull();
        error.ShouldBe(expected);
        DisplayName.Explain(error).ShouldEndWith(".");
    }

    [Fact]
    public void Refuses_half_a_surrogate_pair()
    {
        // Not as inline data: attributes are kept in UTF-8, which has no form for it.
        foreach (var text in new[] { "a\uD800", "\uDC00a" })
        {
            DisplayName.TryCreate(text, out _, out var error).ShouldBeFalse();
            error.ShouldBe(NameError.NotText);
        }
    }

    [Fact]
    public void Refuses_a_text_too_long_to_become_a_name_before_normalising_it()
    {
        DisplayName.TryCreate(new string('a', 100_000), out _, out var error).ShouldBeFalse();
        error.ShouldBe(NameError.TooLong);
        DisplayName.TryParse(new byte[DisplayName.MaxBytes + 1], out _, out error).ShouldBeFalse();
        error.ShouldBe(NameError.TooLong);
    }

    [Fact]
    public void Counts_code_points_after_normalising()
    {
        var decomposed = string.Concat(Enumerable.Repeat("e\u0301", DisplayName.MaxCharacters));
        DisplayName.TryCreate(decomposed, out var name, out _).ShouldBeTrue();
        name!.ToString().ShouldBe(new string('é', DisplayName.MaxCharacters));

        // The longest decompositions in the BMP have four code points.
        var longest = string.Concat(Enumerable.Repeat("\u03B1\u0313\u0300\u0345", DisplayName.MaxCharacters));
        DisplayName.TryCreate(longest, out name, out _).ShouldBeTrue();
        name!.ToString().ShouldBe(new string('\u1F82', DisplayName.MaxCharacters));
        DisplayName
            .TryCreate(string.Concat(Enumerable.Repeat("𐐷", 33)), out _, out var error)
            .ShouldBeFalse();
        error.ShouldBe(NameError.TooLong);
    }

    [Fact]
    public void Refuses_a_received_name_that_is_not_in_form_C()
    {
        DisplayName.TryParse(Encoding.UTF8.GetBytes("e\u0301"), out _, out var error).ShouldBeFalse();
        error.ShouldBe(NameError.NotNormalized);
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xFF })]
    [InlineData(new byte[] { 0xC1, 0xA1 })] // overlong
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // surrogate
    [InlineData(new byte[] { 0xE2, 0x82 })] // cut off
    public void Refuses_a_received_name_that_is_not_UTF_8(byte[] bytes)
    {
        DisplayName.TryParse(bytes, out _, out var error).ShouldBeFalse();
        error.ShouldBe(NameError.NotText);
    }

    [Fact]
    public void Never_throws_on_received_bytes_and_reads_back_what_it_takes() =>
        Prop.ForAll<byte[]>(bytes =>
                !DisplayName.TryParse(bytes, out var name, out _)
                || name.ToUtf8().AsSpan().SequenceEqual(bytes)
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Alice", "aLICE")]
    [InlineData("ÉMILE", "émile")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("οδος", "οδοσ")] // final sigma
    [InlineData("ИВАН", "иван")]
    [InlineData("𐐏", "𐐷")] // Deseret, outside the BMP
    [InlineData("ſ", "S")] // long s
    [InlineData("\u212A", "k")] // Kelvin sign
    public void Names_that_differ_in_case_only_fold_alike(string one, string other)
    {
        DisplayName.Of(one).Folded.ShouldBe(DisplayName.Of(other).Folded);
        DisplayName.Of(one).Folded.FolderHash.ShouldBe(DisplayName.Of(other).Folded.FolderHash);
    }

    [Theory]
    [InlineData("alice", "alice2")]
    [InlineData("e", "é")]
    [InlineData("ı", "l")]
    public void Other_names_do_not_fold_alike(string one, string other)
    {
        DisplayName.Of(one).Folded.ShouldNotBe(DisplayName.Of(other).Folded);
        DisplayName.Of(one).Folded.FolderHash.ShouldNotBe(DisplayName.Of(other).Folded.FolderHash);
    }

    [Fact]
    public void Folds_as_the_simple_case_folding_of_unicode_where_it_is_installed()
    {
        var path = Path.Combine(NormalizationTableTests.UnicodeFolder, "CaseFolding.txt");
        Assert.SkipUnless(File.Exists(path), "unicode-data is not installed");
        var checkedPairs = 0;
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var fields = line.Split(';', StringSplitOptions.TrimEntries);
            if (
                fields[1] is "C" or "S"
                && DisplayName.TryCreate(Decode(fields[0]), out var one, out _)
                && DisplayName.TryCreate(Decode(fields[2]), out var other, out _)
            )
            {
                one.Folded.ShouldBe(other.Folded, line);
                checkedPairs++;
            }
        }

        checkedPairs.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void Folding_twice_changes_nothing_and_stays_in_form_C()
    {
        foreach (
            var rune in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value))
        )
        {
            if (DisplayName.TryCreate(rune.ToString(), out var name, out _))
            {
                var folded = name.Folded.ToString();
                new FoldedName(folded).ToString().ShouldBe(folded, $"U+{rune.Value:X}");
                Nfc.TryNormalize(folded, out var normalized).ShouldBeTrue();
                normalized.ShouldBe(folded, $"U+{rune.Value:X}");
            }
        }
    }

    private static string Decode(string hex) =>
        new Rune(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();
}
