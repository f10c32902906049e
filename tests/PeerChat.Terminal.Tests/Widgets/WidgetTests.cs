using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Widgets;

public sealed class WidgetTests
{
    private static readonly Question Delete = new(
        "Delete it?",
        [new Choice('y', "yes"), new Choice('n', "no")]
    );

    [Fact]
    public void A_list_keeps_its_choice_in_sight()
    {
        var items = Enumerable.Range(0, 10).Select(i => StyledText.Of($"item {i}")).ToList();
        var list = new ListState(0);
        for (var i = 0; i < 4; i++)
        {
            list.TryHandle(new KeyStroke(KeyCode.Down), items.Count, 3, out list).ShouldBeTrue();
        }

        Drawn(10, 3, region => list.Draw(region, items, ">")).ShouldBe(" item 2\n item 3\n>item 4");
        list.TryHandle(new KeyStroke(KeyCode.Up), items.Count, 3, out list).ShouldBeTrue();
        Drawn(10, 3, region => list.Draw(region, items, ">")).ShouldBe(" item 2\n>item 3\n item 4");
        list.TryHandle(new KeyStroke(KeyCode.End), items.Count, 3, out list).ShouldBeTrue();
        Drawn(10, 3, region => list.Draw(region, items, ">")).ShouldBe(" item 7\n item 8\n>item 9");
        list.TryHandle(new KeyStroke(KeyCode.PageUp), items.Count, 3, out list).ShouldBeTrue();
        list.Selected.ShouldBe(7);
        list.TryHandle(KeyStroke.Of('x'), items.Count, 3, out _).ShouldBeFalse();
        Drawn(10, 3, region => new ListState(5).Draw(region, [])).ShouldBe("\n\n");
    }

    [Fact]
    public void A_status_line_cuts_its_left_side()
    {
        var status = new StatusLine(StyledText.Of("#room 5 peers"), StyledText.Of("direct"));

        Drawn(24, 1, region => status.Draw(region)).ShouldBe("#room 5 peers     direct");
        Drawn(16, 1, region => status.Draw(region)).ShouldBe("#room 5 … direct");
        Drawn(8, 1, region => status.Draw(region)).ShouldBe("#room 5…");
        Drawn(1, 1, region => status.Draw(region)).ShouldBe("…");
    }

    [Fact]
    public void A_question_is_answered_by_a_letter_or_left_by_Escape()
    {
        Delete.TryAnswer(KeyStroke.Of('Y'), out var answer).ShouldBeTrue();
        answer.Key.ShouldBe('y');
        Delete.TryAnswer(new KeyStroke(KeyCode.Escape), out answer).ShouldBeTrue();
        answer.Key.ShouldBe('n');
        Delete.TryAnswer(KeyStroke.Of('x'), out _).ShouldBeFalse();
        Delete.TryAnswer(KeyStroke.Ctrl('y'), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_question_is_a_bar_or_a_box()
    {
        Drawn(40, 1, region => Delete.DrawBar(region)).ShouldBe("Delete it? [y] yes  [n] no");
        Drawn(34, 5, region => Delete.DrawBox(region))
            .ShouldBe(
                """

                  ┌────────────────────────────┐
                  │ Delete it? [y] yes  [n] no │
                  └────────────────────────────┘

                """.ReplaceLineEndings("\n")
            );
        Drawn(34, 3, region => Delete.DrawBox(region, hasBorder: false))
            .ShouldBe("\n    Delete it? [y] yes  [n] no\n");
        Drawn(1, 1, region => Delete.DrawBox(region)).Length.ShouldBeLessThanOrEqualTo(1);
        Drawn(3, 2, region => Delete.DrawBox(region)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one  two", 4, "one|two")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("ab cdefghij", 4, "ab|cdef|ghij")]
    [InlineData("日本語日本語", 5, "日本|語日|本語")]
    [InlineData("日本、語", 4, "日|本、|語")]
    [InlineData("hello 日本語", 9, "hello 日|本語")]
    [InlineData("「日本」語", 6, "「日|本」語")]
    [InlineData("한국어 문장", 7, "한국어|문장")]
    [InlineData("a\n\nb", 5, "a||b")]
    [InlineData("", 5, "")]
    [InlineData("well-known thing", 6, "well-|known|thing")]
    [InlineData("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦|👩‍👩‍👧‍👦")]
    [InlineData("日本", 1, "日|本")]
    [InlineData("a b ", 3, "a b")]
    public void Text_breaks_where_it_may(string text, int columns, string rows)
    {
        var list = new List<TextRow>();
        TextWrap.Wrap(text, columns, list);

        string.Join('|', list.Select(row => text.Substring(row.Start, row.Length))).ShouldBe(rows);
        list.TrueForAll(row => row.Columns == TextWidth.Of(text.AsSpan(row.Start, row.Length)))
            .ShouldBeTrue();
    }

    [Fact]
    public void Wrapping_loses_nothing_but_blanks()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var text = HostileText.Of(random) + " " + HostileText.Of(random);
            var columns = random.Next(1, 12);
            var rows = new List<TextRow>();
            TextWrap.Wrap(text, columns, rows, indent: random.Next(3));
            var position = 0;
            foreach (var row in rows)
            {
                text[position..row.Start].Trim(' ', '\n', '\t').ShouldBe("");
                position = row.End;
            }

            text[position..].Trim(' ', '\n', '\t').ShouldBe("");
        }
    }

    private static string Drawn(int columns, int rows, Action<CellRegion> draw)
    {
        var buffer = new CellBuffer(new TerminalSize(columns, rows));
        draw(buffer.Region);
        return buffer.ToString();
    }
}
