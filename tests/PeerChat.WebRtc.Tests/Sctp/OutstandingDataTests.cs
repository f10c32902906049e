using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class OutstandingDataTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(40);
    private static readonly Tsn First = new(uint.MaxValue - 1);
    private readonly SendBuffer _buffer = new();
    private readonly OutstandingData _outstanding;
    private readonly Rack _rack = new(new RetransmissionTimeout(RoundTrip));
    private Instant _now = Instant.Origin;

    public OutstandingDataTests()
    {
        _outstanding = new OutstandingData(First, _buffer, _rack);
        var message = new OutgoingMessage(new(0), PayloadProtocolIdentifier.Binary, false, new byte[600]);
        _buffer.Add(message.Stream, 600);
        for (var i = 0; i < 6; i++)
        {
            _outstanding.Add(message, i * 100, 100, _now).ShouldBe(First.Add(i));
        }
    }

    [Fact]
    public void Takes_a_chunk_for_lost_once_it_is_later_than_what_followed_it_by_the_window()
    {
        _now += RoundTrip;
        Sack(First, 3, 3).LostCount.ShouldBe(0);
        _outstanding.NextLossCheck.ShouldBe(Instant.Origin + (RoundTrip * 1.25));
        _now = _outstanding.NextLossCheck!.Value;

        _outstanding.DetectLoss(_now).ShouldBe(2);

        _outstanding.TryPeekLost(out var tsn, out var chunk).ShouldBeTrue();
        tsn.ShouldBe(First.Add(1));
        chunk.Offset.ShouldBe(100);
        _outstanding.NextLossCheck.ShouldBeNull();
        _outstanding.FlightBytes.ShouldBe(200); // six, less one cumulative, one in a gap, two lost
    }

    [Fact]
    public void Sees_the_loss_of_a_retransmission_by_what_was_sent_after_it()
    {
        _now += RoundTrip;
        Sack(First.Previous, 2, 2);
        _outstanding.MarkAllLost(forgetGapAcks: false, _now);
        foreach (var i in (int[])[0, 2, 3, 4, 5])
        {
            _outstanding.HandleRetransmitted(First.Add(i), _now);
        }

        _now += RoundTrip;
        Sack(First.Previous, 2, 6).LostCount.ShouldBe(0);
        _now += RoundTrip;
        _outstanding.DetectLoss(_now).ShouldBe(1);

        _outstanding.TryPeekLost(out var tsn, out _).ShouldBeTrue();
        tsn.ShouldBe(First);
    }

    [Fact]
    public void Does_not_take_the_answer_to_a_first_transmission_for_that_to_the_second()
    {
        _now += RoundTrip;
        Sack(First, 3, 3);
        _now += RoundTrip;
        _outstanding.DetectLoss(_now).ShouldBe(2);
        _outstanding.HandleRetransmitted(First.Add(1), _now);
        _now += RoundTrip / 4;

        // The original arrives at last; the chunks before its repetition are not late because of that
        Sack(First.Add(1)).LostCount.ShouldBe(0);
        _rack.Latest.ShouldBe(4);
    }

    [Fact]
    public void Repeats_what_a_peer_took_back_from_its_gap_ack_blocks()
    {
        Sack(First.Previous, 2, 6);
        _outstanding.MarkAllLost(forgetGapAcks: false, _now);
        _outstanding.HandleRetransmitted(First, _now);
        _outstanding.HasLost.ShouldBeFalse();

        _outstanding.MarkAllLost(forgetGapAcks: true, _now);

        for (var i = 0; i < 6; i++)
        {
            _outstanding.TryPeekLost(out var tsn, out _).ShouldBeTrue();
            tsn.ShouldBe(First.Add(i));
            _outstanding.HandleRetransmitted(tsn, _now);
        }

        _outstanding.FlightBytes.ShouldBe(600);
    }

    [Fact]
    public void Takes_a_round_trip_only_from_what_was_sent_once()
    {
        Sack(First).SampleSentAt.ShouldBe(_now);
        _outstanding.MarkLastLost(_now);
        _outstanding.HandleRetransmitted(First.Add(5), _now);
        Sack(First, 5, 5).SampleSentAt.ShouldBeNull();
    }

    [Fact]
    public void Releases_the_buffer_with_the_cumulative_acknowledgement_alone()
    {
        Sack(First, 2, 5);
        _buffer.Bytes.ShouldBe(500);
        Sack(First.Add(5));
        _buffer.Bytes.ShouldBe(0);
        _outstanding.IsEmpty.ShouldBeTrue();
        _outstanding.FlightBytes.ShouldBe(0);
    }

    [Fact]
    public void Keeps_the_timeout_between_its_bounds()
    {
        var timeout = new RetransmissionTimeout(null);
        timeout.Current.ShouldBe(RetransmissionTimeout.Initial);
        timeout.Probe.ShouldBeNull();
        timeout.HandleSample(TimeSpan.FromMilliseconds(20));
        timeout.Current.ShouldBe(RetransmissionTimeout.Min);
        timeout.Probe.ShouldBe(TimeSpan.FromMilliseconds(60)); // 20 and four times 10, until more samples come
        for (var i = 0; i < 20; i++)
        {
            timeout.HandleTimeout();
        }

        timeout.Current.ShouldBe(RetransmissionTimeout.Max);
    }

    private SackOutcome Sack(Tsn cumulative, params int[] block)
    {
        GapAckBlock[] blocks = block is [var start, var end] ? [new((ushort)start, (ushort)end)] : [];
        var bytes = new byte[SackChunk.SizeOf(blocks.Length, 0)];
        var writer = new SpanWriter(bytes);
        SackChunk.Write(ref writer, cumulative, 1_000_000, blocks, []);
        SackChunk.TryParse(bytes, out var sack).ShouldBeTrue();
        _outstanding.IsPlausible(sack).ShouldBeTrue();
        return _outstanding.HandleSack(sack, _now);
    }
}
