using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class DataTrackerTests
{
    [Theory]
    [InlineData(10u)]
    [InlineData(uint.MaxValue - 2)]
    public void Reports_gaps_as_in_the_example_of_RFC_9260_section_3_3_4(uint initial)
    {
        // TSN 10 to 12, 14, 15 and 17 have come
        var tracker = new DataTracker(new Tsn(initial), 1000);
        foreach (var offset in new[] { 0, 7, 1, 5, 2, 4 })
        {
            tracker.Add(new Tsn(initial).Add(offset));
        }

        Span<GapAckBlock> blocks = stackalloc GapAckBlock[20];
        var count = tracker.GetGapAckBlocks(blocks);

        tracker.CumulativeTsnAck.ShouldBe(new Tsn(initial).Add(2));
        blocks[..count].ToArray().ShouldBe([new GapAckBlock(2, 3), new GapAckBlock(5, 5)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Agrees_with_a_set_on_any_order(int seed)
    {
        var random = new Random(seed);
        var initial = new Tsn(uint.MaxValue - 500);
        var tracker = new DataTracker(initial, 2000);
        var model = new HashSet<int>();
        Span<GapAckBlock> blocks = stackalloc GapAckBlock[2000];
        for (var i = 0; i < 3000; i++)
        {
            var offset = random.Next(Math.Max(0, (i / 3) - 100), (i / 3) + 100);
            var tsn = initial.Add(offset);
            var isNew = tracker.StandingOf(tsn) is TsnStanding.Next or TsnStanding.Ahead;
            isNew.ShouldBe(model.Add(offset));
            if (isNew)
            {
                tracker.Add(tsn);
            }

            var cumulative = tracker.CumulativeTsnAck.DistanceFrom(initial);
            var reported = new HashSet<int>(Enumerable.Range(0, cumulative + 1));
            foreach (var block in blocks[..tracker.GetGapAckBlocks(blocks)])
            {
                reported.UnionWith(Enumerable.Range(cumulative + block.Start, block.End - block.Start + 1));
            }

            reported.SetEquals(model).ShouldBeTrue();
        }
    }

    [Fact]
    public void Bounds_how_far_ahead_and_how_many_duplicates()
    {
        var tracker = new DataTracker(new Tsn(0), int.MaxValue);
        tracker.StandingOf(new Tsn(65_534)).ShouldBe(TsnStanding.Ahead);
        tracker.StandingOf(new Tsn(65_535)).ShouldBe(TsnStanding.TooFarAhead);
        for (var i = 0; i < 100; i++)
        {
            tracker.AddDuplicate(new Tsn(9));
        }

        tracker.DuplicateCount.ShouldBe(DataTracker.MaxDuplicates);
    }

    [Fact]
    public void Answers_the_first_hundred_packets_one_by_one_then_every_second_or_after_20_ms()
    {
        var timer = new SackTimer();
        var now = Instant.Origin;
        for (var i = 0; i < SackTimer.QuickPackets; i++)
        {
            timer.HandleDataPacket(now, immediate: false);
            timer.IsDue.ShouldBeTrue();
            timer.HandleSent();
        }

        timer.HandleDataPacket(now, immediate: false);
        timer.IsDue.ShouldBeFalse();
        timer.Deadline.ShouldBe(now + TimeSpan.FromMilliseconds(20));
        timer.HandleDataPacket(now, immediate: false);
        timer.IsDue.ShouldBeTrue();
        timer.HandleSent();
        timer.HandleDataPacket(now, immediate: true);
        timer.IsDue.ShouldBeTrue();
        timer.HandleSent();
        timer.HandleDataPacket(now, immediate: false);
        timer.HandleDeadline(now + TimeSpan.FromMilliseconds(20));
        timer.IsDue.ShouldBeTrue();
    }
}
