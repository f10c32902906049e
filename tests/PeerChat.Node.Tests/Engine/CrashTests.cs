using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Nodes that are killed at any moment and come back at the same address.</summary>
public sealed class CrashTests
{
    private const int Messages = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(21)]
    public void A_conversation_survives_that_one_is_killed_at_any_moment(int first)
    {
        foreach (var seed in Seeds.From(first, 10))
        {
            var random = new Random(seed);
            using var world = new EngineWorld(
                seed,
                maxDelay: TimeSpan.FromMilliseconds(random.Next(1, 30)),
                loss: random.Next(3) * 0.02,
                duplication: 0.05
            );
            var alice = world.Run("alice");
            var bob = world.Run("bob");
            world.Befriend(alice, bob);
            bob.CrashLater(random.Next(400), (CrashPoint)random.Next(3));
            var (fromAlice, fromBob) = (0, 0);
            while (fromAlice < Messages || fromBob < Messages)
            {
                if (fromAlice < Messages)
                {
                    alice.Say(bob, $"a{fromAlice++}");
                }

                if (!bob.IsRunning)
                {
                    world.Run(TimeSpan.FromMilliseconds(random.Next(4_000)));
                    bob.Start();
                    if (random.Next(2) == 0)
                    {
                        bob.CrashLater(random.Next(300), (CrashPoint)random.Next(3));
                    }
                }

                if (fromBob < Messages)
                {
                    // A line typed in the turn that was lost is the user's to type again: the face keeps it.
                    var text = $"b{fromBob}";
                    bob.Say(alice, text);
                    var isLost = false;
                    if (!bob.IsRunning)
                    {
                        bob.Start();
                        bob.CancelCrash();
                        isLost = bob.History("@" + alice.Id).All(message => message.Text != text);
                    }

                    fromBob += isLost ? 0 : 1;
                }

                world.Run(TimeSpan.FromMilliseconds(random.Next(200)));
            }

            bob.CancelCrash();
            if (!bob.IsRunning)
            {
                bob.Start();
            }

            world.Lan.Loss = 0;
            world.Run(TimeSpan.FromSeconds(90));

            var because = $"seed {seed}\n{world.Describe()}";
            var atAlice = alice.History("@" + bob.Id);
            var atBob = bob.History("@" + alice.Id);
            atAlice.Select(message => message.Id).ShouldBe(atBob.Select(message => message.Id), because);
            atAlice
                .Where(message => message.IsOwn)
                .Select(message => message.Text)
                .ShouldBe(Enumerable.Range(0, Messages).Select(i => $"a{i}"), because);
            atAlice
                .Where(message => !message.IsOwn)
                .Select(message => message.Text)
                .ShouldBe(Enumerable.Range(0, Messages).Select(i => $"b{i}"), because);
            atAlice
                .Where(message => message.IsOwn)
                .ShouldAllBe(message => message.State == DeliveryState.Delivered, because);
            alice
                .Told<NodeEvent.MessageShown>()
                .GroupBy(shown => shown.Message.Id, StringComparer.Ordinal)
                .ShouldAllBe(group => group.Count() == 1, because);
            alice.IsConnectedTo(bob).ShouldBeTrue(because);
            bob.IsConnectedTo(alice).ShouldBeTrue(because);
        }
    }

    [Theory]
    [InlineData(1)]
    public void A_first_meeting_survives_that_one_is_killed_at_any_moment(int first)
    {
        foreach (var seed in Seeds.From(first, 30))
        {
            var random = new Random(seed);
            using var world = new EngineWorld(seed, maxDelay: TimeSpan.FromMilliseconds(random.Next(1, 10)));
            var isMutual = seed % 2 == 0;
            var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
            var bob = world.Run("bob", node => node.AcceptAny = !isMutual);
            var victim = seed % 3 == 0 ? alice : bob;
            victim.CrashLater(random.Next(90), (CrashPoint)random.Next(3));
            alice.Join("bob");
            if (isMutual && bob.IsRunning)
            {
                bob.Join("alice");
            }

            for (var i = 0; i < 500 && victim.IsRunning; i++)
            {
                world.Run(TimeSpan.FromMilliseconds(10));
            }

            victim.CancelCrash();
            if (!victim.IsRunning)
            {
                world.Run(TimeSpan.FromMilliseconds(random.Next(5_000)));
                victim.Start();
            }

            // The user of the killed one does again what they did.
            alice.Join("bob");
            if (isMutual)
            {
                bob.Join("alice");
            }

            world.RunUntil(
                () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
                TimeSpan.FromSeconds(60),
                "they meet all the same"
            );
            alice.Say(bob, "a");
            bob.Say(alice, "b");
            world.Run(TimeSpan.FromSeconds(5));
            bob.Shown().ShouldBe(["a"], $"seed {seed}\n{world.Describe()}");
            alice.Shown().ShouldBe(["b"], $"seed {seed}\n{world.Describe()}");
        }
    }
}
