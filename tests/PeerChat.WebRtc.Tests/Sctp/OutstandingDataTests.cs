using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class OutstandingDataTests
{
    private static readonly Tsn First = new(uint.MaxValue - 1);
    private readonly SendBuffer _buffer = new();
    private readonly OutstandingData _outstanding;
    private readonly Instant _now = Instant.Origin;

    public OutstandingDataTests()
    {
        _outstanding = new OutstandingData(First, _buffer);
        var message = new OutgoingMessage(new(0), PayloadProtocolIdentifier.Binary, false, new byte[600]);
        _buffer.Add(message.Stream, 600);
        for (var i = 0; i < 6; i++)
        {
            _outstanding.Add(message, i * 100, 100, _now).ShouldBe(First.Add(i));
        }
    }

    [Fact]
    public void Takes_a_chunk_for_lost_at_the_third_missing_report()
    {
        Sack(First, 2, 2).AnyLost.ShouldBeFalse();
        Sack(First, 2, 3).AnyLost.ShouldBeFalse();
        Sack(First, 2, 3).AnyLost.ShouldBeFalse(); // nothing new in it, so no report
        Sack(First, 2, 4).AnyLost.ShouldBeTrue();

        _outstanding.TryPeekLost(out var tsn, out var chunk).ShouldBeTrue();
        tsn.ShouldBe(First.Add(1));
        chunk.Offset.ShouldBe(100);
        _outstanding.FlightBytes.ShouldBe(100); // six, less one cumulative, three in gaps, one lost
    }

    [Fact]
    public void Sees_the_loss_of_a_retransmission_by_what_was_sent_after_it()
    {
        _outstanding.MarkAllLost(forgetGapAcks: false, _now);
        for (var i = 0; i < 6; i++)
        {
            _outstanding.HandleRetransmitted(First.Add(i), _now);
        }

        for (var i = 1; i <= 3; i++)
        {
            Sack(First.Previous, 2, i + 1).AnyLost.ShouldBe(i == 3);
        }

        _outstanding.TryPeekLost(out var tsn, out _).ShouldBeTrue();
        tsn.ShouldBe(First);
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
        timeout.Probe.ShouldBe(TimeSpan.FromMilliseconds(60));
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
        return _outstanding.HandleSack(sack, _now, lossDelay: null);
    }
}
