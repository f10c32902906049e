using System.Net;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Machines that change their address while they talk.</summary>
public sealed class MovingTests
{
    private static TransportAddress At(byte number) =>
        new(new IPAddress([10, 0, 0, number]), NodeEngine.DefaultPort);

    [Theory]
    [InlineData(401, 0)]
    [InlineData(402, 0)]
    [InlineData(403, 0.05)]
    [InlineData(404, 0.15)]
    public void One_that_moves_keeps_its_link_and_every_message_arrives_once(int seed, double loss)
    {
        using var world = new EngineWorld(seed, TimeSpan.FromMilliseconds(20), loss);
        var (alice, bob) = (world.Run("alice"), world.Run("bob", node => node.AcceptAny = true));
        Meet(world, alice, bob);
        var said = new List<string>();
        for (byte i = 0; i < 5; i++)
        {
            (i % 2 == 0 ? alice : bob).MoveTo(At((byte)(100 + i)));
            said.Add($"{i}");
            alice.Say(bob, said[^1]);
            world.RunUntil(
                () => bob.Shown("@" + alice.Id).Count == said.Count,
                TimeSpan.FromSeconds(20),
                $"message {i} arrives"
            );
            world.Run(TimeSpan.FromSeconds(3)); // the restart is through
        }

        bob.Shown("@" + alice.Id).ShouldBe(said);
        bob.Told<NodeEvent.ChatChanged>()
            .SkipWhile(changed => changed.Chat.Connection != ConnectionState.Connected)
            .ShouldAllBe(changed => changed.Chat.Connection == ConnectionState.Connected);
    }

    [Theory]
    [InlineData(411)]
    [InlineData(412)]
    public void Two_that_move_at_once_meet_again_and_nothing_is_lost(int seed)
    {
        using var world = new EngineWorld(seed);
        var (alice, bob) = (world.Run("alice"), world.Run("bob", node => node.AcceptAny = true));
        Meet(world, alice, bob);
        alice.MoveTo(At(101));
        bob.MoveTo(At(102));
        alice.Say(bob, "where are you");

        world.RunUntil(
            () => bob.Shown("@" + alice.Id).Count == 1,
            TimeSpan.FromMinutes(3),
            "the message arrives after all"
        );

        world.Run(TimeSpan.FromMinutes(1));
        bob.Shown("@" + alice.Id).ShouldBe(["where are you"]);
    }

    [Theory]
    [InlineData(431, true)]
    [InlineData(432, false)] // the clock stood, and the node believes that nothing happened
    [InlineData(433, false)]
    public void After_a_sleep_of_an_hour_the_connection_comes_back_within_a_minute_and_nothing_is_lost(
        int seed,
        bool countsSleep
    )
    {
        using var world = new EngineWorld(seed);
        var (alice, bob) = (world.Run("alice"), world.Run("bob", node => node.AcceptAny = true));
        Meet(world, alice, bob);
        alice.Say(bob, "good night");
        alice.Sleep(); // with the message hardly out
        world.Run(TimeSpan.FromMinutes(1));
        bob.Say(alice, "sleep well");
        world.Run(TimeSpan.FromMinutes(59));
        bob.IsConnectedTo(alice).ShouldBeFalse();

        alice.Wake(countsSleep);
        alice.Say(bob, "good morning");

        world.RunUntil(
            () =>
                bob.Shown("@" + alice.Id).SequenceEqual(["good night", "good morning"])
                && alice.Shown("@" + bob.Id).SequenceEqual(["sleep well"]),
            TimeSpan.FromMinutes(1),
            "all arrives"
        );
    }

    private static void Meet(EngineWorld world, SimulatedNode alice, SimulatedNode bob)
    {
        world.Befriend(alice, bob);
        world.Run(TimeSpan.FromSeconds(1));
    }
}
