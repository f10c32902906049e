using PeerChat.Node.Links;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Two members of a room between whom no packet passes, and others who reach both.</summary>
public sealed class MemberRelayTests
{
    private const string Room = "#lobby";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(801)]
    [InlineData(802)]
    public void Two_who_do_not_reach_each_other_talk_through_a_member_in_common(int seed)
    {
        using var world = new EngineWorld(seed);
        var (alice, bob, carol) = Meet(world);

        world.RunUntil(() => AreLinked(alice, bob), Patience, "alice and bob are connected");

        StatusOf(alice).MemberRelays.ShouldBe([new MemberRelaySummary("bob", "carol")]);
        StatusOf(bob).MemberRelays.ShouldBe([new MemberRelaySummary("alice", "carol")]);
        StatusOf(alice).Relayed.ShouldBe(1);
        StatusOf(carol).Relaying.ShouldBe(1);
        var diagnosis = alice
            .Ask(new NodeCommand.Diagnose(Room))
            .ShouldBeOfType<NodeReply.Diagnosis>()
            .Checks.Single(check => check.Subject == "bob");
        diagnosis.Text.ShouldStartWith("relayed by carol");
        alice.Say(Room, "from alice");
        bob.Say(Room, "from bob");
        world.RunUntil(
            () => bob.Shown(Room).Contains("from alice") && alice.Shown(Room).Contains("from bob"),
            Patience,
            "both messages arrive"
        );
        world.Run(TimeSpan.FromMinutes(5));
        AreLinked(alice, bob).ShouldBeTrue(); // consent goes through as well
        bob.Shown(Room).Count.ShouldBe(1);
    }

    [Fact]
    public void A_member_who_does_not_want_to_relays_nothing()
    {
        using var world = new EngineWorld(803);
        var (alice, bob, carol) = Meet(world, node => node.RelaysForMembers = false);

        world.Run(TimeSpan.FromMinutes(1));

        AreLinked(alice, bob).ShouldBeFalse();
        StatusOf(carol).Relaying.ShouldBe(0);
        alice.Say(Room, "by the room's log");
        world.RunUntil(() => bob.Shown(Room).Count == 1, Patience, "the member brings it all the same");
    }

    [Fact]
    public void A_direct_path_takes_the_place_of_the_member_as_soon_as_there_is_one()
    {
        using var world = new EngineWorld(804);
        var (alice, bob, carol) = Meet(world);
        world.RunUntil(() => AreLinked(alice, bob), Patience, "alice and bob are connected");

        world.Lan.Interceptor = null;
        alice.MoveTo(new TransportAddress(new System.Net.IPAddress([10, 0, 0, 99]), alice.Address.Port));

        world.RunUntil(
            () => StatusOf(alice).MemberRelays.Length == 0 && AreLinked(alice, bob),
            Patience,
            "they are connected directly"
        );
        world.RunUntil(() => StatusOf(carol).Relaying == 0, Patience, "nothing is relayed any more");
        AreLinked(alice, bob).ShouldBeTrue();
    }

    [Fact]
    public void When_the_member_leaves_another_one_relays()
    {
        using var world = new EngineWorld(805);
        var (alice, bob, carol) = Meet(world);
        var dave = world.Run("dave");
        dave.Do(new NodeCommand.JoinRoom("lobby"));
        world.RunUntil(
            () => AreLinked(alice, bob) && AreLinked(dave, alice) && AreLinked(dave, bob),
            Patience,
            "all are connected"
        );

        var relaying = StatusOf(alice).MemberRelays.Single().By == "carol" ? carol : dave;
        var spare = relaying == carol ? dave : carol;
        relaying.Stop();

        world.RunUntil(
            () =>
                AreLinked(alice, bob)
                && StatusOf(alice).MemberRelays is [{ By: var by }]
                && by == spare.Name.ToString(),
            Patience,
            "the other one relays"
        );
    }

    [Fact]
    public void Nothing_is_relayed_for_a_room_that_the_asker_does_not_share()
    {
        using var world = new EngineWorld(806);
        var (alice, bob, carol) = Meet(world);
        world.RunUntil(() => AreLinked(alice, bob), Patience, "alice and bob are connected");
        var eve = world.Run("eve");
        eve.Do(new NodeCommand.JoinRoom("elsewhere"));
        carol.Do(new NodeCommand.JoinRoom("elsewhere"));
        world.RunUntil(() => eve.IsConnected("#elsewhere"), Patience, "eve and carol are connected");
        world.Run(TimeSpan.FromMinutes(1));

        StatusOf(carol).Relaying.ShouldBe(1);
        StatusOf(eve).MemberRelays.ShouldBeEmpty();
    }

    [Fact]
    public void A_second_of_traffic_and_a_day_of_it_are_bounded()
    {
        var now = Instant.Origin;
        var quota = new RelayQuota(now);
        quota.TryTake(RelayQuota.Burst, now).ShouldBeTrue();
        quota.TryTake(1, now).ShouldBeFalse();
        quota.TryTake(RelayQuota.BytesPerSecond, now + TimeSpan.FromSeconds(1)).ShouldBeTrue();

        var end = now + TimeSpan.FromHours(23);
        long passed = RelayQuota.Burst + RelayQuota.BytesPerSecond;
        for (var at = now + TimeSpan.FromSeconds(1); at < end; at += TimeSpan.FromSeconds(1))
        {
            passed += quota.TryTake(RelayQuota.BytesPerSecond, at) ? RelayQuota.BytesPerSecond : 0;
        }

        passed.ShouldBeLessThanOrEqualTo(RelayQuota.BytesPerDay);
        passed.ShouldBeGreaterThan(RelayQuota.BytesPerDay - RelayQuota.BytesPerSecond);
        quota.IsUsedUp(end).ShouldBe(passed == RelayQuota.BytesPerDay);
        quota.TryTake(RelayQuota.BytesPerSecond, now + TimeSpan.FromHours(25)).ShouldBeTrue();
    }

    // Carol reaches both; alice and bob do not reach each other.
    private static (SimulatedNode Alice, SimulatedNode Bob, SimulatedNode Carol) Meet(
        EngineWorld world,
        Action<SimulatedNode>? setCarol = null
    )
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Lan.Interceptor = datagram =>
            (datagram.From == alice.Address && datagram.To == bob.Address)
            || (datagram.From == bob.Address && datagram.To == alice.Address)
                ? null
                : datagram;
        var carol = world.Run("carol", setCarol);
        foreach (var node in new[] { alice, bob, carol })
        {
            node.Do(new NodeCommand.JoinRoom("lobby"));
        }

        world.RunUntil(
            () => AreLinked(alice, carol) && AreLinked(bob, carol),
            Patience,
            "carol is connected to both"
        );
        return (alice, bob, carol);
    }

    private static bool AreLinked(SimulatedNode one, SimulatedNode other) =>
        Sees(one, other) && Sees(other, one);

    private static bool Sees(SimulatedNode one, SimulatedNode other) =>
        one.IsRunning
        && one.Chat(Room)?.Members.Any(member => member.PeerId == other.Id && member.Connected) == true;

    private static NodeStatus StatusOf(SimulatedNode node) =>
        node.Ask(new NodeCommand.GetStatus()).ShouldBeOfType<NodeReply.Status>().Node;
}
