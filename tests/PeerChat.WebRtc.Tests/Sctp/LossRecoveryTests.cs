using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>What is repeated and when, on paths that lose and paths that only change the order (RFC 8985).</summary>
public sealed class LossRecoveryTests
{
    private static readonly SendOptions OnceOnly = new(MaxRetransmissions: 0);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Dictionary<uint, int> _transmissions = [];
    private int _skips;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Next_to_nothing_is_repeated_on_a_path_that_only_changes_the_order(int seed)
    {
        var pair = ReorderingPair(seed);
        for (var i = 0; i < 40; i++)
        {
            pair.SendLeft(new byte[50_000]);
        }

        pair.RunUntil(() => pair.RightMessageCount == 40).ShouldBeTrue();

        var repeated = _transmissions.Values.Count(count => count > 1);
        repeated.ShouldBeLessThan(_transmissions.Count / 50, $"seed {seed}");
        pair.Left.Sending.Timeouts.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_message_is_given_up_on_a_path_that_only_changes_the_order(int seed)
    {
        var pair = ReorderingPair(seed);
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            pair.SendLeft(new byte[1 + random.Next(3000)], OnceOnly with { IsUnordered = i % 2 == 0 });
            pair.RunFor(TimeSpan.FromMilliseconds(random.Next(6)));
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();

        pair.RightMessageCount.ShouldBe(300, $"seed {seed}");
        _transmissions.Values.ShouldAllBe(count => count == 1);
        _skips.ShouldBe(0);
    }

    [Fact]
    public void A_message_that_is_lost_for_good_holds_up_the_ones_behind_it_for_little_more_than_a_round_trip()
    {
        var pair = WatchedPair(new AssociationPair());
        pair.SendLeft([0]);
        pair.RunFor(Second);
        var (watch, data) = (pair.Filter, 0);
        pair.Filter = (fromLeft, packet) => watch(fromLeft, packet) && !(fromLeft && ++data == 1);
        var start = pair.Now;
        pair.SendLeft([1], OnceOnly);
        pair.Drain();
        pair.SendLeft([2], OnceOnly);

        pair.RunUntil(() => pair.RightMessageCount == 2).ShouldBeTrue();

        pair.RightMessages.Select(message => message[0]).ShouldBe([(byte)0, (byte)2]);
        // Round trip 20 ms, the patience of 30 and the window, and 10 ms on the way of FORWARD TSN
        (pair.Now - start).TotalMilliseconds.ShouldBeLessThan(80);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_tail_that_is_lost_is_there_after_a_probe_and_not_after_the_timeout(int packets)
    {
        var pair = WatchedPair(new AssociationPair(minDelay: TimeSpan.FromMilliseconds(20)));
        pair.SendLeft(new byte[100_000]);
        pair.RunFor(Second);
        var watch = pair.Filter;
        pair.Filter = (fromLeft, packet) => watch(fromLeft, packet) && !fromLeft;
        var start = pair.Now;
        pair.SendLeft(new byte[1000 * packets]);
        pair.Drain();
        pair.Filter = watch;

        pair.RunUntil(() => pair.RightMessageCount == 2).ShouldBeTrue();

        // One packet: two round trips of 40 ms and the way. More: the probe's answer first shows what else is missing.
        (pair.Now - start).TotalMilliseconds.ShouldBeLessThanOrEqualTo(packets == 1 ? 101 : 155);
        pair.Left.Sending.Timeouts.ShouldBe(0);
    }

    [Fact]
    public void A_repetition_that_is_lost_too_is_repeated_without_the_timeout()
    {
        var pair = WatchedPair(new AssociationPair());
        pair.SendLeft(new byte[50_000]);
        pair.RunFor(Second);
        var watch = pair.Filter;
        uint? victim = null;
        pair.Filter = (fromLeft, packet) =>
        {
            watch(fromLeft, packet);
            var tsn = TsnsOf(fromLeft ? packet : []).Select(tsn => (uint?)tsn).FirstOrDefault();
            victim ??= tsn;
            return tsn is null || tsn != victim || _transmissions[victim!.Value] > 2;
        };
        pair.SendLeft(new byte[400_000]);

        pair.RunUntil(() => pair.RightMessageCount == 2).ShouldBeTrue();

        _transmissions[victim!.Value].ShouldBe(3);
        pair.Left.Sending.Timeouts.ShouldBe(0);
    }

    [Fact]
    public void A_probe_that_repairs_a_loss_counts_as_one()
    {
        var pair = WatchedPair(new AssociationPair());
        pair.SendLeft(new byte[20_000]);
        pair.RunFor(Second);
        var (watch, before) = (pair.Filter, pair.Left.Sending.Lost);
        pair.Filter = (fromLeft, packet) => watch(fromLeft, packet) && !fromLeft;
        pair.SendLeft([1]);
        pair.Drain();
        pair.Filter = watch;
        pair.RunFor(Second);

        pair.Left.Sending.Lost.ShouldBe(before + 1);
    }

    [Fact]
    public void A_probe_for_which_the_answer_was_only_late_counts_as_none()
    {
        var pair = WatchedPair(new AssociationPair());
        pair.SendLeft(new byte[20_000]);
        pair.RunFor(Second);
        var (watch, before) = (pair.Filter, pair.Left.Sending.Lost);
        pair.Filter = (fromLeft, packet) => watch(fromLeft, packet) && fromLeft; // the SACK is lost, the data is not
        pair.SendLeft([1]);
        pair.RunFor(TimeSpan.FromMilliseconds(15));
        pair.Filter = watch;
        pair.RunFor(Second);

        _transmissions.Values.Max().ShouldBe(2);
        pair.Left.Sending.Lost.ShouldBe(before);
        pair.Left.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void The_window_grows_with_each_round_that_reports_duplicates_up_to_the_round_trip()
    {
        var rack = new Rack(new RetransmissionTimeout(TimeSpan.FromMilliseconds(40)));
        rack.HandleDelivered(TimeSpan.FromMilliseconds(40), 1, isFirst: true);
        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(10));
        rack.HandleDuplicate(new Tsn(1), new Tsn(10));
        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(20));
        rack.HandleDuplicate(new Tsn(9), new Tsn(11)); // the same round
        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(20));
        for (uint i = 1; i < 10; i++)
        {
            rack.HandleDuplicate(new Tsn(i * 100), new Tsn(i * 100));
        }

        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public void The_window_is_forgotten_after_sixteen_rounds_with_losses()
    {
        var rack = new Rack(new RetransmissionTimeout(TimeSpan.FromMilliseconds(40)));
        rack.HandleDelivered(TimeSpan.FromMilliseconds(40), 5, isFirst: true);
        rack.BeginSack();
        rack.HandleDelivered(TimeSpan.FromMilliseconds(56), 2, isFirst: true); // 16 ms later than what left after it
        rack.SawReordering.ShouldBeTrue();
        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(20));

        for (uint i = 0; i < Rack.Persistence; i++)
        {
            rack.Window.ShouldBe(TimeSpan.FromMilliseconds(20));
            rack.HandleLoss(new Tsn(i), new Tsn(i));
        }

        rack.Window.ShouldBe(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void A_path_that_kept_the_order_needs_no_window_once_three_are_acknowledged_beyond_a_gap()
    {
        var rack = new Rack(new RetransmissionTimeout(TimeSpan.FromMilliseconds(40)));
        for (var i = 1; i <= Rack.ProofOfOrder; i++)
        {
            rack.LossDelay(Rack.DuplicateThreshold).ShouldBe(rack.LossDelay(0));
            rack.BeginSack();
            rack.HandleDelivered(TimeSpan.FromMilliseconds(40), i, isFirst: true);
        }

        rack.LossDelay(Rack.DuplicateThreshold).ShouldBe(TimeSpan.FromMilliseconds(40));
        rack.LossDelay(Rack.DuplicateThreshold - 1).ShouldBe(TimeSpan.FromMilliseconds(50));
    }

    private static List<uint> TsnsOf(byte[] packet)
    {
        var tsns = new List<uint>();
        var reader = new ChunkReader(packet.AsSpan(Math.Min(packet.Length, CommonHeader.Size)));
        while (reader.TryRead(out _, out var bytes))
        {
            if (DataChunk.TryParse(bytes, out var chunk))
            {
                tsns.Add(chunk.Tsn.Value);
            }
        }

        return tsns;
    }

    // Ten milliseconds of reordering, and nothing lost.
    private AssociationPair ReorderingPair(int seed) =>
        WatchedPair(new AssociationPair(seed, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)));

    private AssociationPair WatchedPair(AssociationPair pair)
    {
        pair.Connect();
        pair.Filter = (fromLeft, packet) =>
        {
            if (!fromLeft)
            {
                return true;
            }

            foreach (var tsn in TsnsOf(packet))
            {
                _transmissions[tsn] = _transmissions.GetValueOrDefault(tsn) + 1;
            }

            _skips += AssociationPair.ChunksOf(packet).Count(type => type == ChunkType.ForwardTsn);
            return true;
        };
        return pair;
    }
}
