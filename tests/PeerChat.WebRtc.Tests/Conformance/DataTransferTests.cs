using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>DATA and SACK as RFC 9260 section 6 wants them, packet by packet.</summary>
public sealed class DataTransferTests
{
    private const int Begin = DataChunk.BeginFlag;
    private const int End = DataChunk.EndFlag;
    private const int Unordered = DataChunk.UnorderedFlag;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<int, bool> Orders
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (var order = 0; order < 24; order++)
            {
                data.Add(order, false);
                data.Add(order, true);
            }

            return data;
        }
    }

    [Fact]
    public void The_first_DATA_is_acknowledged_at_once()
    {
        var wire = Wire.Established();
        wire.Give(Wire.Data(0));
        SackOf(wire, out var sack);
        sack.CumulativeTsnAck.ShouldBe(Wire.PeerTsn);
        sack.GapAckBlockCount.ShouldBe(0);
    }

    [Fact]
    public void One_SACK_acknowledges_all_that_came_in_a_packet()
    {
        var wire = Wire.Established();
        wire.Give(Wire.Data(0), Wire.Data(1, number: 1), Wire.Data(2, number: 2));
        SackOf(wire, out var sack);
        sack.CumulativeTsnAck.ShouldBe(Wire.PeerTsn.Add(2));
    }

    [Fact]
    public void Each_packet_is_acknowledged_at_once_while_something_is_missing_and_when_it_came()
    {
        var wire = Wire.Established();
        PassQuickStart(wire, out var next);
        for (var i = 1; i <= 3; i++)
        {
            wire.Give(Wire.Data(next + i, stream: 1, number: (uint)(i - 1)));
            SackOf(wire, out var sack);
            sack.CumulativeTsnAck.ShouldBe(Wire.PeerTsn.Add(next - 1));
            sack.GapAckBlock(0).ShouldBe(new GapAckBlock(2, (ushort)(i + 1)));
        }

        wire.Give(Wire.Data(next, stream: 2));
        wire.Wait(SackTimer.Delay);
        wire.TakeEvents().Count.ShouldBe(next + 4);
    }

    [Fact]
    public void A_lone_packet_is_acknowledged_within_half_a_second_and_the_second_one_at_once()
    {
        var wire = Wire.Established();
        PassQuickStart(wire, out var next);
        wire.Give(Wire.Data(next, stream: 1));
        wire.Take().ShouldBeEmpty();
        var sent = wire.Wait(TimeSpan.FromMilliseconds(500)).ShouldHaveSingleItem();
        sent.Packet.Types.ShouldBe([ChunkType.Sack]);

        wire.Give(Wire.Data(next + 1, stream: 1, number: 1));
        wire.Take().ShouldBeEmpty();
        wire.Give(Wire.Data(next + 2, stream: 1, number: 2));
        wire.TakeTypes().ShouldBe([ChunkType.Sack]);
    }

    [Fact]
    public void The_I_bit_brings_the_SACK_at_once()
    {
        var wire = Wire.Established();
        PassQuickStart(wire, out var next);
        wire.Give(Wire.Data(next, stream: 1, flags: Begin | End | DataChunk.ImmediateFlag));
        wire.TakeTypes().ShouldBe([ChunkType.Sack]);
    }

    [Fact]
    public void Data_that_comes_again_is_not_delivered_again_and_is_named_in_the_SACK()
    {
        var wire = Wire.Established();
        wire.Give(Wire.Data(0));
        wire.Take();
        wire.Give(Wire.Data(0), Wire.Data(0));
        var bytes = SackOf(wire, out var sack);
        sack.DuplicateCount.ShouldBe(2);
        bytes[^8..].ShouldBe([0, 0, 3, 232, 0, 0, 3, 232]);
        wire.TakeEvents().Count.ShouldBe(1);

        wire.Give(Wire.Data(1, number: 1));
        SackOf(wire, out sack);
        sack.DuplicateCount.ShouldBe(0); // told once
    }

    [Fact]
    public void Of_two_chunks_with_one_TSN_the_first_counts()
    {
        var wire = Wire.Established();
        wire.Give(Wire.Data(0, flags: Begin | End | Unordered, size: 3), Wire.Data(0, number: 0, size: 5));
        wire.TakeEvents()
            .ShouldHaveSingleItem()
            .ShouldBeOfType<SctpEvent.MessageReceived>()
            .Payload.Length.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_message_of_four_fragments_is_whole_in_whatever_order_they_come(int order, bool unordered)
    {
        var wire = Wire.Established();
        var flags = unordered ? Unordered : 0;
        List<int> left = [0, 1, 2, 3];
        for (var i = 4; i > 0; i--)
        {
            var place = left[order % i];
            left.Remove(place);
            order /= i;
            var ends = (place == 0 ? Begin : 0) | (place == 3 ? End : 0);
            wire.Give(
                HandmadePeer.Data(
                    Wire.PeerTsn.Add(place).Value,
                    stream: 0,
                    number: 0,
                    flags | ends,
                    [(byte)place, (byte)place]
                )
            );
            if (i > 1)
            {
                wire.TakeEvents().ShouldBeEmpty();
            }
        }

        wire.TakeEvents()
            .ShouldHaveSingleItem()
            .ShouldBeOfType<SctpEvent.MessageReceived>()
            .Payload.ToArray()
            .ShouldBe([0, 0, 1, 1, 2, 2, 3, 3]);
    }

    [Fact]
    public void A_message_that_fits_goes_in_one_chunk_and_one_that_does_not_in_consecutive_ones()
    {
        var wire = Wire.Established();
        wire.Send(new byte[10]);
        var small = wire.Take().ShouldHaveSingleItem();
        (small.Chunks[0][1] & (Begin | End)).ShouldBe(Begin | End);
        wire.Send(new byte[3000]);
        var chunks = wire.Take().SelectMany(packet => packet.Chunks).ToList();
        chunks.Select(chunk => chunk[1] & (Begin | End)).ShouldBe([Begin, 0, End]);
        chunks
            .Select(chunk => DataChunk.TryParse(chunk, out var data) ? data.Tsn : default)
            .ShouldBe([wire.FirstTsn.Add(1), wire.FirstTsn.Add(2), wire.FirstTsn.Add(3)]);
    }

    [Fact]
    public void What_timed_out_goes_again_before_what_is_new()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 30; i++)
        {
            wire.Send(new byte[1100]);
        }

        var first = wire.Take().SelectMany(packet => packet.Tsns).ToList();
        first[0].ShouldBe(wire.FirstTsn);
        // All of it is lost, and also the probe that asks for the last one
        var again = wire.Wait(TimeSpan.FromSeconds(8)).SelectMany(sent => sent.Packet.Tsns).ToList();

        again.ShouldContain(wire.FirstTsn);
        again.Count(tsn => tsn.IsAfter(first[^1])).ShouldBeLessThanOrEqualTo(1); // a probe at most
        wire.Give(HandmadePeer.Sack(wire.FirstTsn));
        var next = wire.Take().SelectMany(packet => packet.Tsns).ToList();
        next[0].IsAfter(first[^1]).ShouldBeFalse();
    }

    [Fact]
    public void Each_timeout_in_a_row_waits_twice_as_long_up_to_the_limit()
    {
        var wire = Wire.Established();
        wire.Send([1]);
        var times = wire.Wait(TimeSpan.FromSeconds(60))
            .Where(sent => sent.Packet.Has(ChunkType.Data))
            .Select(sent => sent.At)
            .ToList();
        var waits = times.Zip(times.Skip(1), (earlier, later) => later - earlier).Skip(2).ToList();

        waits.Count.ShouldBeGreaterThan(4);
        for (var i = 1; i < waits.Count; i++)
        {
            var expected = waits[i - 1] * 2;
            waits[i].ShouldBe(expected < RetransmissionLimit ? expected : RetransmissionLimit);
        }
    }

    [Fact]
    public void An_acknowledgement_sets_the_count_of_timeouts_back()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 4; i++)
        {
            wire.Send([(byte)i]);
            wire.Take();
            wire.Wait(TimeSpan.FromSeconds(30)); // some timeouts, fewer than the limit
            wire.Association.IsEstablished.ShouldBeTrue();
            wire.Give(HandmadePeer.Sack(wire.FirstTsn.Add(i)));
            wire.Association.TotalBufferedAmount.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public void A_peer_without_room_is_asked_by_one_chunk_at_a_time(int size)
    {
        var wire = Wire.Established();
        wire.Send([1]);
        wire.Take();
        wire.Give(Sack(wire.FirstTsn, window: 0));
        wire.Send(new byte[size]);
        wire.Send(new byte[size]);

        var asked = 0;
        while (wire.Now - Instant.Origin < TimeSpan.FromMinutes(5)) // longer than a silent peer would be given
        {
            foreach (var (_, packet) in wire.Wait(Second).Where(sent => sent.Packet.Has(ChunkType.Data)))
            {
                asked++;
                packet.Tsns.ShouldBe([wire.FirstTsn.Next]); // always the same chunk
                wire.Give(Sack(wire.FirstTsn, window: 0));
            }
        }

        asked.ShouldBeGreaterThan(SctpAssociation.MaxRetransmissions);
        wire.Association.IsEstablished.ShouldBeTrue();
        wire.Give(Sack(wire.FirstTsn.Next, window: 1_000_000));
        wire.Take().ShouldNotBeEmpty();
    }

    [Fact]
    public void A_SACK_older_than_the_one_before_changes_nothing()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 3; i++)
        {
            wire.Send([1]);
        }

        wire.Take();
        wire.Give(HandmadePeer.Sack(wire.FirstTsn.Add(1)));
        wire.Association.TotalBufferedAmount.ShouldBe(1);
        wire.Give(Sack(wire.FirstTsn, window: 0));
        wire.Association.TotalBufferedAmount.ShouldBe(1);
        wire.Association.DroppedCount.ShouldBe(1);
        wire.Send([2]);
        wire.Take().ShouldNotBeEmpty(); // the window of the old one does not count either
    }

    [Fact]
    public void Gap_blocks_alone_move_no_message_out_of_the_buffer()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 4; i++)
        {
            wire.Send([1]);
        }

        wire.Take();
        wire.Give(HandmadePeer.Sack(wire.FirstTsn.Previous, new GapAckBlock(2, 4)));
        wire.Association.TotalBufferedAmount.ShouldBe(4);
        wire.Give(HandmadePeer.Sack(wire.FirstTsn.Add(3)));
        wire.Association.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void What_is_missing_while_later_chunks_arrive_goes_again_once_and_alone()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 8; i++)
        {
            wire.Send(new byte[1100]);
        }

        wire.Take();
        var again = new List<Tsn>();
        for (ushort end = 2; end <= 8; end++)
        {
            again.AddRange(wire.Wait(TimeSpan.FromMilliseconds(1)).SelectMany(sent => sent.Packet.Tsns));
            wire.Give(HandmadePeer.Sack(wire.FirstTsn.Previous, new GapAckBlock(2, end)));
            again.AddRange(wire.Take().SelectMany(packet => packet.Tsns));
        }

        again.ShouldBe([wire.FirstTsn]); // once, and nothing that was acknowledged
    }

    [Fact]
    public void The_last_chunk_of_what_waits_asks_for_a_SACK_at_once()
    {
        var wire = Wire.Established();
        wire.Send(new byte[3000]);
        var chunks = wire.Take().SelectMany(packet => packet.Chunks).ToList();
        (chunks[^1][1] & DataChunk.ImmediateFlag).ShouldBe(DataChunk.ImmediateFlag);
    }

    [Fact]
    public void SACK_goes_first_in_a_packet_with_data()
    {
        var wire = Wire.Established();
        wire.Give(Wire.Data(0));
        wire.Send([1]);
        wire.TakeTypes().ShouldBe([ChunkType.Sack, ChunkType.Data]);
    }

    [Fact]
    public void Messages_of_one_size_less_and_one_more_than_a_packet_pass_whole()
    {
        var pair = new AssociationPair().Connect();
        var sizes = Enumerable.Range(1100, 80).Concat(Enumerable.Range(2230, 80)).ToList();
        foreach (var size in sizes)
        {
            pair.SendLeft(new byte[size]);
        }

        pair.RunUntil(() => pair.RightMessageCount == sizes.Count).ShouldBeTrue();
        pair.RightMessages.Select(message => message.Length).ShouldBe(sizes);
    }

    private static TimeSpan RetransmissionLimit => WebRtc.Sctp.Sending.RetransmissionTimeout.Max;

    // The first packets are all answered at once; what comes after them shows the rule.
    private static void PassQuickStart(Wire wire, out int next)
    {
        for (next = 0; next < SackTimer.QuickPackets; next++)
        {
            wire.Give(Wire.Data(next, number: (uint)next));
            wire.Take();
        }

        wire.Wait(Second);
    }

    private static byte[] Sack(Tsn cumulative, uint window)
    {
        var bytes = new byte[SackChunk.HeaderSize];
        var writer = new SpanWriter(bytes);
        SackChunk.Write(ref writer, cumulative, window, [], []);
        return bytes;
    }

    private static byte[] SackOf(Wire wire, out SackChunk sack)
    {
        var bytes = wire.Take().ShouldHaveSingleItem().Of(ChunkType.Sack);
        SackChunk.TryParse(bytes, out sack).ShouldBeTrue();
        return bytes;
    }
}
