using PeerChat.Node.Transport;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class NodeClockTests
{
    [Fact]
    public void The_wall_clock_can_be_wrong_on_purpose()
    {
        var hour = TimeSpan.FromHours(1);

        var ahead = new NodeClock(hour).WallNow - new NodeClock().WallNow;

        ahead.ShouldBeInRange(hour - TimeSpan.FromMinutes(1), hour + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Waits_for_ever_without_a_deadline_and_not_at_all_for_a_past_one()
    {
        var clock = new NodeClock();

        clock.Until(null).ShouldBe(Timeout.InfiniteTimeSpan);
        clock.Until(Instant.Origin).ShouldBe(TimeSpan.Zero);
        clock.Until(clock.Now + TimeSpan.FromHours(1)).ShouldBeGreaterThan(TimeSpan.FromMinutes(50));
    }

    [Fact]
    public void Entropy_of_the_system_is_not_the_same_twice()
    {
        var entropy = new SystemEntropy();

        entropy.Bytes(16).ShouldNotBe(entropy.Bytes(16));
    }
}
