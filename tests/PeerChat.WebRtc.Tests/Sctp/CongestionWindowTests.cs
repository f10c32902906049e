using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class CongestionWindowTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Queued = RoundTrip * 2;
    private static readonly TimeSpan Shared = RoundTrip * 1.4; // a queue, if none that is too long
    private readonly CongestionWindow _window = new();
    private Instant _now = Instant.Origin;
    private uint _tsn;

    [Fact]
    public void Grows_by_what_is_acknowledged_and_only_when_it_was_used()
    {
        _window.Bytes.ShouldBe(10 * SctpOptions.MaxPacketSize);
        _window.HandleAcked(5000, wasFull: false, new Tsn(1), _now);
        _window.Bytes.ShouldBe(CongestionWindow.InitialBytes);
        _window.HandleAcked(5000, wasFull: true, new Tsn(2), _now);
        _window.Bytes.ShouldBe(CongestionWindow.InitialBytes + 5000);
    }

    [Fact]
    public void Is_cut_once_per_round_trip_and_not_below_four_packets()
    {
        var before = _window.Bytes;
        _window.HandleLoss(1, new Tsn(10), _now);
        var cut = _window.Bytes;
        cut.ShouldBe((int)(before * CongestionWindow.Beta));
        _window.HandleLoss(1, new Tsn(12), _now);
        _window.Bytes.ShouldBe(cut);
        _window.HandleAcked(1000, wasFull: true, new Tsn(10), _now);
        _window.IsInRecovery.ShouldBeFalse();
        for (uint i = 0; i < 20; i++)
        {
            _window.HandleLoss(1, new Tsn(20 + i), _now);
            _window.HandleAcked(0, wasFull: true, new Tsn(20 + i), _now);
        }

        _window.Bytes.ShouldBe(CongestionWindow.MinBytes);
        _window.HandleTimeout();
        _window.Bytes.ShouldBe(SctpOptions.MaxPacketSize);
    }

    [Fact]
    public void Never_exceeds_its_limit_whatever_the_peer_acknowledges()
    {
        for (uint i = 0; i < 1000; i++)
        {
            _window.HandleAcked(int.MaxValue, wasFull: true, new Tsn(100 + i), _now);
        }

        _window.Bytes.ShouldBe(CongestionWindow.MaxBytes);
    }

    [Fact]
    public void A_loss_without_a_queue_leaves_it_as_it_is()
    {
        Round(RoundTrip);
        Round(RoundTrip);
        var before = _window.Bytes;

        _window.HandleLoss(1, new Tsn(_tsn), _now);

        _window.HasQueue.ShouldBeFalse();
        _window.Bytes.ShouldBe(before);
    }

    [Fact]
    public void A_loss_with_a_queue_cuts_it()
    {
        Round(RoundTrip);
        Round(Queued);
        var before = _window.Bytes;

        _window.HandleLoss(1, new Tsn(_tsn), _now);

        _window.HasQueue.ShouldBeTrue();
        _window.Bytes.ShouldBe((int)(before * CongestionWindow.Beta));
    }

    [Fact]
    public void Many_losses_cut_it_although_no_queue_shows()
    {
        Round(RoundTrip);
        Round(RoundTrip);
        var before = _window.Bytes;

        _window.HandleLoss(20, new Tsn(_tsn), _now);

        _window.HasQueue.ShouldBeFalse();
        _window.Bytes.ShouldBeLessThan(before);
    }

    [Fact]
    public void Slow_start_ends_when_the_round_trip_grows()
    {
        Round(RoundTrip);
        for (var i = 0; i < 4; i++)
        {
            Round(RoundTrip + (TimeSpan.FromMilliseconds(10) * (i + 1)));
        }

        var before = _window.Bytes;
        Round(Queued * 2);

        // One round of slow start would have doubled it.
        _window.Bytes.ShouldBeLessThan(before * 3 / 2);
    }

    [Fact]
    public void Comes_back_to_the_window_of_the_last_loss_in_the_time_of_the_cubic_function()
    {
        for (var i = 0; i < 6; i++)
        {
            Round(RoundTrip);
        }

        Round(Shared);
        var before = _window.Bytes;
        _window.HandleLoss(1, new Tsn(_tsn), _now);
        // RFC 9438 section 4.2: K is the cube root of what was cut, in packets, divided by C
        var k = Math.Cbrt(before * (1 - CongestionWindow.Beta) / SctpOptions.MaxPacketSize / 0.4);
        var from = _now;
        while (_now - from < TimeSpan.FromSeconds(k * 0.5))
        {
            Round(Shared); // others keep a queue
        }

        _window.Bytes.ShouldBeInRange(before * 8 / 10, before);
        while (_now - from < TimeSpan.FromSeconds(k))
        {
            Round(Shared);
        }

        _window.Bytes.ShouldBeInRange(before * 95 / 100, before * 12 / 10);
    }

    [Fact]
    public void Grows_by_a_share_of_itself_while_the_path_has_room()
    {
        Round(RoundTrip);
        Round(Queued);
        _window.HandleLoss(1, new Tsn(_tsn), _now);
        for (var i = 0; i < 5; i++)
        {
            Round(RoundTrip);
        }

        var before = _window.Bytes;
        Round(RoundTrip);

        _window.Bytes.ShouldBeInRange(before * 11 / 10, before * 12 / 10);
    }

    [Fact]
    public void Keeps_its_own_queue_to_half_a_round_trip()
    {
        for (var i = 0; i < 4; i++)
        {
            Round(RoundTrip);
        }

        // A path of 40 ms and 20 packets in it: whatever more is under way waits
        var path = 20 * SctpOptions.MaxPacketSize;
        for (var i = 0; i < 100; i++)
        {
            Round(RoundTrip * Math.Max(1, _window.Bytes / (double)path));
        }

        _window.Bytes.ShouldBeInRange(path * 5 / 4, path * 16 / 10);
        _window.Cuts.ShouldBe(0);
    }

    [Fact]
    public void Gives_the_queue_to_nobody_who_keeps_it_full()
    {
        for (var i = 0; i < 6; i++)
        {
            Round(RoundTrip);
        }

        var before = _window.Bytes;
        for (var i = 0; i < SharedQueue.VainRounds * 2; i++) // each takes one more until it can be seen
        {
            Round(Queued);
        }

        _window.Bytes.ShouldBeLessThan(before);
        Round(Queued);
        Round(Queued);

        _window.Bytes.ShouldBeGreaterThanOrEqualTo(before); // and from then on it is CUBIC's
    }

    [Fact]
    public void Leaves_the_queue_alone_for_a_while_after_a_loss_in_it()
    {
        for (var i = 0; i < 4; i++)
        {
            Round(RoundTrip);
        }

        Round(Shared);
        _window.HandleLoss(1, new Tsn(_tsn), _now); // ends slow start
        Round(Shared);
        _window.HandleLoss(1, new Tsn(_tsn), _now);
        var (before, from) = (_window.Bytes, _now);
        while (_now - from < SharedQueue.Memory - Queued)
        {
            Round(Queued);
        }

        _window.Bytes.ShouldBeGreaterThan(before);
        before = _window.Bytes;
        for (var i = 0; i < SharedQueue.VainRounds; i++)
        {
            Round(Queued);
        }

        _window.Bytes.ShouldBeLessThan(before);
    }

    // One round trip in which a full window is acknowledged, in ten parts.
    private void Round(TimeSpan roundTrip)
    {
        _now += roundTrip;
        var part = _window.Bytes / 10;
        for (var i = 0; i < 10; i++)
        {
            _tsn++;
            _window.HandleSample(roundTrip, new Tsn(_tsn), new Tsn(_tsn + 10), _now);
            _window.HandleAcked(part, wasFull: true, new Tsn(_tsn), _now);
        }
    }
}
