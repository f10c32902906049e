using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Open rooms of whole nodes.</summary>
public sealed class OpenRoomTests
{
    private const string Room = "#dev";

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void Everybody_in_a_room_reads_everybody_also_who_comes_late_or_back(int size, int seed)
    {
        using var world = new EngineWorld(seed, maxDelay: TimeSpan.FromMilliseconds(5));
        var names = new[] { "alice", "bob", "carol", "dave", "erin" };
        var all = names.Take(size).Select(name => world.Add(name)).ToList();
        var late = all[^1];
        foreach (var node in all.SkipLast(1))
        {
            node.Start();
            Join(node);
        }

        world.RunUntil(
            () => all.SkipLast(1).All(node => ConnectedIn(node) == size - 2),
            TimeSpan.FromSeconds(20),
            "all but the late one are linked"
        );
        foreach (var node in all.SkipLast(1))
        {
            node.Say(Room, $"one from {node.Name}");
            world.Run(TimeSpan.FromMilliseconds(20));
        }

        world.Run(TimeSpan.FromSeconds(2));
        late.Start();
        Join(late);
        world.RunUntil(
            () => late.Shown(Room).Count == size - 1,
            TimeSpan.FromSeconds(20),
            "the late one reads the history"
        );

        // One is killed, misses something, and comes back.
        var fallen = all[0];
        fallen.Crash();
        all[1].Say(Room, "while away");
        world.Run(TimeSpan.FromSeconds(2));
        fallen.Start();
        world.RunUntil(
            () => fallen.Shown(Room).Contains("while away"),
            TimeSpan.FromSeconds(20),
            "who was killed catches up"
        );
        fallen.Say(Room, "back");
        late.Say(Room, "late");
        world.Run(TimeSpan.FromSeconds(60));

        var expected = all[1].History(Room).Select(message => (message.Id, message.Text)).ToList();
        expected.Count.ShouldBe(size - 1 + 3, $"seed {seed}\n{world.Describe()}");
        foreach (var node in all)
        {
            node.History(Room)
                .Select(message => (message.Id, message.Text))
                .ShouldBe(expected, $"seed {seed} {node.Name}");
            ConnectedIn(node).ShouldBe(size - 1, $"seed {seed} {node.Name}");
            node.Told<NodeEvent.JoinFailed>().ShouldBeEmpty();
            node.Told<NodeEvent.Notice>().ShouldBeEmpty($"seed {seed}");
            node.Told<NodeEvent.MessageShown>()
                .GroupBy(shown => shown.Message.Id, StringComparer.Ordinal)
                .ShouldAllBe(group => group.Count() == 1);
        }
    }

    [Fact]
    public void Who_was_absent_gets_messages_from_another_than_their_author()
    {
        using var world = new EngineWorld(3);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        var carol = world.Run("carol");
        foreach (var node in world.Nodes)
        {
            Join(node);
        }

        world.RunUntil(
            () => world.Nodes.All(node => ConnectedIn(node) == 2),
            TimeSpan.FromSeconds(20),
            "all are linked"
        );
        world.Run(TimeSpan.FromSeconds(5));
        carol.Stop();
        alice.Say(Room, "for carol");
        world.RunUntil(() => bob.Shown(Room).Count == 1, TimeSpan.FromSeconds(5), "bob has it");
        alice.Stop();
        world.Run(TimeSpan.FromSeconds(5));
        carol.Start();
        world.RunUntil(() => carol.Shown(Room).Count == 1, TimeSpan.FromSeconds(20), "carol has it");

        var message = carol.History(Room).Single();
        message.Text.ShouldBe("for carol");
        message.FromId.ShouldBe(alice.Id);
    }

    [Fact]
    public void All_messages_of_a_person_hold_one_text_of_their_id()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        Join(alice);
        Join(bob);
        world.RunUntil(
            () => alice.IsConnected(Room) && bob.IsConnected(Room),
            TimeSpan.FromSeconds(20),
            "linked"
        );

        alice.Say(Room, "one");
        alice.Say(Room, "two");
        world.RunUntil(() => bob.Shown(Room).Count == 2, TimeSpan.FromSeconds(5), "both are there");

        var shown = bob.History(Room);
        shown[0].FromId.ShouldBe(alice.Id);
        shown[1].FromId.ShouldBeSameAs(shown[0].FromId);
    }

    [Fact]
    public void Two_who_talk_already_find_that_both_joined_a_room()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        Join(alice);
        world.Run(TimeSpan.FromSeconds(10));
        Join(bob);
        world.RunUntil(
            () => alice.IsConnected(Room) && bob.IsConnected(Room),
            TimeSpan.FromSeconds(10),
            "the room stands on the same link"
        );
        alice.Say(Room, "in the room");
        world.RunUntil(() => bob.Shown(Room).Count == 1, TimeSpan.FromSeconds(5), "read");
        bob.Say(Room, "yes");
        world.RunUntil(() => alice.Shown(Room).Count == 1, TimeSpan.FromSeconds(5), "read");
    }

    [Fact]
    public void Two_who_met_in_a_room_go_on_in_private_over_the_same_link()
    {
        using var world = new EngineWorld(5);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        Join(alice);
        Join(bob);
        world.RunUntil(
            () => alice.IsConnected(Room) && bob.IsConnected(Room),
            TimeSpan.FromSeconds(10),
            "the room"
        );
        world.Run(TimeSpan.FromSeconds(2));
        var signals = 0;
        world.Lan.Interceptor = datagram =>
        {
            signals += PeerChat.Rendezvous.Lan.SignalDatagram.IsSignal(datagram.Payload) ? 1 : 0;
            return datagram;
        };
        alice.Join("bob");
        world.RunUntil(
            () => bob.Told<NodeEvent.RequestReceived>().Any(),
            TimeSpan.FromSeconds(10),
            "a request over the link"
        );
        world.Run(TimeSpan.FromSeconds(20));
        var request = bob.Told<NodeEvent.RequestReceived>().Single();
        bob.Do(new NodeCommand.AnswerRequest(request.Request, Accept: true));
        world.RunUntil(
            () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
            TimeSpan.FromSeconds(5),
            "the direct chat"
        );
        alice.Say(bob, "private");
        bob.Say(alice, "indeed");
        world.Run(TimeSpan.FromSeconds(5));

        bob.Shown("@" + alice.Id).ShouldBe(["private"]);
        alice.Shown("@" + bob.Id).ShouldBe(["indeed"]);
        signals.ShouldBe(0);
    }

    [Fact]
    public void A_request_over_a_rooms_link_can_be_declined()
    {
        using var world = new EngineWorld(6);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        Join(alice);
        Join(bob);
        world.RunUntil(
            () => alice.IsConnected(Room) && bob.IsConnected(Room),
            TimeSpan.FromSeconds(10),
            "the room"
        );
        alice.Join("bob");
        world.RunUntil(
            () => bob.Told<NodeEvent.RequestReceived>().Any(),
            TimeSpan.FromSeconds(10),
            "a request over the link"
        );
        bob.Do(
            new NodeCommand.AnswerRequest(
                bob.Told<NodeEvent.RequestReceived>().Single().Request,
                Accept: false
            )
        );
        world.RunUntil(
            () => alice.Told<NodeEvent.JoinFailed>().Any(),
            TimeSpan.FromSeconds(5),
            "alice is told"
        );
        world.Run(TimeSpan.FromMinutes(2));
        alice.Told<NodeEvent.JoinFailed>().Single().Failure.ShouldBe(JoinFailure.Refused);
        bob.Told<NodeEvent.RequestReceived>().Count().ShouldBe(1);
        alice.IsConnected(Room).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    public void Two_with_several_things_in_common_come_to_rest_on_one_link(int first)
    {
        foreach (var seed in Seeds.From(first, 20))
        {
            using var world = new EngineWorld(
                seed,
                maxDelay: TimeSpan.FromMilliseconds(seed % 2 == 0 ? 40 : 2)
            );
            var alice = world.Run("alice");
            var bob = world.Run("bob");
            world.Befriend(alice, bob);
            foreach (var room in new[] { "dev", "ops", "tea" })
            {
                alice.Do(new NodeCommand.JoinRoom(room));
                bob.Do(new NodeCommand.JoinRoom(room));
            }

            world.Run(TimeSpan.FromSeconds(5));
            var random = new Random(seed);
            var (one, other) = seed % 3 == 0 ? (alice, bob) : (bob, alice);
            one.Crash();
            other.Crash();
            world.Run(TimeSpan.FromSeconds(5));
            one.Start();
            world.Run(TimeSpan.FromMilliseconds(random.Next(seed % 4 == 0 ? 2_000 : 100)));
            other.Start();
            string[] chats = ["#dev", "#ops", "#tea"];
            world.RunUntil(
                () =>
                    alice.IsConnectedTo(bob)
                    && bob.IsConnectedTo(alice)
                    && chats.All(chat => alice.IsConnected(chat) && bob.IsConnected(chat)),
                TimeSpan.FromSeconds(20),
                "all stands"
            );
            world.Run(TimeSpan.FromSeconds(5));
            var handshakes = 0;
            world.Lan.Interceptor = datagram =>
            {
                handshakes += datagram.Payload[0] is 22 or 0xD7 ? 1 : 0;
                return datagram;
            };
            world.Run(TimeSpan.FromSeconds(60));
            handshakes.ShouldBe(0, $"seed {seed}: connecting goes on\n{world.Describe()}");
        }
    }

    private static void Join(SimulatedNode node) => node.Do(new NodeCommand.JoinRoom("dev"));

    private static int ConnectedIn(SimulatedNode node) =>
        node.Chat(Room)?.Members.Count(member => member is { IsSelf: false, Connected: true }) ?? 0;
}
