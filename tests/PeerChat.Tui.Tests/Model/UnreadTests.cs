using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

/// <summary>What was read, and what came while no screen was there.</summary>
public sealed class UnreadTests
{
    [Fact]
    public void What_came_while_no_screen_was_there_is_counted_and_stands_below_the_rule()
    {
        var screen = new TestScreen(100, 24);
        screen.Tell(
            Samples.Ready,
            Samples.Bob(),
            new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { Unread = 2, ReadTo = 101 })
        );
        screen.Posted.OfType<NodeCommand.LoadHistory>().ShouldContain(load => load.Chat == "@eve");
        screen.Text.ShouldContain("*2");
        screen.Tell(
            new NodeEvent.HistoryLoaded(
                "@eve",
                [Arrived(1, "seen before"), Arrived(2, "first unread"), Arrived(3, "for alice")],
                HasOlder: false
            )
        );
        screen.Text.ShouldContain("!2", Case.Sensitive, "one of them names the user");

        screen.Type("\e2");

        var lines = screen.Text.Split('\n').ToList();
        var rule = lines.FindIndex(line => line.Contains("new", StringComparison.Ordinal));
        lines[rule - 1].ShouldContain("seen before");
        lines[rule + 1].ShouldContain("first unread");
        screen.Text.ShouldNotContain("!2");
    }

    [Fact]
    public void Opening_a_chat_tells_the_node_once_that_its_newest_message_was_read()
    {
        var screen = new TestScreen(100, 24);
        screen.Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { ReadTo = 101 })
        );
        screen.Tell(
            new NodeEvent.HistoryLoaded(
                "@eve",
                [Arrived(1, "seen before"), Arrived(2, "new"), Arrived(3, "newest")],
                HasOlder: false
            )
        );

        Told(screen).ShouldBe([new NodeCommand.MarkRead("@eve", "00000003")]);
        screen.Type("x").Type("\e0").Type("\e1");
        Told(screen).Count.ShouldBe(1);
    }

    [Fact]
    public void Nothing_is_read_while_the_user_is_elsewhere_or_reads_further_up()
    {
        var screen = Samples.WithBob(messages: 60);
        screen.Type("\e[O"); // the terminal has lost the focus
        screen.Tell(new NodeEvent.MessageShown(Arrived(61, "while away") with { Chat = "@bob" }));
        Told(screen).ShouldBeEmpty();
        screen.Type("\e[I");
        Told(screen).ShouldBe([new NodeCommand.MarkRead("@bob", "0000003d")]);

        screen.Type("\e[5~"); // page up
        screen.Tell(new NodeEvent.MessageShown(Arrived(62, "below") with { Chat = "@bob" }));
        Told(screen).Count.ShouldBe(1);
        screen.Type("\e[1;3F"); // Alt-End
        Told(screen).Count.ShouldBe(2);
    }

    [Fact]
    public void What_another_screen_has_read_is_not_unread_here()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { Unread = 2, ReadTo = 101 }));
        screen.State.Unread.ShouldBe(2);
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { Unread = 0, ReadTo = 103 }));

        screen.State.Unread.ShouldBe(0);
    }

    [Fact]
    public void A_message_can_be_made_unread_and_stays_so_until_the_chat_is_opened_again()
    {
        var screen = new TestScreen(120, 24);
        screen.Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { ReadTo = 103 })
        );
        screen.Tell(
            new NodeEvent.HistoryLoaded(
                "@eve",
                [Arrived(1, "one"), Arrived(2, "two"), Arrived(3, "three")],
                HasOlder: false
            )
        );

        screen.Type("\emku");

        Told(screen).ShouldBe([new NodeCommand.MarkRead("@eve", "00000002", Unread: true)]);
        screen.State.Unread.ShouldBe(2);
        screen.Type("x");
        Told(screen).Count.ShouldBe(1, "no key makes it read");
        screen.Type("\x7f\e0\e1");
        screen.Send(new AppMessage.Tick());
        Told(screen).Last().ShouldBe(new NodeCommand.MarkRead("@eve", "00000003"));
        screen.State.Unread.ShouldBe(0);
    }

    [Theory]
    [InlineData("\e1", "\e2")]
    [InlineData("\u0010", "\u000e")]
    [InlineData("\e[1;3A", "\e[1;3B")]
    public void A_glance_reads_nothing_and_who_stays_reads(string there, string back)
    {
        var screen = Glanced();
        screen.Type(there).State.Current.ShouldBe("@eve");
        screen.Effects.OfType<AppEffect.Wake>().Last().After.ShouldBe(Glance.Time);
        screen.Text.ShouldContain("── new ──");
        screen.Tell(new NodeEvent.MessageShown(Arrived(3, "for alice, while one looks"))); // names the user
        screen.Type(back).State.Current.ShouldBe("#dev");

        screen.State.Unread.ShouldBe(2);
        screen.Text.ShouldContain("!2");
        Told(screen).ShouldNotContain(one => IsAbout(one, "@eve"));

        screen.Type(there);
        screen.Send(new AppMessage.Tick());
        screen.Type(back).State.Unread.ShouldBe(0);
        Told(screen).ShouldContain(one => IsAbout(one, "@eve"));
    }

    [Theory]
    [InlineData("h")]
    [InlineData("\e[5~")]
    public void A_key_in_a_chat_is_no_glance(string key)
    {
        var screen = Glanced().Type("\e1").Type(key).Type("\e2");

        screen.State.Unread.ShouldBe(0);
    }

    [Fact]
    public void Who_asks_for_the_next_unread_chat_reads_it()
    {
        var screen = Glanced().Type("\ea");

        screen.State.Current.ShouldBe("@eve");
        screen.Type("\ea").State.Unread.ShouldBe(0);
        screen.State.Current.ShouldBe("#dev");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(3, false)]
    [InlineData(10, true)]
    [InlineData(250, true)]
    public void A_lag_that_can_be_felt_stands_in_the_status_line(int? lag, bool isSaid)
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@bob", "bob") with { Lag = lag }));

        screen.Text.Contains($"{lag} ms away", StringComparison.Ordinal).ShouldBe(isSaid);
    }

    // In a chat beside that with eve, of whom a message is unread
    private static TestScreen Glanced()
    {
        var screen = new TestScreen(100, 24).Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve") with { ReadTo = 101 }),
            new NodeEvent.HistoryLoaded("@eve", [Arrived(1, "seen before")], HasOlder: false),
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev"))
        );
        screen.Type("\e2").Tell(new NodeEvent.MessageShown(Arrived(2, "new one")));
        screen.Effects.Clear();
        return screen;
    }

    private static bool IsAbout(NodeCommand command, string chat) =>
        command is NodeCommand.MarkRead read && read.Chat == chat;

    private static List<NodeCommand> Told(TestScreen screen) =>
        [
            .. screen
                .Effects.OfType<AppEffect.Tell>()
                .Select(tell => tell.Command)
                .Where(command => command is NodeCommand.MarkRead),
        ];

    private static ChatMessage Arrived(int order, string text) =>
        Samples.Message(order, text, from: "eve", chat: "@eve") with
        {
            Arrival = 100 + order,
        };
}
