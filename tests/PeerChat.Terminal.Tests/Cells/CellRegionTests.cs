using FsCheck;
using FsCheck.Fluent;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Cells;

public sealed class CellRegionTests
{
    [Fact]
    public unsafe void A_cell_has_eight_bytes() => sizeof(Cell).ShouldBe(8);

    [Fact]
    public void Writes_text_at_a_place_and_says_where_it_ended()
    {
        var buffer = new CellBuffer(new TerminalSize(12, 2));

        buffer.Region.Write(1, 1, "日本 ok").ShouldBe(8);

        buffer.ToString().ShouldBe("\n 日本 ok");
        buffer.ClusterAt(1, 1).ShouldBe("日");
        buffer.ClusterAt(2, 1).ShouldBe("");
    }

    [Theory]
    [InlineData(0, "ab日")]
    [InlineData(1, " ab")]
    [InlineData(-1, "b日c")]
    [InlineData(-3, " cd")]
    public void Never_cuts_a_wide_cluster_in_half(int column, string shown)
    {
        var buffer = new CellBuffer(new TerminalSize(4, 1));

        buffer.Region.Write(column, 0, "ab日cd");

        buffer.ToString().ShouldBe(shown);
    }

    [Fact]
    public void Keeps_to_its_own_part_of_the_buffer()
    {
        var buffer = new CellBuffer(new TerminalSize(6, 3));
        buffer.Region.Fill(buffer.Region.Bounds, CellStyle.Default);
        var region = buffer.Region.Slice(new Rectangle(2, 1, 3, 1));

        region.Write(-1, 0, "abcdefgh");
        region.Write(0, 1, "below");
        region.Write(0, -1, "above");

        buffer.ToString().ShouldBe("\n  bcd\n");
    }

    [Fact]
    public void A_slice_cannot_reach_beyond_its_parent()
    {
        var buffer = new CellBuffer(new TerminalSize(6, 3));
        var region = buffer.Region.Slice(new Rectangle(2, 1, 2, 1)).Slice(new Rectangle(0, 0, 100, 100));

        region.Area.ShouldBe(new Rectangle(2, 1, 2, 1));
    }

    [Fact]
    public void Writing_over_half_of_a_wide_cluster_blanks_its_other_half()
    {
        var buffer = new CellBuffer(new TerminalSize(4, 1));
        buffer.Region.Write(0, 0, "日本");

        buffer.Region.Write(1, 0, "x");
        buffer.ToString().ShouldBe(" x本");

        buffer.Region.Write(2, 0, "y");
        buffer.ToString().ShouldBe(" xy");
    }

    [Fact]
    public void Shows_controls_in_reverse()
    {
        var buffer = new CellBuffer(new TerminalSize(20, 1));

        buffer.Region.Write(0, 0, "a\u001b[31m\u202eb");

        buffer.ToString().ShouldBe("a^[[31m<U+202E>b");
        buffer.StyleAt(0, 0).ShouldBe(CellStyle.Default);
        buffer.StyleAt(1, 0).ShouldBe(CellStyle.Reverse);
        buffer.StyleAt(3, 0).ShouldBe(CellStyle.Default);
    }

    [Fact]
    public void A_blank_forgets_what_cannot_be_seen_on_it()
    {
        var buffer = new CellBuffer(new TerminalSize(2, 1));

        buffer.Region.Write(0, 0, " ", CellStyle.Of(Color.Red).With(CellAttributes.Bold));
        buffer.Region.Write(1, 0, " ", CellStyle.Default with { Background = Color.Blue });

        buffer.StyleAt(0, 0).ShouldBe(CellStyle.Default);
        buffer.StyleAt(1, 0).Background.ShouldBe(Color.Blue);
    }

    [Fact]
    public void Writes_styled_text_run_by_run()
    {
        var buffer = new CellBuffer(new TerminalSize(10, 1));
        var text = StyledText.Of("bob", CellStyle.Bold).Add(" hi");

        buffer.Region.Write(0, 0, text).ShouldBe(6);

        buffer.ToString().ShouldBe("bob hi");
        buffer.StyleAt(2, 0).ShouldBe(CellStyle.Bold);
        buffer.StyleAt(4, 0).ShouldBe(CellStyle.Default);
    }

    [Fact]
    public void Hides_a_cursor_outside_the_region()
    {
        var buffer = new CellBuffer(new TerminalSize(10, 3));
        var region = buffer.Region.Slice(new Rectangle(2, 1, 4, 1));

        region.SetCursor(3, 0);
        buffer.Cursor.ShouldBe(new CellPosition(5, 1));
        region.SetCursor(4, 0);
        buffer.Cursor.ShouldBeNull();
    }

    [Fact]
    public void No_text_leaves_anything_harmful_in_cells() =>
        Prop.ForAll(
                HostileText.Arbitrary,
                text =>
                {
                    var buffer = new CellBuffer(new TerminalSize(60, 1));
                    buffer.Region.Write(text.Length % 5 - 2, 0, text);
                    HostileText.ShouldBeHarmless(buffer.TextOf(0));
                    for (var column = 0; column < 60; column++)
                    {
                        if (buffer.Cells[column].IsContinuation)
                        {
                            buffer.Cells[column - 1].Width.ShouldBe((byte)2);
                        }
                        else if (buffer.Cells[column].Width == 2)
                        {
                            buffer.Cells[column + 1].IsContinuation.ShouldBeTrue();
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Forgets_clusters_that_are_no_longer_shown()
    {
        var screen = new Terminal.Output.Screen(new TerminalSize(10, 1));
        for (var i = 0; i < CellTables.MaxClusters + 2; i++)
        {
            var buffer = screen.BeginFrame();
            buffer.Region.Write(
                0,
                0,
                $"{char.ConvertFromUtf32(0x4E00 + i)}\u0301 é{(char)('a' + (i % 26))}\u0308"
            );
            _ = screen.EndFrame();
        }

        var last = screen.BeginFrame();
        last.Tables.IsCrowded.ShouldBeFalse();
        last.Region.Write(0, 0, "x\u0301");
        last.ToString().ShouldBe("x\u0301");
    }
}
