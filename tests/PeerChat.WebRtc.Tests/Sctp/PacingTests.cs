using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>That a window is spread over the round trip, in portions that are worth a system call.</summary>
public sealed class PacingTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_burst_is_bounded_and_the_rest_goes_at_the_pace()
    {
        var (pacer, now) = (new Pacer(), Instant.Origin + Second);
        pacer.SetPace(400 * SctpOptions.MaxPacketSize, RoundTrip, RoundTrip, isSlowStart: false);
        var burst = Fill(pacer, now);
        burst.ShouldBeInRange(50 * SctpOptions.MaxPacketSize, 55 * SctpOptions.MaxPacketSize); // 4 ms at 12.5 packets each

        var sent = 0L;
        var wakeups = 0;
        var end = now + Second;
        while (pacer.NextTime(now) is { } at && at < end)
        {
            now = at;
            var portion = Fill(pacer, now);
            portion.ShouldBeLessThanOrEqualTo(Pacer.MaxPortion);
            sent += portion;
            wakeups++;
        }

        (sent / (1.25 * 400 * SctpOptions.MaxPacketSize / RoundTrip.TotalSeconds)).ShouldBeInRange(
            0.98,
            1.02
        );
        wakeups.ShouldBeInRange(900, 1010); // one for each portion of a millisecond
    }

    [Fact]
    public void A_host_that_wakes_up_late_makes_it_good_within_a_bound()
    {
        var (pacer, now) = (new Pacer(), Instant.Origin + Second);
        pacer.SetPace(400 * SctpOptions.MaxPacketSize, RoundTrip, RoundTrip, isSlowStart: false);
        Fill(pacer, now);
        var two = Fill(pacer, now + TimeSpan.FromMilliseconds(2));
        two.ShouldBeInRange(24 * SctpOptions.MaxPacketSize, 26 * SctpOptions.MaxPacketSize);
        Fill(pacer, now + Second).ShouldBeLessThan(55 * SctpOptions.MaxPacketSize);
    }

    [Fact]
    public void There_is_no_pace_on_a_path_of_less_than_a_millisecond()
    {
        var pacer = new Pacer();
        pacer.SetPace(100_000, RoundTrip, Pacer.MinRoundTrip - TimeSpan.FromTicks(1), isSlowStart: false);
        pacer.HandleSent(1_000_000, Instant.Origin);
        pacer.NextTime(Instant.Origin).ShouldBeNull();
        pacer.BytesPerSecond.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void A_window_is_spread_over_the_round_trip()
    {
        var pair = new AssociationPair(minDelay: RoundTrip / 2).Connect();
        pair.SendLeft(new byte[2_000_000]);
        pair.RunUntil(() => pair.RightMessageCount == 1).ShouldBeTrue();
        var sent = new List<Instant>();
        pair.Filter = (fromLeft, packet) =>
        {
            if (fromLeft && AssociationPair.ChunksOf(packet).Contains(ChunkType.Data))
            {
                sent.Add(pair.Now);
            }

            return true;
        };
        var window = pair.Left.CongestionWindowBytes / SctpOptions.MaxPacketSize;
        pair.SendLeft(new byte[2_000_000]);
        pair.RunUntil(() => sent.Count > window / 2).ShouldBeTrue();

        // In slow start it goes at twice the window a round trip, so half of it takes a quarter; a burst of 4 ms comes first
        window.ShouldBeGreaterThan(200);
        (sent[^1] - sent[0]).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(5));
        sent.GroupBy(at => at).Max(same => same.Count()).ShouldBeLessThan(window / 4);
    }

    [Fact]
    public void Nothing_ticks_while_nothing_waits()
    {
        var pair = new AssociationPair(minDelay: RoundTrip / 2).Connect();
        pair.SendLeft(new byte[300_000]);
        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();
        pair.RunFor(TimeSpan.FromMilliseconds(100));

        (pair.Left.NextDeadline!.Value - pair.Now).ShouldBeGreaterThan(TimeSpan.FromSeconds(10)); // the heartbeat
    }

    [Fact]
    public void A_small_message_on_another_stream_waits_for_no_more_than_a_portion()
    {
        var options = new SctpOptions { InterleavesMessages = true };
        var pair = new AssociationPair(minDelay: RoundTrip / 2, options: options).Connect();
        for (var i = 0; i < 80; i++)
        {
            pair.SendLeft(new byte[100_000]);
        }

        pair.RunFor(TimeSpan.FromMilliseconds(250));
        var start = pair.Now;
        pair.SendLeft([7], stream: 1);
        pair.RunUntil(() => pair.RightMessages.Any(message => message.Length == 1)).ShouldBeTrue();

        pair.Left.TotalBufferedAmount.ShouldBeGreaterThan(1_000_000);
        (pair.Now - start).ShouldBeLessThan((RoundTrip / 2) + TimeSpan.FromMilliseconds(3));
    }

    // Sends packets for as long as the pace lets it.
    private static int Fill(Pacer pacer, Instant now)
    {
        var sent = 0;
        while (pacer.NextTime(now) is null)
        {
            pacer.HandleSent(SctpOptions.MaxPacketSize, now);
            sent += SctpOptions.MaxPacketSize;
        }

        return sent;
    }
}
