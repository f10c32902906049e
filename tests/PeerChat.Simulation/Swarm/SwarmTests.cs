using Shouldly;
using Xunit;

namespace PeerChat.Simulation.Swarm;

/// <summary>The claims about large rooms, for as many seeds as a gate has time for.</summary>
public class SwarmTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_room_of_twenty_five_keeps_every_claim(int seed) => Keeps(25, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_room_of_a_hundred_keeps_every_claim(int seed) => Keeps(100, seed);

    [Fact]
    public void A_seed_repeats_a_run_exactly() =>
        SwarmRun.Run(new SwarmOptions(12, 7)).ShouldBe(SwarmRun.Run(new SwarmOptions(12, 7)));

    private static void Keeps(int peers, int seed)
    {
        var report = SwarmRun.Run(new SwarmOptions(peers, seed));
        report.Failures.ShouldBeEmpty($"seed {seed}: {report}");
    }
}
