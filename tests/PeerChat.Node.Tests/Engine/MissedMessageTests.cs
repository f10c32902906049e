using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Arrival numbers, and what a face that comes back to another run is told by them.</summary>
public sealed class MissedMessageTests
{
    [Fact]
    public void Messages_of_all_chats_are_told_in_the_order_in_which_they_came()
    {
        using var world = new EngineWorld(1);
        var (alice, bob, carol) = Friends(world);
        for (var i = 0; i < 20; i++)
        {
            (i % 2 == 0 ? bob : carol).Say(alice, $"{i}");
            world.Run(TimeSpan.FromMilliseconds(200));
        }

        var shown = alice.Told<NodeEvent.MessageShown>().Select(one => one.Message).ToList();
        shown.Select(one => one.Text).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}"));
        shown.Select(one => one.Arrival).ShouldBeInOrder(SortDirection.Ascending);
        alice.Stop();
        alice.Start();

        Missed(alice, 0).Select(one => one.Text).ShouldBe(shown.Select(one => one.Text));
        Missed(alice, shown[9].Arrival).ShouldBe(shown.Skip(10));
        Missed(alice, shown[^1].Arrival).ShouldBeEmpty();
        Missed(alice, long.MaxValue).ShouldBeEmpty();
        alice.History("@" + bob.Id).Select(one => one.Arrival).ShouldAllBe(arrival => arrival > 0);
    }

    [Fact]
    public void Who_missed_more_than_10000_messages_loads_the_rest()
    {
        MissedMessages.MaxMessages.ShouldBe(10_000);
        using var world = new EngineWorld(2);
        var (alice, bob, carol) = Friends(world);
        bob.Crash();
        carol.Crash();
        alice.Turn(engine =>
        {
            for (var i = 0; i < MissedMessages.MaxMessages + 40; i++)
            {
                var chat = "@" + (i < MissedMessages.MaxMessages ? bob : carol).Id;
                engine.HandleCommand(new NodeCommand.SendText(chat, $"{i}"), world.Now, world.Wall);
            }
        });

        var events = Pages(alice, 0);
        events
            .OfType<NodeEvent.MessageShown>()
            .Select(one => one.Message.Text)
            .ShouldBe(Enumerable.Range(0, MissedMessages.MaxMessages).Select(i => $"{i}"));
        events[^1].ShouldBe(new NodeEvent.HistoryChanged("@" + carol.Id));
        events.Count.ShouldBe(MissedMessages.MaxMessages + 1);
    }

    [Fact]
    public void What_comes_after_the_snapshot_is_not_told_twice()
    {
        using var world = new EngineWorld(3);
        var (alice, bob, _) = Friends(world);
        bob.Say(alice, "before");
        world.RunUntil(() => alice.Shown().Count == 1, TimeSpan.FromSeconds(5), "it comes");
        var missed = new MissedMessages(0, alice.Engine.LastArrival);
        bob.Say(alice, "after");
        world.RunUntil(() => alice.Shown().Count == 2, TimeSpan.FromSeconds(5), "it comes");

        missed
            .ReadPage(alice.Engine, 0)
            .Events.Cast<NodeEvent.MessageShown>()
            .Select(one => one.Message.Text)
            .ShouldBe(["before"]);
    }

    [Fact]
    public void A_wall_clock_that_jumps_a_year_back_changes_neither_order_nor_replies()
    {
        using var world = new EngineWorld(4);
        var (alice, bob, _) = Friends(world);
        var chat = "@" + bob.Id;
        var sent = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            alice.ClockError = TimeSpan.FromDays(i % 3 == 1 ? -365 : 0);
            var own = alice
                .Ask(new NodeCommand.SendText(chat, $"alice {i}", $"ref-{i}"))
                .ShouldBeOfType<NodeReply.Accepted>();
            sent.Add(own.Message.Text);
            world.RunUntil(() => bob.Shown().Count == i + 1, TimeSpan.FromSeconds(5), "alice's text comes");
            alice.ClockError = TimeSpan.Zero; // what bob writes would wait until the clock is right again
            bob.Say(alice, $"bob {i}");
            sent.Add($"bob {i}");
            world.RunUntil(() => alice.Shown().Count == i + 1, TimeSpan.FromSeconds(5), "bob's text comes");
        }

        alice.ClockError = TimeSpan.FromDays(-365);
        alice.Stop();
        alice.Start();
        var history = alice.History(chat);
        history.Select(one => one.Text).ShouldBe(sent);
        history.Select(one => one.Order).ShouldBeInOrder(SortDirection.Ascending);
        history.Select(one => one.Arrival).ShouldBeInOrder(SortDirection.Ascending);
        Missed(alice, 0).Select(one => one.Text).ShouldBe(sent);
        alice
            .Ask(new NodeCommand.SendText(chat, "again", "ref-3"))
            .ShouldBeOfType<NodeReply.Accepted>()
            .Message.Text.ShouldBe("alice 3");
        world.Run(TimeSpan.FromSeconds(30));
        bob.History("@" + alice.Id).Select(one => one.Text).ShouldBe(sent);

        alice.ClockError = TimeSpan.Zero;
        bob.Say(alice, "last");
        world.RunUntil(
            () => alice.Shown().Contains("last"),
            TimeSpan.FromMinutes(2),
            "the clock is right again"
        );
        Missed(alice, history[^1].Arrival).Select(one => one.Text).ShouldBe(["last"]);
    }

    private static (SimulatedNode Alice, SimulatedNode Bob, SimulatedNode Carol) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        var carol = world.Run("carol");
        world.Befriend(alice, bob);
        world.Befriend(alice, carol);
        return (alice, bob, carol);
    }

    private static IEnumerable<ChatMessage> Missed(SimulatedNode node, long after) =>
        Pages(node, after).Cast<NodeEvent.MessageShown>().Select(shown => shown.Message);

    private static List<NodeEvent> Pages(SimulatedNode node, long after)
    {
        var missed = new MissedMessages(after, node.Engine.LastArrival);
        var events = new List<NodeEvent>();
        long? next = after;
        while (next is { } from)
        {
            var page = missed.ReadPage(node.Engine, from);
            page.Events.Count.ShouldBeLessThanOrEqualTo(MissedMessages.PageSize);
            events.AddRange(page.Events);
            next = page.Next;
        }

        return events;
    }
}
