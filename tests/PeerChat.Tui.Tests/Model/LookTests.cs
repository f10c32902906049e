using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

/// <summary>Themes, the mouse, notifications, the column of people, addresses, emoji by name.</summary>
public sealed class LookTests
{
    [Fact]
    public void Slash_theme_changes_the_colours_at_once_and_for_the_next_start()
    {
        var screen = Samples.WithBob(messages: 1);
        screen.Draw();

        screen.Type("/theme none\r");

        screen.Text.ShouldContain("message 1");
        screen.Effects.ShouldContain(new AppEffect.Remember("theme", "none"));
        for (var column = 0; column < 80; column++)
        {
            for (var row = 0; row < 24; row++)
            {
                screen.Terminal[column, row].Style.Foreground.IsDefault.ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_theme_that_is_not_there_is_said_and_nothing_is_changed()
    {
        var screen = Samples.WithBob(columns: 99);

        screen.Type("/theme pink\r");

        screen.Text.ShouldContain("/theme [16|dark|light|none]");
        screen.State.Look.Theme.ShouldBe(Theme.User);
        screen.Type("/theme\r");
        screen.Text.ShouldContain("16, dark, light, none; now 16.");
    }

    public static TheoryData<string, int> InksInUse
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var theme in new[] { Theme.Dark, Theme.Light })
            {
                for (var ink = 1; ink <= 6; ink++)
                {
                    data.Add(theme.Name, ink);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(InksInUse))]
    public void Inks_can_be_read_on_their_ground(string theme, int ink)
    {
        var color = Theme.Find(theme)!.Palette.Of(Color.Palette((byte)ink));
        int[] grounds = theme == "dark" ? [0x000000, 0x1E1E1E] : [0xFFFFFF];

        foreach (var ground in grounds)
        {
            Contrast(color.Rgb24, ground).ShouldBeGreaterThanOrEqualTo(4.5);
        }
    }

    [Fact]
    public void The_mouse_is_the_terminals_until_the_user_says_otherwise()
    {
        var screen = Samples.WithBob(messages: 3);
        screen.Draw();
        screen.Terminal.Modes.ShouldNotContain(1000);
        var before = screen.State;

        screen.Type("\e[<0;30;20M");
        screen.State.Selected.ShouldBeNull();

        screen.Type("/mouse on\r");
        screen.Draw();
        screen.Terminal.Modes.ShouldContain(1000);
        screen.Terminal.Modes.ShouldContain(1006);
        screen.Effects.ShouldContain(new AppEffect.Remember("mouse", "yes"));
        screen.Type("/mouse off\r");
        screen.Draw();
        screen.Terminal.Modes.ShouldNotContain(1000);
        before.Look.HasMouse.ShouldBeFalse();
    }

    [Fact]
    public void The_wheel_scrolls_and_a_click_selects_the_message_under_it()
    {
        var screen = Samples.WithBob(messages: 100);
        screen.Type("/mouse on\r");

        screen.Type("\e[<64;30;5M");
        screen.Text.ShouldContain("message 97");
        screen.Text.ShouldNotContain("message 100");

        var row = screen
            .Text.Split('\n')
            .ToList()
            .FindIndex(line => line.Contains("message 90", StringComparison.Ordinal));
        screen.Type($"\e[<0;30;{row + 1}M");
        var selected = screen.State.Shown.Log.Entries.Single(entry => entry.Key == screen.State.Selected);
        selected.Message!.Text.ShouldBe("message 90");

        screen.Type($"\e[<0;30;{row + 1}M");
        screen.State.Selected.ShouldBeNull("a second click leaves it");

        screen.Type("\e[<65;30;5M");
        screen.Text.ShouldContain("message 100");
    }

    [Fact]
    public void A_click_in_the_list_opens_the_chat_and_one_below_the_last_nothing()
    {
        var screen = Samples.WithBob();
        screen.Type("/mouse on\r");

        screen.Type("\e[<0;3;1M");
        screen.State.Current.ShouldBe(Pane.ConsoleKey);
        screen.Type("\e[<0;3;2M");
        screen.State.Current.ShouldBe("@bob");
        screen.Type("\e[<0;3;9M");
        screen.State.Current.ShouldBe("@bob");
    }

    [Fact]
    public void The_desktop_hears_who_wrote_but_not_what_and_only_while_the_user_is_elsewhere()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.InStep(Resumed: false));
        screen.Tell(Samples.Shown(1, "secret words"));
        screen.Effects.OfType<AppEffect.Notify>().ShouldBeEmpty();

        screen.Type("\e[O");
        screen.Tell(Samples.Shown(2, "secret words"));

        screen.Effects.OfType<AppEffect.Notify>().Single().Text.ShouldBe("bob wrote to you");
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("highlight", 1)]
    [InlineData("all", 1)]
    public void Slash_notify_says_of_what_is_rung_in_direct_chats(string what, int bells) =>
        BellsAfter(what, Samples.Message(1, "hello")).ShouldBe(bells);

    [Theory]
    [InlineData("off", "hello alice", 0)]
    [InlineData("highlight", "hello", 0)]
    [InlineData("highlight", "hello alice", 1)]
    [InlineData("all", "hello", 1)]
    public void And_in_rooms(string what, string text, int bells) =>
        BellsAfter(what, Samples.Message(1, text, chat: "#dev")).ShouldBe(bells);

    [Fact]
    public void Rooms_have_a_column_of_people_from_a_hundred_columns_on()
    {
        var screen = new TestScreen(100, 12);
        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(Room(3)));
        screen.Type("\e1");

        screen.Text.Split('\n')[0].ShouldEndWith("│+alice");
        screen.Text.Split('\n')[1].ShouldEndWith("│+guest 0");
        screen.Text.Split('\n')[2].ShouldEndWith("│ guest 1");

        screen.Type("/bare\r");
        screen.Text.ShouldNotContain("guest 1");
        screen.Type("/bare\r").Resize(99, 12);
        screen.Text.ShouldNotContain("guest 1");
    }

    [Fact]
    public void The_list_of_chats_folds_under_seventy_columns_and_the_status_line_counts_for_it()
    {
        var screen = Samples.WithBob(70, 12);
        screen.Tell(
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")),
            Samples.Shown(1, "unread", "#dev")
        );
        screen.Text.Split('\n')[1].ShouldStartWith(">1+bob");
        screen.Text.Split('\n')[^2].ShouldNotContain("*1");

        screen.Resize(69, 12);

        screen.Text.ShouldNotContain('│');
        screen.Text.Split('\n')[^2].ShouldEndWith("*1");
    }

    [Fact]
    public void More_people_than_rows_are_counted()
    {
        var screen = new TestScreen(100, 12);
        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(Room(30)));

        screen.Type("\e1");

        screen.Text.ShouldContain("and 22 more");
    }

    [Fact]
    public void Who_writes_stands_in_the_status_line_until_they_stop()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.TypingChanged("@bob", "bob", "pc1bob", IsTyping: true));
        screen.Text.ShouldContain("bob is writing");
        screen.Type("x");
        screen.Text.ShouldContain("bob is writing");

        screen.Tell(new NodeEvent.TypingChanged("@bob", "bob", "pc1bob", IsTyping: false));
        screen.Text.ShouldNotContain("bob is writing");
    }

    [Fact]
    public void An_open_room_is_said_to_be_public()
    {
        var screen = new TestScreen();
        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")));

        screen.Type("\e1").Text.ShouldContain("public");
    }

    [Theory]
    [InlineData(ChatKind.OpenRoom, TrustState.Verified, "public")]
    [InlineData(ChatKind.PrivateRoom, TrustState.Verified, "encrypted")]
    [InlineData(ChatKind.Direct, TrustState.Verified, "verified")]
    [InlineData(ChatKind.Direct, TrustState.Pinned, "not verified")]
    public void The_status_line_says_how_the_chat_stands(ChatKind kind, TrustState trust, string secrecy)
    {
        var screen = new TestScreen(160, 12);
        var chat = Samples.Chat("@bob", "bob", detail: "relayed by zoe", queued: 2) with
        {
            Kind = kind,
            Members = [new("bob", "pc1bob", "aaaa-bbbb", Connected: true, IsSelf: false, trust)],
        };
        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(chat));

        var status = screen.Text.Split('\n')[^2];
        status.ShouldStartWith("alice~k3d9-0abc  bob: connected, relayed by zoe ");
        status.ShouldEndWith("  2 queued  " + secrecy);
        status.ShouldNotContain("attached");
        screen.Tell(new NodeEvent.OwnerChanged(IsThisProcess: false, 4711));
        screen.Text.Split('\n')[^2].ShouldContain("  attached  ");
    }

    [Theory]
    [InlineData("so :tad", "so 🎉 ")]
    [InlineData(":wav", "👋 ")]
    [InlineData(":heart", "❤️ ")]
    [InlineData(":nosuchname", ":nosuchname")]
    [InlineData(":", ":")]
    public void Tab_completes_an_emoji_by_its_name(string typed, string expected)
    {
        var screen = Samples.WithBob();

        screen.Type(typed + "\t");

        screen.State.Shown.Editor.Text.ShouldBe(expected);
    }

    [Fact]
    public void Several_emoji_of_one_beginning_are_offered()
    {
        var screen = Samples.WithBob();

        screen.Type(":thumbs\t");

        screen.State.Shown.Editor.Text.ShouldBe(":thumbs");
        screen.Text.ShouldContain("👍 thumbsup");
    }

    [Theory]
    [InlineData("see https://example.org/x, and http://b.example.", 2)]
    [InlineData("no link: example.org file:///x", 0)]
    [InlineData("(https://example.org/a_(b))", 1)]
    public void Addresses_in_a_message_are_found(string text, int count) =>
        Links.In(text).Count().ShouldBe(count);

    private static int BellsAfter(string what, ChatMessage message)
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")),
            new NodeEvent.InStep(Resumed: false)
        );
        screen.Type($"/notify {what}\r");
        screen.Type("\e[O");
        screen.Tell(new NodeEvent.MessageShown(message));
        screen.Effects.ShouldContain(new AppEffect.Remember("notify", what));
        return screen.Effects.OfType<AppEffect.Bell>().Count();
    }

    private static ChatSummary Room(int others) =>
        Samples.Chat("#dev", "dev") with
        {
            Members =
            [
                new("alice", "pc1alice", "k3d9-0abc", Connected: false, IsSelf: true, TrustState.None),
                .. Enumerable
                    .Range(0, others)
                    .Select(i => new ChatMember(
                        $"guest {i}",
                        $"pc1guest{i}",
                        "aaaa-bbbb",
                        Connected: i == 0,
                        IsSelf: false,
                        TrustState.Seen
                    )),
            ],
        };

    // WCAG 2.2, relative luminance and contrast ratio
    private static double Contrast(int left, int right)
    {
        var (a, b) = (Luminance(left), Luminance(right));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(int rgb) =>
        (0.2126 * Linear(rgb >> 16)) + (0.7152 * Linear((rgb >> 8) & 0xFF)) + (0.0722 * Linear(rgb & 0xFF));

    private static double Linear(int value)
    {
        var part = value / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
