using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A text with a reference is sent once, however often it is asked for and whatever happens in between.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void The_same_reference_sends_once_and_is_answered_with_the_same_message()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        var first = Send(alice, "@" + bob.Id, "hello");
        var second = Send(alice, "@" + bob.Id, "hello, but changed");
        world.Run(TimeSpan.FromSeconds(5));

        second.Id.ShouldBe(first.Id);
        second.Text.ShouldBe("hello");
        bob.Shown().ShouldBe(["hello"]);
    }

    [Fact]
    public void The_reference_holds_over_a_restart()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        var first = Send(alice, "@" + bob.Id, "hello");
        world.Run(TimeSpan.FromSeconds(5));
        alice.Stop();
        alice.Start();
        var second = Send(alice, "@" + bob.Id, "hello");
        world.Run(TimeSpan.FromSeconds(20));

        second.Id.ShouldBe(first.Id);
        second.State.ShouldBe(DeliveryState.Delivered);
        bob.Shown().ShouldBe(["hello"]);
        alice.History("@" + bob.Id).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData((int)CrashPoint.BeforeCommit)]
    [InlineData((int)CrashPoint.BeforeSending)]
    [InlineData((int)CrashPoint.AfterTurn)]
    public void Whoever_asks_again_after_a_crash_sends_exactly_once(int point)
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        alice.CrashLater(0, (CrashPoint)point);
        alice.Do(new NodeCommand.SendText("@" + bob.Id, "hello", "ref"));
        alice.IsRunning.ShouldBeFalse();
        alice.Start();
        Send(alice, "@" + bob.Id, "hello");
        world.Run(TimeSpan.FromMinutes(1));

        bob.Shown().ShouldBe(["hello"]);
    }

    [Fact]
    public void The_reference_follows_a_text_out_of_the_outbox()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        var waiting = Send(alice, "?bob", "hello");
        waiting.Id.ShouldStartWith("outbox-");
        Send(alice, "?bob", "hello").ShouldBe(waiting);
        alice.Stop();
        alice.Start();
        Send(alice, "?bob", "hello").Id.ShouldBe(waiting.Id);

        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.RunUntil(() => bob.Shown().Count > 0, TimeSpan.FromSeconds(20), "the text arrives");
        var sent = Send(alice, "?bob", "hello"); // as whoever got no answer and knows the chat's old name
        sent.Chat.ShouldBe("@" + bob.Id);
        sent.Id.ShouldBe(alice.Told<NodeEvent.MessageReplaced>().Single().Message.Id);
        alice.Stop();
        alice.Start();
        Send(alice, "?bob", "hello").Id.ShouldBe(sent.Id);
        world.Run(TimeSpan.FromSeconds(20));
        bob.Shown().ShouldBe(["hello"]);
    }

    [Fact]
    public void A_text_that_was_given_up_while_it_waited_is_not_sent_by_asking_again()
    {
        using var world = new EngineWorld(5);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        alice.Join("bob");
        var waiting = Send(alice, "?bob", "hello");
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "they meet");
        alice.Do(new NodeCommand.ReleaseOutbox("@" + bob.Id, Release: false));
        alice
            .Told<NodeEvent.MessageHidden>()
            .Single()
            .ShouldBe(new NodeEvent.MessageHidden("@" + bob.Id, waiting.Id));

        var again = alice.Ask(new NodeCommand.SendText("@" + bob.Id, "hello", "ref"));
        again.ShouldBeOfType<NodeReply.Refused>().Text.ShouldContain("given up");
        world.Run(TimeSpan.FromSeconds(5));
        bob.Shown().ShouldBeEmpty();
    }

    [Fact]
    public void A_reference_has_at_most_128_characters()
    {
        using var world = new EngineWorld(6);
        var alice = world.Run("alice");
        alice.Join("bob");
        alice
            .Ask(new NodeCommand.SendText("?bob", "hello", new string('界', 128)))
            .ShouldBeOfType<NodeReply.Accepted>();
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        return (alice, bob);
    }

    private static ChatMessage Send(SimulatedNode node, string chat, string text) =>
        node.Ask(new NodeCommand.SendText(chat, text, "ref")).ShouldBeOfType<NodeReply.Accepted>().Message;
}
