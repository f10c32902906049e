using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Two people meet for the first time, by name, on one network.</summary>
public sealed class FirstContactTests
{
    [Fact]
    public void A_message_to_somebody_who_accepts_anybody_is_shown_once_and_marked_delivered()
    {
        using var world = new EngineWorld(1);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "hello");
        world.RunUntil(
            () => alice.Told<NodeEvent.MessageStateChanged>().Any(e => e.State == DeliveryState.Delivered),
            TimeSpan.FromSeconds(10),
            "delivered"
        );
        world.Run(TimeSpan.FromSeconds(5));

        bob.Shown().ShouldBe(["hello"]);
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Delivered);
        alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    public void Two_who_join_each_other_get_exactly_one_conversation(int first)
    {
        for (var seed = first; seed < first + 30; seed++)
        {
            using var world = new EngineWorld(
                seed,
                maxDelay: TimeSpan.FromMilliseconds(seed % 3 == 0 ? 80 : 3),
                duplication: 0.1
            );
            var random = new Random(seed);
            var alice = world.Add("alice");
            var bob = world.Add("bob");
            var (one, other) = seed % 2 == 0 ? (alice, bob) : (bob, alice);
            one.Start();
            one.Join(other);
            world.Run(TimeSpan.FromMilliseconds(random.Next(seed % 5 == 0 ? 3_000 : 200)));
            other.Start();
            other.Join(one);
            world.RunUntil(
                () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
                TimeSpan.FromSeconds(20),
                "both are connected"
            );
            alice.Say(bob, "from alice");
            bob.Say(alice, "from bob");
            world.Run(TimeSpan.FromSeconds(20));

            var because = $"seed {seed}\n{world.Describe()}";
            bob.Shown().ShouldBe(["from alice"], because);
            alice.Shown().ShouldBe(["from bob"], because);
            alice.IsConnectedTo(bob).ShouldBeTrue(because);
            bob.IsConnectedTo(alice).ShouldBeTrue(because);
            alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty(because);
            alice.Told<NodeEvent.Notice>().ShouldBeEmpty(because);
            bob.Told<NodeEvent.Notice>().ShouldBeEmpty(because);
        }
    }
}
