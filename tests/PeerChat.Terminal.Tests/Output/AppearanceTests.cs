using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Testing;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Output;

/// <summary>Palettes, addresses, the mouse, ASCII and notifications: what a frame says beside cells.</summary>
public sealed class AppearanceTests
{
    private static readonly TerminalSize Size = new(20, 3);

    private static readonly Palette Reds = Palette.Of([
        .. Enumerable.Range(0, Palette.Size).Select(i => 0xC00000 + i),
    ]);

    [Fact]
    public void A_palette_replaces_the_sixteen_and_leaves_the_ground_alone()
    {
        var (screen, terminal) = Stage();
        screen.Diff.Colors = ColorDepth.TrueColor;

        Show(screen, terminal, buffer => Draw(buffer, Reds));

        terminal[0, 0].Style.Foreground.ShouldBe(Color.Rgb(0xC0, 0, 2));
        terminal[0, 0].Style.Background.IsDefault.ShouldBeTrue();
        terminal[5, 1].Style.Foreground.IsDefault.ShouldBeTrue();
    }

    [Fact]
    public void Another_palette_draws_what_is_there_anew_and_the_same_one_nothing()
    {
        var (screen, terminal) = Stage();
        Show(screen, terminal, buffer => Draw(buffer, Palette.User));

        Show(screen, terminal, buffer => Draw(buffer, Palette.User)).ShouldBe(0);
        Show(screen, terminal, buffer => Draw(buffer, Palette.None)).ShouldBeGreaterThan(0);

        terminal[0, 0].Style.ShouldBe(CellStyle.Default);
    }

    [Fact]
    public void Without_colours_marks_keep_their_weight()
    {
        var (screen, terminal) = Stage();

        Show(
            screen,
            terminal,
            buffer =>
            {
                buffer.Palette = Palette.None;
                buffer.Region.Write(0, 0, "x", CellStyle.Of(Color.Red).With(CellAttributes.Bold));
                buffer.Region.Write(1, 0, "y", CellStyle.Of(Color.Palette(200)));
            }
        );

        terminal[0, 0].Style.ShouldBe(CellStyle.Bold);
        terminal[1, 0].Style.ShouldBe(CellStyle.Default);
    }

    [Fact]
    public void An_address_is_sent_where_the_terminal_knows_it_and_ends_with_its_cells()
    {
        var (screen, terminal) = Stage();
        screen.Diff.UsesHyperlinks = true;

        Show(screen, terminal, DrawLink);

        terminal[4, 0].Style.Link!.Address.ShouldBe("https://example.org/%C3%A9");
        terminal[3, 0].Style.Link.ShouldBeNull();
        terminal[0, 1].Style.Link.ShouldBeNull();
        terminal.Style.Link.ShouldBeNull();
    }

    [Fact]
    public void An_address_is_not_sent_where_the_terminal_is_not_known()
    {
        var (screen, terminal) = Stage();

        Show(screen, terminal, DrawLink);

        terminal[4, 0].Style.Link.ShouldBeNull();
        terminal.Line(0).ShouldBe("see https://é end");
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org")]
    public void Only_web_addresses_become_links(string address) =>
        Hyperlink.TryMake(address, out _).ShouldBeFalse();

    [Fact]
    public void An_address_cannot_end_its_own_sequence()
    {
        Hyperlink.TryMake("https://x/\e\\\a;\u009c", out var link).ShouldBeTrue();

        link!.Address.ShouldBe("https://x/%1B\\%07;%C2%9C");
    }

    [Fact]
    public void Addresses_have_a_longest_length()
    {
        const string Start = "https://x/";
        Hyperlink.TryMake(Start + new string('a', Hyperlink.MaxLength - Start.Length), out _).ShouldBeTrue();
        Hyperlink
            .TryMake(Start + new string('a', Hyperlink.MaxLength - Start.Length + 1), out _)
            .ShouldBeFalse();
        Hyperlink
            .TryMake(Start + new string('é', 800), out _)
            .ShouldBeFalse("its encoding is three times as long");
    }

    [Fact]
    public void The_mouse_is_asked_for_once_and_again_after_the_terminal_was_lent()
    {
        var (screen, terminal) = Stage();
        Show(screen, terminal, buffer => buffer.WantsMouse = true).ShouldBeGreaterThan(0);
        Show(screen, terminal, buffer => buffer.WantsMouse = true).ShouldBe(0);
        terminal.Modes.ShouldContain(1006);

        terminal.Write(ControlSequences.MouseOff);
        screen.Invalidate();
        Show(screen, terminal, buffer => buffer.WantsMouse = true);
        terminal.Modes.ShouldContain(1006);

        Show(screen, terminal, _ => { });
        terminal.Modes.ShouldNotContain(1006);
    }

    [Fact]
    public void In_ascii_every_cluster_keeps_its_columns()
    {
        var (screen, terminal) = Stage(isLatin1: true);
        screen.Diff.UsesAsciiOnly = true;

        var bytes = Encoding.ASCII.GetString([
            .. Bytes(screen, buffer => buffer.Region.Write(0, 0, "│─… “Zoë” 日本 👍 ok")),
        ]);
        terminal.Write(Encoding.ASCII.GetBytes(bytes));

        terminal.Line(0).ShouldBe("|-. \"Zoe\" ???? ?? ok");
        bytes.ShouldAllBe(character => character < 0x7F);
    }

    [Theory]
    [InlineData(NotificationForm.None, "")]
    [InlineData(NotificationForm.ITerm, "9;PeerChat: a, b")]
    [InlineData(NotificationForm.Urxvt, "777;notify;PeerChat;a, b")]
    [InlineData(NotificationForm.Kitty, "99;i=1:d=0;PeerChat99;i=1:p=body;a, b")]
    public void A_notification_has_the_terminals_form(NotificationForm form, string expected)
    {
        var terminal = new VirtualTerminal(Size);

        terminal.Write(ControlSequences.Notification(form, "PeerChat", "a; b"));

        string.Concat(terminal.Notifications).ShouldBe(expected);
        terminal.UnknownSequences.ShouldBeEmpty();
    }

    [Fact]
    public void A_notification_lets_nothing_raw_through()
    {
        foreach (var form in Enum.GetValues<NotificationForm>())
        {
            var terminal = new VirtualTerminal(Size);
            terminal.Write(
                ControlSequences.Notification(
                    form,
                    "\e]2;x\a",
                    "\u202Eevil\e[2J\u009b" + new string('x', 500)
                )
            );

            terminal.UnknownSequences.ShouldBeEmpty();
            terminal.Title.ShouldBe("");
            terminal.Notifications.ShouldAllBe(text =>
                text.Length < 3 * ControlSequences.MaxNotificationColumns
            );
        }
    }

    [Fact]
    public void A_copy_reaches_the_clipboard_whole_or_not_at_all()
    {
        ControlSequences.TryCopy("日本\e]0;x\a", out var bytes).ShouldBeTrue();
        var sequence = Encoding.ASCII.GetString(bytes);
        sequence.ShouldStartWith("\e]52;c;");
        sequence.ShouldEndWith("\e\\");
        Encoding.UTF8.GetString(Convert.FromBase64String(sequence[7..^2])).ShouldBe("日本\e]0;x\a");

        ControlSequences.TryCopy(new string('x', ControlSequences.MaxCopyBytes), out _).ShouldBeTrue();
        ControlSequences
            .TryCopy(new string('x', ControlSequences.MaxCopyBytes + 1), out var none)
            .ShouldBeFalse();
        none.ShouldBeEmpty();
    }

    private static void Draw(CellBuffer buffer, Palette palette)
    {
        buffer.Palette = palette;
        buffer.Region.Write(0, 0, "green", CellStyle.Of(Color.Green));
        buffer.Region.Write(0, 1, "plain text");
    }

    private static void DrawLink(CellBuffer buffer)
    {
        _ = Hyperlink.TryMake("https://example.org/é", out var link);
        var column = buffer.Region.Write(0, 0, "see ");
        column = buffer.Region.Write(column, 0, "https://é", new CellStyle { Link = link });
        buffer.Region.Write(column, 0, " end");
    }

    private static (Screen, VirtualTerminal) Stage(bool isLatin1 = false) =>
        (new Screen(Size), new VirtualTerminal(Size) { IsLatin1 = isLatin1 });

    private static int Show(Screen screen, VirtualTerminal terminal, Action<CellBuffer> draw)
    {
        var bytes = Bytes(screen, draw);
        terminal.Write(bytes);
        terminal.UnknownSequences.ShouldBeEmpty();
        return bytes.Length;
    }

    private static ReadOnlySpan<byte> Bytes(Screen screen, Action<CellBuffer> draw)
    {
        draw(screen.BeginFrame());
        return screen.EndFrame();
    }
}
