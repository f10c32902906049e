using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Testing;
using PeerChat.Terminal.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Output;

public sealed class BufferDiffTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 250)];

    [Fact]
    public void Writes_nothing_for_equal_pictures()
    {
        var stage = new Stage(new TerminalSize(20, 3));
        stage.Show(buffer => buffer.Region.Write(0, 1, "日本 hello"));

        stage.Show(buffer => buffer.Region.Write(0, 1, "日本 hello")).ShouldBe(0);
    }

    [Fact]
    public void Writes_one_byte_for_a_character_typed_at_the_end()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Show(buffer => Prompt(buffer, "hello"));

        stage.Show(buffer => Prompt(buffer, "hello w")).ShouldBeLessThanOrEqualTo(4);
        stage.Show(buffer => Prompt(buffer, "hello wo")).ShouldBe(1);
        stage.Show(buffer => Prompt(buffer, "hello w")).ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public void Writes_at_most_four_bytes_for_a_character_after_the_status_line_changed()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Show(buffer => Prompt(buffer, "a", "12:00"));
        stage.Show(buffer => Prompt(buffer, "a", "12:01"));

        stage.Show(buffer => Prompt(buffer, "ab", "12:01")).ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Writes_at_most_sixty_bytes_for_a_character_in_the_middle()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        const string Text = "the quick brown fox jumps over the lazy dog again";
        stage.Show(buffer => Prompt(buffer, Text, cursor: 5));

        stage.Show(buffer => Prompt(buffer, Text.Insert(5, "x"), cursor: 6)).ShouldBeLessThanOrEqualTo(60);
    }

    [Fact]
    public void A_character_typed_or_deleted_in_the_middle_moves_the_rest_of_the_line()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        const string Text = "the quick brown fox jumps over the lazy dog again";
        stage.Show(buffer => Prompt(buffer, Text, cursor: 5));

        stage.Show(buffer => Prompt(buffer, Text.Insert(5, "x"), cursor: 6)).ShouldBeLessThanOrEqualTo(4);
        stage.Show(buffer => Prompt(buffer, Text, cursor: 5)).ShouldBeLessThanOrEqualTo(5);
        stage.Show(buffer => Prompt(buffer, Text.Remove(1, 2), cursor: 1)).ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public void A_row_of_which_only_a_number_became_shorter_is_moved()
    {
        var stage = new Stage(new TerminalSize(80, 2));
        stage.Show(buffer => buffer.Region.Write(0, 0, "12:00 ben  line 9979 of a burst, as people write"));

        stage
            .Show(buffer => buffer.Region.Write(0, 0, "12:00 ben  line 3 of a burst, as people write them"))
            .ShouldBeLessThanOrEqualTo(24);
    }

    [Theory]
    [InlineData("日本 ")]
    [InlineData("👍🏽 ")]
    public void What_a_terminal_may_measure_otherwise_is_not_moved(string doubtful)
    {
        var stage = new Stage(new TerminalSize(80, 1));
        const string Text = "the quick brown fox jumps over the lazy dog";
        stage.Show(buffer => buffer.Region.Write(0, 0, doubtful + Text));

        stage.Show(buffer => buffer.Region.Write(0, 0, doubtful + Text.Insert(1, "x")));

        Encoding.UTF8.GetString(stage.Last).ShouldNotContain("@");
    }

    [Fact]
    public void Writes_at_most_200_bytes_for_a_line_that_comes_in()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Show(buffer => Chat(buffer, 0, sideColumns: 0));

        for (var i = 1; i < 10; i++)
        {
            stage.Show(buffer => Chat(buffer, i, sideColumns: 0)).ShouldBeLessThanOrEqualTo(200);
        }
    }

    [Fact]
    public void Writes_at_most_300_bytes_for_a_line_that_comes_in_beside_a_column()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Show(buffer => Chat(buffer, 0, sideColumns: 16));

        for (var i = 1; i < 10; i++)
        {
            stage.Show(buffer => Chat(buffer, i, sideColumns: 16)).ShouldBeLessThanOrEqualTo(300);
        }
    }

    [Fact]
    public void Writes_at_most_1500_bytes_for_a_page()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Show(buffer => Chat(buffer, 100, sideColumns: 0));

        stage.Show(buffer => Chat(buffer, 80, sideColumns: 0)).ShouldBeLessThanOrEqualTo(1500);
    }

    [Fact]
    public void Blanks_the_rest_of_a_row_by_erasing()
    {
        var stage = new Stage(new TerminalSize(80, 2));
        stage.Show(buffer => buffer.Region.Write(0, 0, new string('x', 70)));

        stage.Show(buffer => buffer.Region.Write(0, 0, "xx")).ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void Draws_all_again_after_it_was_told_that_the_terminal_is_unknown()
    {
        var stage = new Stage(new TerminalSize(20, 4));
        stage.Show(buffer => buffer.Region.Write(0, 1, "hello"));
        stage.Terminal.Write("\e[31mgarbage\e[3;1Hmore"u8);

        stage.Screen.Invalidate();
        stage.Show(buffer => buffer.Region.Write(0, 1, "hello"));

        stage.Terminal.Text.ShouldBe("\nhello\n\n");
    }

    [Fact]
    public void Wraps_a_long_frame_in_a_synchronized_update_if_allowed_and_never_clears_in_it()
    {
        var stage = new Stage(new TerminalSize(80, 24));
        stage.Screen.Diff.UsesSynchronizedUpdates = true;
        stage.Show(buffer => Chat(buffer, 0, sideColumns: 0));

        var text = Encoding.UTF8.GetString(stage.Last);
        text.ShouldStartWith("\e[?2026h");
        text.ShouldEndWith("\e[?2026l");
        text.ShouldNotContain("J");
        stage.Terminal.Modes.ShouldNotContain(2026);
    }

    [Fact]
    public void Sends_no_colour_where_none_is_wanted()
    {
        var stage = new Stage(new TerminalSize(20, 1));
        stage.Screen.Diff.Colors = ColorDepth.None;

        stage.Show(buffer =>
            buffer.Region.Write(0, 0, "x", CellStyle.Of(Color.Red).With(CellAttributes.Bold))
        );

        stage.Terminal[0, 0].Style.ShouldBe(CellStyle.Bold);
    }

    [Fact]
    public void Takes_the_nearest_colour_where_few_are_known()
    {
        Color.Rgb(250, 5, 5).At(ColorDepth.Palette16).ShouldBe(Color.Palette(9));
        Color.Rgb(95, 135, 175).At(ColorDepth.Palette256).ShouldBe(Color.Palette(67));
        Color.Palette(196).At(ColorDepth.Palette16).ShouldBe(Color.Palette(9));
        Color.Rgb(1, 2, 3).At(ColorDepth.TrueColor).ShouldBe(Color.Rgb(1, 2, 3));
    }

    [Fact]
    public void Sets_the_title_once_and_clean()
    {
        var stage = new Stage(new TerminalSize(20, 1));
        stage.Show(buffer => buffer.Title = "room\u001b\\evil\u202e");

        stage.Terminal.Title.ShouldBe("room^[\\evil<U+202E>");
        stage.Show(buffer => buffer.Title = "room\u001b\\evil\u202e").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Turns_any_picture_into_any_other(int seed)
    {
        var random = new Random(seed);
        var stage = new Stage(new TerminalSize(random.Next(1, 60), random.Next(1, 20)));
        stage.Screen.Diff.UsesSynchronizedUpdates = random.Next(2) == 0;
        Action<CellBuffer>? last = null;
        for (var frame = 0; frame < 6; frame++)
        {
            var drawing = RandomDrawing(random.Next(), last, random.Next(4));
            stage.Show(drawing);
            last = drawing;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_terminal_with_other_widths_spoils_only_the_doubtful_cells(int seed)
    {
        var random = new Random(seed);
        var stage = new Stage(
            new TerminalSize(random.Next(12, 60), random.Next(1, 8)),
            VirtualWidths.ByCodePoint
        );
        Action<CellBuffer>? last = null;
        for (var frame = 0; frame < 6; frame++)
        {
            var drawing = RandomDrawing(random.Next(), last, random.Next(2));
            stage.Show(drawing);
            last = drawing;
        }
    }

    private static void Prompt(CellBuffer buffer, string text, string status = "12:00", int? cursor = null)
    {
        buffer.Region.Write(0, 22, $"[{status}] room".PadRight(80), CellStyle.Reverse);
        buffer.Region.Write(0, 23, "> " + text);
        buffer.Region.SetCursor(2 + (cursor ?? text.Length), 23);
    }

    private static void Chat(CellBuffer buffer, int first, int sideColumns)
    {
        string[] words =
        [
            "lorem",
            "ipsum",
            "dolor",
            "sit",
            "amet",
            "consectetur",
            "adipiscing",
            "elit",
            "sed",
            "do",
        ];
        var (side, main) = buffer.Region.Bounds.SplitLeft(sideColumns);
        for (var i = 0; i < 21 && sideColumns > 0; i++)
        {
            var room = i < 6 ? $"{i + 1} #room{i * 7}" : "";
            buffer.Region.Slice(side).Write(0, i, room);
            buffer.Region.Slice(side).Write(sideColumns - 1, i, "│", CellStyle.Dim);
        }

        var region = buffer.Region.Slice(main);
        for (var row = 0; row < 21; row++)
        {
            var n = first + row;
            var text = string.Join(
                ' ',
                Enumerable.Range(0, 6 + (n % 4)).Select(w => words[(n * 7 + w * 3) % 10])
            );
            var line = StyledText
                .Of($"12:{n % 60:00} ", CellStyle.Dim)
                .Add($"nick{n % 20}", CellStyle.Of(Color.Palette((byte)(1 + (n % 6)))))
                .Add($" {text}");
            region.Write(0, row, line);
        }

        buffer.Region.Write(0, 22, "[12:00] #room 5 peers".PadRight(80), CellStyle.Reverse);
        buffer.Region.Write(0, 23, "> ");
        buffer.Region.SetCursor(2, 23);
    }

    // Some text and boxes; or what stood there before, moved by a row or two or with rests of rows moved aside, and something on top
    private static Action<CellBuffer> RandomDrawing(int seed, Action<CellBuffer>? last, int kind) =>
        buffer =>
        {
            var random = new Random(seed);
            var region = buffer.Region;
            if (last is not null && kind > 0)
            {
                var old = new CellBuffer(buffer.Size, buffer.Tables);
                last(old);
                var shift = kind == 2 ? random.Next(-2, 3) : 0;
                for (var row = 0; row < buffer.Size.Rows; row++)
                {
                    if (row + shift >= 0 && row + shift < buffer.Size.Rows)
                    {
                        old.Row(row + shift).CopyTo(buffer.Row(row));
                    }

                    if (kind == 3 && random.Next(2) == 0)
                    {
                        MoveRest(buffer.Row(row), random);
                    }
                }
            }

            for (var i = random.Next(1, kind == 0 ? 30 : 4); i > 0; i--)
            {
                var style = new CellStyle(
                    random.Next(3) == 0 ? Color.Palette((byte)random.Next(16)) : default,
                    random.Next(6) == 0 ? Color.Palette((byte)random.Next(16)) : default,
                    (CellAttributes)(random.Next(3) == 0 ? random.Next(64) : 0)
                );
                var text =
                    random.Next(3) == 0
                        ? HostileText.Of(random)
                        : new string((char)random.Next(' ', '~'), random.Next(1, 30));
                region.Write(random.Next(-3, region.Columns), random.Next(region.Rows), text, style);
            }

            if (random.Next(2) == 0)
            {
                region.SetCursor(random.Next(region.Columns), random.Next(region.Rows));
            }
        };

    private static bool IsNarrow(ReadOnlySpan<Cell> row)
    {
        foreach (var cell in row)
        {
            if (cell.Width != 1)
            {
                return false; // half a wide cluster is no picture
            }
        }

        return true;
    }

    private static void MoveRest(Span<Cell> row, Random random)
    {
        var from = random.Next(row.Length);
        var by = random.Next(1, RowShift.MaxColumns + 2);
        if (row.Length - from > by && IsNarrow(row))
        {
            new RowShift(from, random.Next(2) == 0 ? by : -by).Apply(row);
        }
    }

    /// <summary>A screen and the terminal that shows it.</summary>
    private sealed class Stage(TerminalSize size, VirtualWidths widths = VirtualWidths.ByCluster)
    {
        public Screen Screen { get; } = new(size);

        public VirtualTerminal Terminal { get; } = Entered(size, widths);

        public byte[] Last { get; private set; } = [];

        private bool ShowsColors => Screen.Diff.Colors != ColorDepth.None;

        public int Show(Action<CellBuffer> draw)
        {
            draw(Screen.BeginFrame());
            Last = Screen.EndFrame().ToArray();
            Terminal.Write(Last);
            Terminal.UnknownSequences.ShouldBeEmpty();
            if (ShowsColors)
            {
                ShouldShow(draw, doubtfulToo: widths == VirtualWidths.ByCluster);
            }

            return Last.Length;
        }

        private void ShouldShow(Action<CellBuffer> draw, bool doubtfulToo)
        {
            var expected = new CellBuffer(size);
            draw(expected);
            for (var row = 0; row < size.Rows; row++)
            {
                for (var column = 0; column < size.Columns; column++)
                {
                    var cell = expected.Row(row)[column];
                    var isDoubtful =
                        cell.IsDoubtful || (cell.IsContinuation && expected.Row(row)[column - 1].IsDoubtful);
                    if (isDoubtful && !doubtfulToo)
                    {
                        continue;
                    }

                    var shown = Terminal[column, row];
                    var isSame =
                        string.Equals(shown.Text, expected.ClusterAt(column, row), StringComparison.Ordinal)
                        && (
                            cell.IsContinuation
                            || Look(shown.Text, shown.Style)
                                == Look(shown.Text, expected.StyleAt(column, row))
                        );
                    if (!isSame)
                    {
                        var bytes = Encoding
                            .UTF8.GetString(Last)
                            .Replace("\e", "␛", StringComparison.Ordinal);
                        Assert.Fail(
                            $"at {column},{row}: '{shown.Text}' {shown.Style}, not {expected.StyleAt(column, row)}"
                                + $"\n{Terminal.Text}\n--\n{expected}\n{bytes}"
                        );
                    }
                }
            }

            Terminal.IsCursorVisible.ShouldBe(expected.Cursor is not null);
            if (expected.Cursor is { } cursor)
            {
                Terminal.Cursor.ShouldBe(cursor);
            }
        }

        private static CellStyle Look(string text, CellStyle style) => text is " " ? style.OnBlank() : style;

        private static VirtualTerminal Entered(TerminalSize size, VirtualWidths widths)
        {
            var terminal = new VirtualTerminal(size, widths);
            terminal.Write(ControlSequences.Enter);
            return terminal;
        }
    }
}
