using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Widgets;

public sealed class LogScrollTests
{
    private static readonly TerminalSize View = new(10, 4);

    [Fact]
    public void Shows_the_end_at_the_bottom()
    {
        Shown(LogScroll.AtEnd, Lines(2), View).ShouldBe("\n\nline 0\nline 1");
        Shown(LogScroll.AtEnd, Lines(9), View).ShouldBe("line 5\nline 6\nline 7\nline 8");
        Shown(LogScroll.AtEnd, [], View).ShouldBe("\n\n\n");
    }

    [Fact]
    public void Goes_up_and_down_by_pages_with_one_row_kept()
    {
        var lines = Lines(20);
        var up = LogScroll.AtEnd.PageUp(lines, View);

        Shown(up, lines, View).ShouldBe("line 13\nline 14\nline 15\nline 16");
        up.CountNewer(lines, View).ShouldBe(3);
        up.PageDown(lines, View).IsAtEnd.ShouldBeTrue();
        Shown(LogScroll.AtStart(lines, View), lines, View).ShouldBe("line 0\nline 1\nline 2\nline 3");
        Shown(LogScroll.AtStart(lines, View).PageUp(lines, View), lines, View).ShouldStartWith("line 0");
    }

    [Fact]
    public void Stays_where_it_is_when_lines_come_at_the_end_or_before()
    {
        var lines = Lines(20);
        var up = LogScroll.AtEnd.PageUp(lines, View);
        var before = Shown(up, lines, View);

        Shown(up, [.. lines, Line(100), Line(101)], View).ShouldBe(before);
        up.CountNewer([.. lines, Line(100), Line(101)], View).ShouldBe(5);
        Shown(up, [Line(200), Line(201), .. lines], View).ShouldBe(before);
        LogScroll.AtEnd.CountNewer(lines, View).ShouldBe(0);
    }

    [Fact]
    public void Keeps_the_text_in_the_top_row_when_the_width_changes()
    {
        IReadOnlyList<LogLine> lines =
        [
            .. Lines(5),
            new LogLine(5, StyledText.Of("one two three four five six seven eight nine ten")),
            .. Enumerable.Range(6, 20).Select(Line),
        ];
        var scroll = LogScroll.At(lines, 5, View).Scroll(lines, View, 2);
        Shown(scroll, lines, View).ShouldStartWith("five six\n");

        Shown(scroll, lines, new TerminalSize(24, 4)).ShouldStartWith("one two three four five\n");
        Shown(scroll, lines, new TerminalSize(5, 4)).ShouldStartWith("five\nsix\n");
        Shown(scroll, lines, View).ShouldStartWith("five six\n");
    }

    [Fact]
    public void Wraps_with_an_indent_under_the_text()
    {
        IReadOnlyList<LogLine> lines =
        [
            new LogLine(0, StyledText.Of("al: one two three", CellStyle.Default), Indent: 4),
        ];

        Shown(LogScroll.AtEnd, lines, View).ShouldBe("\nal: one\n    two\n    three");
        Shown(LogScroll.AtEnd, lines, new TerminalSize(5, 4)).ShouldBe("al:\none\ntwo\nthree");
    }

    [Fact]
    public void Follows_the_end_again_when_the_view_grows_over_it()
    {
        var lines = Lines(20);
        var up = LogScroll.AtEnd.Scroll(lines, View, -1);

        Shown(up, lines, new TerminalSize(10, 30)).ShouldEndWith("line 19");
        up.CountNewer(lines, new TerminalSize(10, 30)).ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 5)]
    public void Draws_at_any_size(int columns, int rows)
    {
        var view = new TerminalSize(columns, rows);
        var lines = Lines(5);

        Shown(LogScroll.AtEnd, lines, view).Split('\n').Length.ShouldBe(rows);
        Shown(LogScroll.AtEnd.PageUp(lines, view), lines, view).Split('\n').Length.ShouldBe(rows);
        Shown(LogScroll.AtStart(lines, view).PageDown(lines, view), lines, view)
            .Split('\n')
            .Length.ShouldBe(rows);
    }

    [Fact]
    public void Any_walk_ends_at_the_same_end_and_start()
    {
        var random = new Random(1);
        IReadOnlyList<LogLine> lines =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(i => new LogLine(
                    i,
                    StyledText.Of(new string((char)('a' + (i % 26)), random.Next(40)))
                )),
        ];
        for (var round = 0; round < 100; round++)
        {
            var scroll = LogScroll.AtEnd;
            for (var step = 0; step < 20; step++)
            {
                scroll = scroll.Scroll(lines, View, random.Next(-30, 20));
                scroll.CountNewer(lines, View).ShouldBeInRange(0, 59);
            }

            scroll.Scroll(lines, View, 10_000).IsAtEnd.ShouldBeTrue();
            Shown(scroll.Scroll(lines, View, -10_000), lines, View)
                .ShouldBe(Shown(LogScroll.AtStart(lines, View), lines, View));
        }
    }

    [Fact]
    public void Of_ten_thousand_lines_only_those_near_the_place_are_looked_at()
    {
        var lines = new WatchedLines(10_000);
        var region = new CellBuffer(View).Region;

        var up = LogScroll.AtEnd.PageUp(lines, View);
        up.Draw(region, lines);
        up.CountNewer(lines, View).ShouldBe(3);
        var start = LogScroll.AtStart(lines, View);
        start.Draw(region, lines);
        start.CountNewer(lines, View).ShouldBe(10_000 - View.Rows);

        lines.Seen.Count.ShouldBeLessThan(6 * View.Rows);
    }

    private static LogLine Line(int number) => new(number, StyledText.Of($"line {number}"));

    private static IReadOnlyList<LogLine> Lines(int count) => [.. Enumerable.Range(0, count).Select(Line)];

    private static string Shown(LogScroll scroll, IReadOnlyList<LogLine> lines, TerminalSize size)
    {
        var buffer = new CellBuffer(size);
        scroll.Draw(buffer.Region, lines);
        return buffer.ToString();
    }

    /// <summary>Lines that are made when they are looked at, and which ones were.</summary>
    private sealed class WatchedLines(int count) : IReadOnlyList<LogLine>
    {
        public HashSet<int> Seen { get; } = [];

        public int Count => count;

        public LogLine this[int index]
        {
            get
            {
                Seen.Add(index);
                return Line(index);
            }
        }

        public IEnumerator<LogLine> GetEnumerator() =>
            Enumerable.Range(0, count).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
