using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Which waits for the disk lie on the way of a message.</summary>
public sealed class DurabilityTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_message_is_shown_before_it_is_durable_and_acknowledged_after()
    {
        using var world = new EngineWorld(seed: 1);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        world.Run(TimeSpan.FromSeconds(5));
        var shown = 0;
        bob.Engine.MessagesReceived = () =>
        {
            shown++;
            bob.Store.HasPendingWrites.ShouldBeTrue();
            Delivered(alice).ShouldBe(0);
        };

        alice.Say(bob, "hello");
        world.RunUntil(() => Delivered(alice) > 0, Limit, "the message to be delivered");

        shown.ShouldBe(1);
        bob.Shown().ShouldBe(["hello"]);
    }

    [Fact]
    public void A_message_costs_its_author_one_wait_for_the_disk_and_its_recipient_one()
    {
        using var world = new EngineWorld(seed: 2);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        world.Run(TimeSpan.FromSeconds(5));
        var (author, recipient) = (alice.Store.Commits, bob.Store.Commits);

        alice.Say(bob, "hello");
        world.RunUntil(() => bob.Shown().Count > 0, Limit, "the message to be shown");
        (alice.Store.Commits - author).ShouldBe(1);
        world.RunUntil(() => Delivered(alice) > 0, Limit, "the message to be delivered");
        (bob.Store.Commits - recipient).ShouldBe(1); // the message and the statement that it is there
        (alice.Store.Commits - author).ShouldBe(2); // and that statement
    }

    private static int Delivered(SimulatedNode node) =>
        node.Told<NodeEvent.MessageStateChanged>().Count(changed => changed.State == DeliveryState.Delivered);
}
