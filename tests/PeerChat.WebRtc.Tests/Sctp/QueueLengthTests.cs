using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>What the window makes of the buffer of the slowest link, alone and beside TCP.</summary>
public sealed class QueueLengthTests
{
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(50, 0.3, 100)]
    [InlineData(50, 2, 100)]
    [InlineData(50, 10, 100)]
    [InlineData(50, 40, 100)]
    [InlineData(50, 40, 1000)]
    [InlineData(10, 0.3, 500)]
    [InlineData(10, 20, 200)]
    [InlineData(200, 0.3, 50)]
    [InlineData(200, 100, 60)]
    public void Who_is_alone_uses_the_whole_link_and_keeps_its_queue_short(
        double megabits,
        double roundTripMilliseconds,
        double bufferMilliseconds
    )
    {
        var roundTrip = TimeSpan.FromMilliseconds(roundTripMilliseconds);
        var link = LinkOf(megabits, roundTrip, bufferMilliseconds);
        var ours = link.Add(new OurFlow());
        link.Run(5 * Second);
        var seconds = new List<(double Used, TimeSpan Queue)>();
        while (link.Now < Instant.Origin + Whole)
        {
            var (before, queue) = (ours.Arrived, link.Run(Second));
            seconds.Add((link.ShareOf(ours.Arrived - before, Second), queue));
        }

        var target = SharedQueue.TargetOf(roundTrip);
        seconds.Average(each => each.Used).ShouldBeGreaterThan(0.97);
        seconds.Count(each => each.Queue > target * 2).ShouldBeLessThan(4, string.Join(' ', seconds));
    }

    [Theory]
    [InlineData(50, 0.3, 100, true, 0.33)]
    [InlineData(50, 0.3, 100, false, 0.33)]
    [InlineData(50, 10, 100, true, 0.25)]
    [InlineData(50, 10, 100, false, 0.25)]
    [InlineData(50, 40, 100, true, 0.33)]
    [InlineData(50, 40, 100, false, 0.33)]
    [InlineData(10, 20, 200, true, 0.33)]
    [InlineData(10, 20, 200, false, 0.33)]
    [InlineData(200, 40, 60, true, 0.25)]
    [InlineData(200, 40, 60, false, 0.25)]
    public void Beside_a_TCP_with_CUBIC_neither_takes_much_more_than_two_thirds(
        double megabits,
        double roundTripMilliseconds,
        double bufferMilliseconds,
        bool weAreFirst,
        double least
    )
    {
        var roundTrip = TimeSpan.FromMilliseconds(roundTripMilliseconds);
        var link = LinkOf(megabits, roundTrip, bufferMilliseconds);
        Flow ours = new OurFlow();
        Flow theirs = new CubicFlow();
        link.Add(weAreFirst ? ours : theirs);
        link.Run(10 * Second);
        link.Add(weAreFirst ? theirs : ours);
        link.Run(10 * Second);
        var shares = new List<double>();
        for (var second = 0; second < 40; second++)
        {
            var (before, beside) = (ours.Arrived, theirs.Arrived);
            link.Run(Second);
            shares.Add((double)(ours.Arrived - before) / (ours.Arrived - before + theirs.Arrived - beside));
        }

        shares
            .Average()
            .ShouldBeInRange(least, 0.67, string.Join(' ', shares.Select(share => $"{share:0%}")));
    }

    private static DropTailLink LinkOf(double megabits, TimeSpan roundTrip, double bufferMilliseconds) =>
        new(megabits * 1e6 / 8, roundTrip, TimeSpan.FromMilliseconds(bufferMilliseconds), seed: 1);
}
