using System.Text;
using PeerChat.Node.Links;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>What others can make a node hold, and the disk that is full.</summary>
public sealed class LimitTests
{
    private const int MaxWaitingRequests = 16;

    [Fact]
    public void Only_so_many_requests_wait_for_the_user_and_a_repeated_one_replaces_itself()
    {
        using var world = new EngineWorld(1) { KeysOf = Cheap };
        var bob = world.Run("bob");
        var crowd = Enumerable
            .Range(0, 20)
            .Select(i => new HostilePeer(world, $"mallory{i}", 40 + i))
            .ToList();
        foreach (var one in crowd)
        {
            one.Dial(bob);
            world.Run(TimeSpan.FromSeconds(1));
            one.Repeat(bob);
            world.Run(TimeSpan.FromSeconds(2));
        }

        bob.Told<NodeEvent.RequestReceived>().Count().ShouldBe(MaxWaitingRequests);
        bob.Engine.Load.Requests.ShouldBe(MaxWaitingRequests);
        crowd.Count(one => one.IsClosed).ShouldBe(20 - MaxWaitingRequests);

        // Nobody answers for half an hour: they are let go, and others may ask.
        world.Run(PeerLink.RequestLifetime);
        bob.Engine.Load.Requests.ShouldBe(0);
        bob.Told<NodeEvent.RequestEnded>().Count().ShouldBe(MaxWaitingRequests);
        crowd.ShouldAllBe(one => one.IsClosed);
        var late = new HostilePeer(world, "mallory99", 99);
        late.Dial(bob);
        world.Run(TimeSpan.FromSeconds(1));
        late.Repeat(bob);
        world.Run(TimeSpan.FromSeconds(2));
        bob.Engine.Load.Requests.ShouldBe(1);
    }

    [Fact]
    public void Strangers_who_connect_and_say_nothing_leave_room_for_friends()
    {
        using var world = new EngineWorld(2) { KeysOf = Cheap };
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        for (var i = 0; i < 100; i++)
        {
            var stranger = new HostilePeer(world, $"mallory{i}", 40 + i) { OnEvent = _ => true };
            stranger.Dial(bob);
            world.Run(TimeSpan.FromMilliseconds(40));
            stranger.Repeat(bob);
        }

        bob.Engine.Load.Links.ShouldBeLessThanOrEqualTo(LinkSet.MaxLinks / 2);
        world.Befriend(alice, bob);
    }

    [Fact]
    public void A_text_over_64_KiB_is_refused_and_one_of_64_KiB_arrives()
    {
        using var world = new EngineWorld(3);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        var tooLong = new NodeCommand.SendText("@" + bob.Id, new string('x', (64 * 1024) - 1) + "ü");
        var refused = alice.Ask(tooLong).ShouldBeOfType<NodeReply.Refused>();
        refused.Code.ShouldBe(RefusalCode.TooLong);
        refused.Text.ShouldContain("64 KiB");
        alice.Told<NodeEvent.Notice>().ShouldBeEmpty();
        alice.Told<NodeEvent.MessageShown>().ShouldBeEmpty();

        var longest = new string('x', (64 * 1024) - 2) + "ü";
        alice.Say(bob, longest);
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(5), "the longest text");
        bob.Shown().Single().ShouldBe(longest);
    }

    [Fact]
    public void What_could_not_be_stored_is_not_sent()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        FillDisk(alice);
        var sent = 0;
        world.Lan.Interceptor = datagram =>
        {
            sent += datagram.From == alice.Address ? 1 : 0;
            return datagram;
        };
        alice.Say(bob, new string('x', 60_000));
        alice.StorageFailure.ShouldNotBeNull();
        alice.IsRunning.ShouldBeFalse();
        sent.ShouldBe(0);
        world.Run(TimeSpan.FromSeconds(5));
        bob.Shown().ShouldBeEmpty();

        // With room again, nothing half-done is left.
        alice.Start();
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(20), "connected again");
        alice.History("@" + bob.Id).ShouldBeEmpty();
        alice.Say(bob, "shorter");
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(5), "shown");
    }

    [Fact]
    public void What_could_not_be_stored_is_not_acknowledged()
    {
        using var world = new EngineWorld(5);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        FillDisk(bob);
        alice.Say(bob, new string('x', 60_000));
        world.RunUntil(() => bob.StorageFailure is not null, TimeSpan.FromSeconds(5), "the disk is full");
        world.Run(TimeSpan.FromSeconds(60));
        alice.History("@" + bob.Id).Single().State.ShouldNotBe(DeliveryState.Delivered);
        bob.Shown().ShouldBeEmpty();

        bob.Start();
        world.RunUntil(
            () => alice.Told<NodeEvent.MessageStateChanged>().Any(e => e.State == DeliveryState.Delivered),
            TimeSpan.FromSeconds(30),
            "delivered after all"
        );
        bob.Shown().Count.ShouldBe(1);
    }

    private static void FillDisk(SimulatedNode node)
    {
        var pages = node.Store.Database.ReadNumber("PRAGMA page_count");
        node.Store.Database.ReadNumber($"PRAGMA max_page_count = {pages + 2}").ShouldBe(pages + 2);
    }

    /// <summary>Names that the test makes up are derived without the many rounds.</summary>
    internal static SignalKeys Cheap(DisplayName one, DisplayName other)
    {
        var sorted = new[] { one.ToString(), other.ToString() };
        Array.Sort(sorted, StringComparer.Ordinal);
        return SignalKeys.From(Digest.Hash(Encoding.UTF8.GetBytes(string.Join('\n', sorted))).ToArray());
    }
}
