using FsCheck;
using FsCheck.Fluent;
using PeerChat.Terminal.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Text;

public sealed class TextClustersTests
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData("日本語", 6)]
    [InlineData("👩‍👩‍👧‍👦", 2)]
    [InlineData("🇯🇵", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("❤️", 2)]
    [InlineData("❤", 1)]
    [InlineData("1️⃣", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("각", 2)]
    [InlineData("\u1100\u1161\u11A8", 2)]
    [InlineData("क्षि", 2)]
    [InlineData("ｶﾞ", 2)]
    [InlineData("นำ", 2)]
    [InlineData("🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", 2)]
    [InlineData("\t", 4)]
    [InlineData("می\u200Cخواهم", 7)]
    public void Knows_the_columns_of_a_text(string text, int columns) => TextWidth.Of(text).ShouldBe(columns);

    [Fact]
    public void Takes_a_family_as_one_cluster_and_a_letter_with_its_mark_too()
    {
        Lengths("👩‍👩‍👧‍👦x").ShouldBe([11, 1]);
        Lengths("e\u0301x").ShouldBe([2, 1]);
        Lengths("🇯🇵🇰🇷").ShouldBe([4, 4]);
    }

    [Theory]
    [InlineData("\u001B", "^[")]
    [InlineData("\u0000", "^@")]
    [InlineData("\u007F", "^?")]
    [InlineData("\u009B", "<U+009B>")]
    [InlineData("\u202E", "<U+202E>")]
    [InlineData("\u2066", "<U+2066>")]
    [InlineData("\u200B", "<U+200B>")]
    [InlineData("\uFEFF", "<U+FEFF>")]
    [InlineData("\u2028", "<U+2028>")]
    [InlineData("\u00AD", "<U+00AD>")]
    [InlineData("\uFFFF", "<U+FFFF>")]
    [InlineData("\u3164", "<U+3164>")]
    [InlineData("\U000E0041", "<U+E0041>")]
    [InlineData("a\u200Db", "a<U+200D>b")]
    [InlineData("a\u200Cb", "a<U+200C>b")]
    [InlineData("👩\u200D", "👩<U+200D>")]
    [InlineData("\uFE0F", "<U+FE0F>")]
    [InlineData("\u1161", "<U+1161>")]
    [InlineData("\uFF9E", "<U+FF9E>")]
    [InlineData("\u0301", "◌\u0301")]
    [InlineData("\r\n", "^M^J")]
    [InlineData("a\U000E0061\U000E0062", "a<U+E0061><U+E0062>")]
    public void Spells_out_what_must_not_reach_the_terminal(string text, string shown) =>
        Terminal.Output.ControlSequences.Clean(text, 100).ShouldBe(shown);

    [Fact]
    public void Spells_out_halves_of_surrogate_pairs()
    {
        Terminal.Output.ControlSequences.Clean("\uD800", 100).ShouldBe("<U+D800>");
        Terminal.Output.ControlSequences.Clean("x\uDC00y\uDBFF", 100).ShouldBe("x<U+DC00>y<U+DBFF>");
    }

    [Theory]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("می\u200Cخواهم")]
    [InlineData("क्\u200Dष")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F")]
    [InlineData("1️⃣❤️👍🏽")]
    public void Leaves_joiners_selectors_and_tags_where_they_mean_something(string text) =>
        Terminal.Output.ControlSequences.Clean(text, 100).ShouldBe(text);

    [Fact]
    public void Cuts_a_pile_of_marks()
    {
        var pile = "a" + new string('\u0301', 40);
        var cluster = TextClusters.Read(pile);

        cluster.Length.ShouldBe(41);
        cluster.DrawnLength.ShouldBe(1 + TextCluster.MaxMarks);
        cluster.Columns.ShouldBe(1);
    }

    [Fact]
    public void Ends_a_cluster_that_a_sender_joined_without_end()
    {
        var endless = string.Concat(Enumerable.Repeat("👩‍", 10_000)) + "👩";

        Lengths(endless).ShouldAllBe(length => length <= TextCluster.MaxLength);
        Lengths("a" + new string('\u0301', 100_000)).Sum().ShouldBe(100_001);
    }

    [Fact]
    public void Agrees_with_the_examples_of_Unicode_wherever_nothing_is_spelled_out()
    {
        // GraphemeBreakTest.txt, a choice: Hangul, flags, emoji, prepended and spacing marks
        string[][] examples =
        [
            ["\u0020", "\u0020"],
            ["\u1100\u1160", "\u1100"],
            ["\uAC00\u11A8", "\uAC00"],
            ["\U0001F1E6\U0001F1E7", "\U0001F1E8"],
            ["a", "\U0001F1E6\U0001F1E7", "b"],
            ["\u0061\u0308", "\u0062"],
            ["\U0001F476\U0001F3FF", "\U0001F476"],
            ["\U0001F6D1\u200D\U0001F6D1"],
            ["\u0061\u0903", "\u0062"],
        ];
        foreach (var clusters in examples)
        {
            Clusters(string.Concat(clusters)).ShouldBe(clusters);
        }
    }

    [Fact]
    public void Covers_any_text_without_gap_and_without_a_cluster_of_no_width() =>
        Prop.ForAll(
                HostileText.Arbitrary,
                text =>
                {
                    var position = 0;
                    foreach (var cluster in new TextClusters(text))
                    {
                        cluster.Start.ShouldBe(position);
                        cluster.Length.ShouldBeGreaterThan(0);
                        cluster.DrawnLength.ShouldBeLessThanOrEqualTo(cluster.Length);
                        cluster.Columns.ShouldBeGreaterThan(0);
                        position = cluster.End;
                    }

                    position.ShouldBe(text.Length);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_that_commands_or_hides_is_left_in_clean_text() =>
        Prop.ForAll(
                HostileText.Arbitrary,
                text => HostileText.ShouldBeHarmless(Terminal.Output.ControlSequences.Clean(text, 500))
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Shortens_with_an_ellipsis_and_never_through_a_wide_cluster()
    {
        TextWidth.Ellipsize("日本語", 6).ShouldBe("日本語");
        TextWidth.Ellipsize("日本語", 5).ShouldBe("日本…");
        TextWidth.Ellipsize("日本語", 4).ShouldBe("日…");
        TextWidth.Ellipsize("abc", 0).ShouldBe("");
    }

    private static List<string> Clusters(string text)
    {
        var clusters = new List<string>();
        foreach (var cluster in new TextClusters(text))
        {
            clusters.Add(text.Substring(cluster.Start, cluster.Length));
        }

        return clusters;
    }

    private static List<int> Lengths(string text) => [.. Clusters(text).Select(cluster => cluster.Length)];
}
