using PeerChat.Node.Engine;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>What was read on a profile is known after a restart, and newcomers of a private room are told of.</summary>
public sealed class UnreadTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    [Fact]
    public void What_nobody_has_read_is_unread_after_a_restart_and_what_was_read_is_not()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        foreach (var text in new[] { "one", "two", "three" })
        {
            alice.Say(bob, text);
        }

        world.Run(Moment);
        bob.Say(alice, "my own");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        var read = bob.History(chat).Single(message => message.Text == "two");
        bob.Do(new NodeCommand.MarkRead(chat, read.Id));
        bob.Told<NodeEvent.ChatChanged>().Last().Chat.Unread.ShouldBe(1, "other faces hear that it was read");

        bob.Crash();
        bob.Start();

        var after = SnapshotOf(bob, chat);
        after.Unread.ShouldBe(1);
        after.ReadTo.ShouldBe(read.Arrival);
        bob.Do(new NodeCommand.MarkRead(chat, bob.History(chat).Single(one => one.Text == "three").Id));
        bob.Crash();
        bob.Start();
        SnapshotOf(bob, chat).Unread.ShouldBe(0);
    }

    [Fact]
    public void Reading_line_by_line_counts_down_to_nothing()
    {
        using var world = new EngineWorld(7);
        var (alice, bob) = Friends(world);
        foreach (var text in new[] { "one", "two", "three", "four" })
        {
            alice.Say(bob, text);
        }

        world.Run(Moment);
        bob.Say(alice, "my own counts for nothing");
        alice.Say(bob, "five");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        var left = new List<int>();
        foreach (var message in bob.History(chat).Where(message => !message.IsOwn))
        {
            bob.Do(new NodeCommand.MarkRead(chat, message.Id));
            left.Add(SnapshotOf(bob, chat).Unread);
        }

        left.ShouldBe([4, 3, 2, 1, 0]);
        alice.Say(bob, "six");
        world.Run(Moment);
        SnapshotOf(bob, chat).Unread.ShouldBe(1);
    }

    [Fact]
    public void Reading_an_older_message_makes_nothing_unread_again()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "one");
        alice.Say(bob, "two");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        var history = bob.History(chat);
        bob.Do(new NodeCommand.MarkRead(chat, history[1].Id));
        bob.Do(new NodeCommand.MarkRead(chat, history[0].Id));

        SnapshotOf(bob, chat).Unread.ShouldBe(0);
        SnapshotOf(bob, chat).ReadTo.ShouldBe(history[1].Arrival);
    }

    [Fact]
    public void What_was_read_can_be_made_unread_again_and_stays_so_over_a_restart()
    {
        using var world = new EngineWorld(6);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "one");
        alice.Say(bob, "two");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        var history = bob.History(chat);
        bob.Do(new NodeCommand.MarkRead(chat, history[1].Id));
        bob.Do(new NodeCommand.MarkRead(chat, history[0].Id, Unread: true));

        bob.Told<NodeEvent.ChatChanged>().Last().Chat.Unread.ShouldBe(2);
        bob.Crash();
        bob.Start();
        SnapshotOf(bob, chat).Unread.ShouldBe(2);
    }

    [Fact]
    public void A_thousand_unread_ones_are_counted_as_999()
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        for (var i = 0; i <= UnreadCount.Max; i++)
        {
            alice.Say(bob, $"line {i}");
        }

        var chat = "@" + alice.Id;
        world.RunUntil(() => bob.Shown(chat).Count == UnreadCount.Max + 1, Moment * 20, "all have come");
        SnapshotOf(bob, chat).Unread.ShouldBe(UnreadCount.Max);
        bob.Crash();
        bob.Start();
        SnapshotOf(bob, chat).Unread.ShouldBe(UnreadCount.Max);

        // Of those of an earlier run some are not counted: what is left is
        var history = bob.History(chat);
        bob.Do(new NodeCommand.MarkRead(chat, history[^3].Id));
        SnapshotOf(bob, chat).Unread.ShouldBe(2);
    }

    [Fact]
    public void Of_more_than_are_counted_the_newest_are_known_and_reading_on_opens_none_again()
    {
        var unread = new UnreadCount([]);
        for (var arrival = 1; arrival <= 5 * UnreadCount.Max; arrival++)
        {
            unread.Add(arrival);
        }

        unread.Count.ShouldBe(UnreadCount.Max);
        unread.TryRead(2 * UnreadCount.Max).ShouldBeTrue();
        unread.Count.ShouldBe(UnreadCount.Max);
        unread.TryRead((5 * UnreadCount.Max) - 7).ShouldBeTrue();
        unread.Count.ShouldBe(7);
        unread.TryRead(5 * UnreadCount.Max).ShouldBeTrue();
        unread.Count.ShouldBe(0);
    }

    [Fact]
    public void Of_more_than_are_counted_from_an_earlier_run_what_is_left_is_counted_anew()
    {
        var unread = new UnreadCount(Enumerable.Range(1, UnreadCount.Max).Select(arrival => (long)arrival));
        unread.Add(UnreadCount.Max + 1);

        unread.Count.ShouldBe(UnreadCount.Max);
        unread.TryRead(5).ShouldBeFalse();
        new UnreadCount([3, 4]).TryRead(3).ShouldBeTrue();
    }

    [Fact]
    public void Everybody_in_a_private_room_is_told_who_joins_and_who_goes_and_nobody_of_those_already_there()
    {
        using var world = new EngineWorld(4);
        var (alice, bob) = Friends(world);
        var carol = world.Run("carol");
        var room = alice.Ask(new NodeCommand.CreateRoom("crew")).ShouldBeOfType<NodeReply.Opened>().Chat.Chat;
        Join(world, alice, bob, room);
        alice.Told<NodeEvent.Notice>().Select(told => told.Text).ShouldContain("bob has joined crew.");
        Join(world, alice, carol, room);
        world.Run(Moment);

        Joined(alice).ShouldBe(["bob has joined crew.", "carol has joined crew."]);
        Joined(bob).ShouldBe(["carol has joined crew."]);
        Joined(carol).ShouldBeEmpty();
        foreach (var node in world.Nodes)
        {
            node.Crash();
            node.Start();
        }

        world.Run(Moment);
        world.Nodes.ShouldAllBe(node => Joined(node).Count == 0);

        alice.Ask(new NodeCommand.RemoveMember(room, "carol"));
        world.Run(Moment * 2);
        bob.Told<NodeEvent.Notice>()
            .Where(told => told.Code == NoticeCode.PeerLeft)
            .Select(told => told.Text)
            .ShouldBe(["carol is not in crew any more."]);
    }

    [Fact]
    public void The_round_trip_is_told_when_it_is_known_and_not_with_every_measurement()
    {
        using var world = new EngineWorld(5, maxDelay: TimeSpan.FromMilliseconds(40));
        var (alice, bob) = Friends(world);
        world.Run(TimeSpan.FromSeconds(30));
        var chat = "@" + bob.Id;
        alice.Chat(chat)!.Lag.ShouldNotBeNull().ShouldBeInRange(1, 200);
        var told = alice.Told<NodeEvent.ChatChanged>().Count();

        world.Run(TimeSpan.FromMinutes(2));

        (alice.Told<NodeEvent.ChatChanged>().Count() - told).ShouldBeLessThanOrEqualTo(5);
    }

    private static List<string> Joined(SimulatedNode node) =>
        [
            .. node
                .Events.Skip(node.RunStart)
                .OfType<NodeEvent.Notice>()
                .Where(told => told.Code == NoticeCode.PeerJoined)
                .Select(told => told.Text),
        ];

    private static void Join(EngineWorld world, SimulatedNode host, SimulatedNode guest, string room)
    {
        var link = host.Ask(new NodeCommand.Invite(room)).ShouldBeOfType<NodeReply.Invited>().Link;
        guest.Ask(new NodeCommand.JoinLink(link)).ShouldBeOfType<NodeReply.Opened>();
        world.RunUntil(
            () => host.Chat(room)!.Members.Any(member => member.Name == guest.Name.ToString()),
            Moment * 20,
            $"{guest.Name} is in the room"
        );
        world.Run(Moment);
    }

    private static ChatSummary SnapshotOf(SimulatedNode node, string chat) =>
        node.Engine.Snapshot().OfType<NodeEvent.ChatChanged>().Single(one => one.Chat.Chat == chat).Chat;

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var (alice, bob) = (world.Run("alice"), world.Run("bob"));
        world.Befriend(alice, bob);
        return (alice, bob);
    }
}
