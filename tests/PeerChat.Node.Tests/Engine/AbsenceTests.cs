using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>What waits for somebody who is not there, and how people go and come back.</summary>
public sealed class AbsenceTests
{
    [Fact]
    public void A_message_to_an_absent_contact_survives_a_crash_and_arrives_once()
    {
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        bob.Stop();
        world.Run(TimeSpan.FromSeconds(5));
        alice.Say(bob, "later");
        alice.Chat("@" + bob.Id)!.Queued.ShouldBe(1);
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Queued);
        alice.Crash();
        world.Run(TimeSpan.FromMinutes(3));
        alice.Start();
        world.Run(TimeSpan.FromSeconds(10));
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Queued);
        bob.Start();
        world.RunUntil(
            () => alice.Told<NodeEvent.MessageStateChanged>().Any(e => e.State == DeliveryState.Delivered),
            TimeSpan.FromSeconds(10),
            "delivered"
        );
        world.Run(TimeSpan.FromSeconds(10));

        bob.Shown().ShouldBe(["later"]);
        bob.History("@" + alice.Id).Count.ShouldBe(1);
        alice.Chat("@" + bob.Id)!.Queued.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Text_for_a_name_never_met_waits_and_goes_out_only_when_released(bool release)
    {
        using var world = new EngineWorld(2);
        var alice = world.Run("alice");
        alice.Join("bob");
        alice.Say("?bob", "one");
        alice.Say("?bob", "two");
        alice.Crash();
        world.Run(TimeSpan.FromSeconds(2));
        alice.Start();
        world.Run(TimeSpan.FromSeconds(2));
        alice.Chat("?bob")!.Queued.ShouldBe(2);
        alice.History("?bob").Select(message => message.Text).ShouldBe(["one", "two"]);

        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.RunUntil(
            () => alice.Told<NodeEvent.OutboxQuestion>().Any(),
            TimeSpan.FromSeconds(10),
            "the question"
        );
        world.Run(TimeSpan.FromSeconds(20));
        bob.Shown().ShouldBeEmpty();
        alice.Told<NodeEvent.OutboxQuestion>().Single().Messages.ShouldBe(2);

        alice.Do(new NodeCommand.ReleaseOutbox("@" + bob.Id, release));
        world.Run(TimeSpan.FromSeconds(10));
        bob.Shown().ShouldBe(release ? ["one", "two"] : []);
        var history = alice.History("@" + bob.Id);
        history.Select(message => message.Text).ShouldBe(release ? ["one", "two"] : []);
        history.ShouldAllBe(message => message.State == DeliveryState.Delivered);
        alice.Told<NodeEvent.MessageReplaced>().Count().ShouldBe(release ? 2 : 0);
        alice.Chat("@" + bob.Id)!.Queued.ShouldBe(0);

        // And nothing comes back after another start.
        alice.Crash();
        alice.Start();
        world.Run(TimeSpan.FromSeconds(10));
        bob.Shown().Count.ShouldBe(release ? 2 : 0);
    }

    [Fact]
    public void A_crash_while_the_question_is_open_does_not_answer_it()
    {
        using var world = new EngineWorld(3);
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        alice.Join("bob");
        alice.Say("?bob", "for whom?");
        world.RunUntil(
            () => alice.Told<NodeEvent.OutboxQuestion>().Any(),
            TimeSpan.FromSeconds(10),
            "the question"
        );
        alice.Crash();
        alice.Start();
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "connected again");
        world.Run(TimeSpan.FromSeconds(10));

        bob.Shown().ShouldBeEmpty();
        alice.Told<NodeEvent.OutboxQuestion>().Count().ShouldBe(2);
        alice.Do(new NodeCommand.ReleaseOutbox("@" + bob.Id, Release: true));
        world.Run(TimeSpan.FromSeconds(2));
        bob.Shown().ShouldBe(["for whom?"]);
    }

    [Fact]
    public void A_script_that_named_its_addressee_is_not_asked()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "now");
        world.Run(TimeSpan.FromSeconds(2));
        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(10), "shown");
        alice.Told<NodeEvent.OutboxQuestion>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    public void Who_leaves_right_after_reading_still_says_so(int first)
    {
        foreach (var seed in Seeds.From(first, 10))
        {
            using var world = new EngineWorld(seed, maxDelay: TimeSpan.FromMilliseconds(20), loss: 0.05);
            var alice = world.Run("alice");
            var bob = world.Run("bob");
            world.Befriend(alice, bob);
            alice.Say(bob, "last");
            world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(10), "shown");
            bob.Stop();
            world.Run(TimeSpan.FromSeconds(2));
            alice
                .Told<NodeEvent.MessageStateChanged>()
                .Any(e => e.State == DeliveryState.Delivered)
                .ShouldBeTrue($"seed {seed}\n{world.Describe()}");
        }
    }

    [Theory]
    [InlineData(1)]
    public void What_is_said_right_before_leaving_still_arrives(int first)
    {
        foreach (var seed in Seeds.From(first, 10))
        {
            using var world = new EngineWorld(seed, maxDelay: TimeSpan.FromMilliseconds(20), loss: 0.05);
            var alice = world.Run("alice");
            var bob = world.Run("bob");
            world.Befriend(alice, bob);
            alice.Say(bob, "bye");
            alice.Stop();
            world.Run(TimeSpan.FromSeconds(2));
            bob.Shown().ShouldBe(["bye"], $"seed {seed}\n{world.Describe()}");
        }
    }

    [Fact]
    public void Nobody_dials_who_has_left()
    {
        using var world = new EngineWorld(6);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        bob.Stop();
        world.RunUntil(
            () => !alice.IsConnectedTo(bob),
            TimeSpan.FromSeconds(1),
            "alice sees at once that bob has left"
        );
        var sent = 0;
        world.Lan.Interceptor = datagram =>
        {
            sent += datagram.To == bob.Address ? 1 : 0;
            return datagram;
        };
        world.Run(TimeSpan.FromMinutes(5));

        sent.ShouldBe(0);
        alice.Told<NodeEvent.Notice>().ShouldBeEmpty();
        alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty();
    }

    [Fact]
    public void Contacts_find_each_other_after_midnight()
    {
        using var world = new EngineWorld(7)
        {
            WallStart = new WallTime((20_500L * 86_400_000) - 60_000), // a minute before midnight
        };
        var alice = world.Run("alice", node => node.AnnounceName = false);
        var bob = world.Run("bob", node => node.AnnounceName = false);
        world.Befriend(alice, bob);
        world.Run(TimeSpan.FromHours(3));
        bob.Stop();
        world.Run(TimeSpan.FromMinutes(1));
        bob.Start();
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(20), "after three hours");

        // A day later, one of them a little slow, only the announcement of the day helps.
        bob.Crash();
        world.Run(TimeSpan.FromHours(25));
        bob.ClockError = TimeSpan.FromMinutes(-30);
        bob.Start();
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(20), "a day later");
    }
}
