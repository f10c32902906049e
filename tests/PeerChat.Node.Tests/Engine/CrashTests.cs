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
        for (var seed = first; seed < first + 10; seed++)
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
                        isLost = bob.History("@" + alice.Id).All(message => message.Text != text);
                    }

                    fromBob += isLost ? 0 : 1;
                }

                world.Run(TimeSpan.FromMilliseconds(random.Next(200)));
            }

            if (!bob.IsRunning)
            {
                bob.Start();
            }

            world.Lan.Loss = 0;
            world.Run(TimeSpan.FromSeconds(90));
            if (!bob.IsRunning)
            {
                bob.Start();
                world.Run(TimeSpan.FromSeconds(90));
            }

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
}
