using PeerChat.Primitives;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Log;

public class HybridClockTests
{
    private static readonly WallTime Now = new(1_800_000_000_000);

    [Fact]
    public void Is_milliseconds_times_two_to_the_16() =>
        HybridClock.Next(Now, 0).ShouldBe(1_800_000_000_000UL * 65_536);

    [Fact]
    public void Goes_on_counting_where_the_wall_clock_stands_or_goes_back()
    {
        var first = HybridClock.Next(Now, 0);
        HybridClock.Next(Now, first).ShouldBe(first + 1);
        HybridClock.Next(Now + TimeSpan.FromHours(-1), first).ShouldBe(first + 1);
        HybridClock.ToWall(first + 1).ShouldBe(Now);
    }

    [Fact]
    public void Five_minutes_ahead_is_borne_and_more_has_to_wait()
    {
        var limit = HybridClock.FromWall(Now + HybridClock.MaxAhead);
        HybridClock.IsTooFarAhead(limit, Now).ShouldBeFalse();
        HybridClock.IsTooFarAhead(limit + 1, Now).ShouldBeTrue();
        HybridClock.IsTooFarAhead(ulong.MaxValue, Now).ShouldBeTrue();
    }

    [Fact]
    public void Bears_wall_times_out_of_range()
    {
        HybridClock.FromWall(new WallTime(-1)).ShouldBe(0UL);
        HybridClock.FromWall(new WallTime(long.MaxValue)).ShouldBeGreaterThan(HybridClock.FromWall(Now));
    }
}
