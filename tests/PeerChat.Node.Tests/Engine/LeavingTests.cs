using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Who leaves as soon as one message is delivered has also brought what waited before it.</summary>
public sealed class LeavingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_waited_goes_out_before_the_one_who_leaves_at_once_is_gone(int moment)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            using var world = new EngineWorld(
                seed,
                TimeSpan.FromMilliseconds(seed * 5),
                loss: seed % 2 == 0 ? 0 : 0.05
            );
            var alice = world.Run("alice");
            var bob = world.Run("bob");
            world.Befriend(alice, bob);
            alice.Say(bob, "first");
            world.RunUntil(
                () => bob.Shown().Contains("first"),
                TimeSpan.FromSeconds(30),
                "the first message"
            );
            bob.Stop();
            world.RunUntil(() => !bob.IsRunning, TimeSpan.FromSeconds(10), "bob leaves");
            alice.Say(bob, "waiting");
            world.Run(TimeSpan.FromSeconds(1));
            alice.Stop();
            world.RunUntil(() => !alice.IsRunning, TimeSpan.FromSeconds(10), "alice leaves");

            bob.Start();
            alice.Start();
            alice.Join(bob);
            if (moment > 0)
            {
                world.RunUntil(
                    () => moment == 1 ? alice.IsConnectedTo(bob) : bob.IsConnectedTo(alice),
                    TimeSpan.FromSeconds(60),
                    "they meet again"
                );
            }

            alice.Say(bob, "later");
            var later = alice
                .Told<NodeEvent.MessageShown>()
                .Last(shown => shown.Message.Text == "later")
                .Message.Id;
            world.RunUntil(
                () =>
                    alice
                        .Told<NodeEvent.MessageStateChanged>()
                        .Any(changed => changed.Message == later && changed.State == DeliveryState.Delivered),
                TimeSpan.FromSeconds(60),
                "the last message is delivered"
            );
            alice.Stop();
            world.Run(TimeSpan.FromSeconds(10));

            bob.History("@" + alice.Id)
                .Select(message => message.Text)
                .ShouldBe(["first", "waiting", "later"], $"seed {seed}\n{world.Describe()}");
        }
    }
}
