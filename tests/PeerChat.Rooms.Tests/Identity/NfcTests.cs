using System.Diagnostics;
using System.Globalization;
using System.Text;
using PeerChat.Rooms.Identity.Unicode;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class NfcTests
{
    [Fact]
    public void Passes_a_sample_of_the_conformance_test_of_UAX_15() =>
        CheckLines(VectorFile.Lines("normalization-sample.txt")).ShouldBeGreaterThan(100);

    [Fact]
    public void Passes_the_whole_conformance_test_of_UAX_15_where_it_is_installed()
    {
        var path = Path.Combine(NormalizationTableTests.UnicodeFolder, "NormalizationTest.txt.bz2");
        Assert.SkipUnless(
            File.Exists(path) && File.Exists("/usr/bin/bzcat"),
            "unicode-data or bzip2 is not installed"
        );
        using var bzcat = Process.Start(
            new ProcessStartInfo("/usr/bin/bzcat", [path])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
        var lines = bzcat.StandardOutput.ReadToEnd().Split('\n');
        bzcat.WaitForExit();
        Assert.SkipUnless(
            lines[0].Contains(Nfc.UnicodeVersion, StringComparison.Ordinal),
            "another version of unicode-data is installed"
        );

        CheckLines(lines.Where(line => line.Length > 0 && line[0] is not ('#' or '@')))
            .ShouldBeGreaterThan(10_000);

        // Part 1: a code point that is not named there is its own Form C.
        var named = lines
            .SkipWhile(line => !line.StartsWith("@Part1", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("@Part2", StringComparison.Ordinal))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(';')[0])
            .ToHashSet(StringComparer.Ordinal);
        foreach (var value in Enumerable.Range(0, 0x110000).Where(Rune.IsValid))
        {
            var text = new Rune(value).ToString();
            if (!named.Contains(value.ToString("X4", CultureInfo.InvariantCulture)))
            {
                Normalize(text).ShouldBe(text);
            }
        }
    }

    [Theory]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\u1100\u1161\u11A7", "\uAC00\u11A7")] // not a trailing consonant
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")] // has one already
    [InlineData("\u1100\u0301\u1161", "\u1100\u0301\u1161")] // blocked
    [InlineData("\uD7A3", "\uD7A3")]
    public void Composes_Hangul_by_arithmetic(string text, string expected) =>
        Normalize(text).ShouldBe(expected);

    [Fact]
    public void Refuses_half_a_surrogate_pair()
    {
        Nfc.TryNormalize("é\uD800", out _).ShouldBeFalse();
        Nfc.TryNormalize("\uDC00é", out _).ShouldBeFalse();
    }

    [Fact]
    public void Sorts_a_long_run_of_marks_in_good_time()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));
        var normalized = Normalize("q" + marks);
        normalized.Length.ShouldBe(100_001);
        normalized[1..50_001].ShouldBe(new string('\u0323', 50_000));
    }

    private static int CheckLines(IEnumerable<string> lines)
    {
        var count = 0;
        foreach (var line in lines)
        {
            var columns = line.Split(';').Take(5).Select(Decode).ToArray();
            // NormalizationTest.txt, conformance 1: c2 = NFC(c1) = NFC(c2) = NFC(c3), c4 = NFC(c4) = NFC(c5).
            Normalize(columns[0]).ShouldBe(columns[1], line);
            Normalize(columns[1]).ShouldBe(columns[1], line);
            Normalize(columns[2]).ShouldBe(columns[1], line);
            Normalize(columns[3]).ShouldBe(columns[3], line);
            Normalize(columns[4]).ShouldBe(columns[3], line);
            count++;
        }

        return count;
    }

    private static string Normalize(string text)
    {
        Nfc.TryNormalize(text, out var normalized).ShouldBeTrue();
        return normalized!;
    }

    private static string Decode(string column) =>
        string.Concat(
            column
                .Split(' ')
                .Select(hex =>
                    new Rune(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
                )
        );
}
