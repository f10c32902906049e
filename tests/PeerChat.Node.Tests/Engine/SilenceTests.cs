using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Somebody whose program was killed, or whose network is gone: neither connected nor lost yet.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(421)]
    [InlineData(422)]
    public void Who_writes_to_somebody_killed_reads_within_three_seconds_that_nobody_answers(int seed)
    {
        using var world = new EngineWorld(seed);
        var (alice, bob) = Met(world);
        bob.Crash();

        alice.Say(bob, "are you there");

        world.RunUntil(() => StateOf(alice, bob) == ConnectionState.Silent, 3 * Second, "silence is told");
        alice.Chat("@" + bob.Id)!.Detail.ShouldBe("no answer for 2 s");
        Why(alice).ShouldContain("no answer for 2 s; direct, ");
        world.RunUntil(
            () => alice.Chat("@" + bob.Id)!.Detail == "no answer for 5 s",
            4 * Second,
            "it is told again"
        );
        world.RunUntil(
            () => StateOf(alice, bob) is not ConnectionState.Silent and not ConnectionState.Connected,
            30 * Second,
            "the link is lost when consent ends"
        );
        alice
            .Told<NodeEvent.ChatChanged>()
            .Count(changed => changed.Chat.Connection == ConnectionState.Silent)
            .ShouldBeLessThanOrEqualTo(10); // at 2, 5, 10, 15, 20 and 25 s, and when the message was queued
    }

    [Fact]
    public void Who_says_nothing_to_somebody_killed_reads_it_within_nine_seconds()
    {
        using var world = new EngineWorld(423);
        var (alice, bob) = Met(world);

        bob.Crash();

        world.RunUntil(() => StateOf(alice, bob) == ConnectionState.Silent, 9 * Second, "silence is told");
    }

    [Fact]
    public void Where_the_other_machine_says_that_nobody_listens_the_link_is_over_in_three_seconds()
    {
        using var world = new EngineWorld(424);
        var (alice, bob) = Met(world);
        bob.Crash();

        alice.Say(bob, "are you there");
        world.Run(Second);
        Refuse(world, alice, bob);

        world.RunUntil(
            () => StateOf(alice, bob) is not ConnectionState.Silent and not ConnectionState.Connected,
            3 * Second,
            "the link is over"
        );
        bob.Start();
        world.RunUntil(
            () => bob.Shown("@" + alice.Id).SequenceEqual(["are you there"]),
            60 * Second,
            "the message arrives"
        );
    }

    [Fact]
    public void A_forged_word_that_nobody_listens_ends_nothing()
    {
        using var world = new EngineWorld(425);
        var (alice, bob) = Met(world);
        var lost = false;

        for (var i = 0; i < 200; i++)
        {
            Refuse(world, alice, bob);
            world.Run(0.1 * Second);
            lost |= StateOf(alice, bob) != ConnectionState.Connected;
        }

        lost.ShouldBeFalse();
    }

    [Fact]
    public void The_doctor_says_how_many_checks_a_path_lost()
    {
        using var world = new EngineWorld(426, TimeSpan.FromMilliseconds(20), loss: 0.1);
        var (alice, bob) = Met(world);
        world.Run(TimeSpan.FromMinutes(3));

        Why(alice).ShouldMatch(@", \d+(\.\d)? % lost \(\d+ of \d\d checks in \d{2,3} s\)");
        StateOf(alice, bob).ShouldBe(ConnectionState.Connected);
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Met(EngineWorld world)
    {
        var (alice, bob) = (world.Run("alice"), world.Run("bob", node => node.AcceptAny = true));
        world.Befriend(alice, bob);
        world.Run(TimeSpan.FromSeconds(20));
        return (alice, bob);
    }

    private static void Refuse(EngineWorld world, SimulatedNode at, SimulatedNode by) =>
        at.Turn(engine =>
            engine.HandlePathError(at.Address, by.Address, isRefused: true, world.Now, world.Wall)
        );

    private static ConnectionState StateOf(SimulatedNode at, SimulatedNode of) =>
        at.Chat("@" + of.Id)!.Connection;

    private static string Why(SimulatedNode at) =>
        ((NodeReply.Diagnosis)at.Ask(new NodeCommand.Diagnose("bob"))).Checks.Single().Text;
}
