using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Giving messages up (RFC 3758), from both ends.</summary>
public sealed class PartialReliabilityTests
{
    private const int Whole = DataChunk.BeginFlag | DataChunk.EndFlag;
    private static readonly SendOptions OnceOnly = new(MaxRetransmissions: 0);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Fact]
    public void An_ordered_message_below_a_number_that_was_skipped_too_early_is_delivered_at_once()
    {
        var peer = new HandmadePeer();
        peer.Give(HandmadePeer.Forward(0, (1, 1)));
        peer.Give(HandmadePeer.Data(1, stream: 1, number: 0, flags: 3, [7]));
        peer.Give(HandmadePeer.Data(2, stream: 1, number: 2, flags: 3, [8]));
        peer.TakeMessages().ShouldBe([7, 8]);
        peer.Association.IsEstablished.ShouldBeTrue();
        new MessageNumber(5).ToString().ShouldBe("5");
    }

    [Fact]
    public void Forward_tsn_is_written_as_in_RFC_3758_section_3_2()
    {
        byte[] expected = [192, 0, 0, 16, 0, 0, 0, 5, 0, 1, 0, 2, 0, 3, 0, 4];
        HandmadePeer.Forward(5, (1, 2), (3, 4)).ShouldBe(expected);

        ForwardTsnChunk.TryParse(expected, out var chunk).ShouldBeTrue();
        chunk.NewCumulativeTsn.ShouldBe(new Tsn(5));
        chunk.SkippedCount.ShouldBe(2);
        chunk.Skipped(1).ShouldBe(new SkippedStream(new StreamId(3), false, new MessageNumber(4)));
    }

    [Fact]
    public void Interleaved_forward_tsn_is_written_as_in_RFC_8260_section_2_3_1()
    {
        var bytes = new byte[24];
        var writer = new SpanWriter(bytes);
        ForwardTsnChunk.Write(
            ref writer,
            isInterleaved: true,
            new Tsn(5),
            [
                new SkippedStream(new StreamId(1), true, new MessageNumber(0x01020304)),
                new SkippedStream(new StreamId(2), false, new MessageNumber(7)),
            ]
        );

        bytes.ShouldBe([194, 0, 0, 24, 0, 0, 0, 5, 0, 1, 0, 1, 1, 2, 3, 4, 0, 2, 0, 0, 0, 0, 0, 7]);
        ForwardTsnChunk.TryParse(bytes, out var chunk).ShouldBeTrue();
        chunk.SkippedCount.ShouldBe(2);
        chunk.Skipped(0).ShouldBe(new SkippedStream(new StreamId(1), true, new MessageNumber(0x01020304)));
    }

    [Theory]
    [InlineData(192, 7)]
    [InlineData(192, 10)]
    [InlineData(194, 12)]
    [InlineData(0, 8)]
    public void Forward_tsn_that_ends_inside_an_entry_is_none(byte type, byte length)
    {
        byte[] bytes = [type, 0, 0, length, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0];
        ForwardTsnChunk.TryParse(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Announces_its_extensions_in_init_ack_and_reads_those_of_the_peer()
    {
        var features = new HandmadePeer(
            new SctpOptions { InterleavesMessages = true, AcceptsZeroChecksum = true }
        )
            .Parameters
            .Features;
        features.ShouldBe(new PeerFeatures(true, true, true, true));

        new HandmadePeer().Parameters.Features.ShouldBe(new PeerFeatures(true, true, false, false));
        new PeerFeatures(true, true, true, true)
            .ToParameters()
            .ShouldBe([0xC0, 0, 0, 4, 0x80, 8, 0, 8, 192, 130, 64, 194, 0x80, 1, 0, 8, 0, 0, 0, 1]);
    }

    [Fact]
    public void A_message_with_no_retransmissions_is_given_up_at_the_timeout()
    {
        var peer = new HandmadePeer();
        Send(peer, OnceOnly, stream: 3);
        peer.TakeTypes().ShouldBe([ChunkType.Data]);

        var sent = peer.Wait(Second * 2);

        sent.ShouldAllBe(chunk => chunk.Type == ChunkType.ForwardTsn);
        ForwardTsnChunk.TryParse(sent[0].Bytes, out var forward).ShouldBeTrue();
        forward.NewCumulativeTsn.ShouldBe(HandmadePeer.FirstTsn);
        forward.SkippedCount.ShouldBe(1);
        forward.Skipped(0).Stream.ShouldBe(new StreamId(3));
        peer.Association.TotalBufferedAmount.ShouldBe(1);
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        peer.Association.TotalBufferedAmount.ShouldBe(0);
        peer.Association.NextDeadline.ShouldNotBeNull(); // the heartbeat, and nothing of data
        peer.Wait(Second * 5).ShouldBeEmpty();
    }

    [Fact]
    public void Forward_tsn_is_repeated_until_it_is_answered_and_then_the_association_ends()
    {
        var peer = new HandmadePeer();
        Send(peer, OnceOnly);
        peer.Take();

        var sent = peer.Wait(TimeSpan.FromMinutes(5));

        sent.Count(chunk => chunk.Type == ChunkType.ForwardTsn).ShouldBe(SctpAssociation.MaxRetransmissions);
        peer.TakeEvents()[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.RetransmissionLimit));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    public void A_message_is_sent_once_and_repeated_as_often_as_allowed(int retransmissions, int expected)
    {
        var peer = new HandmadePeer();
        Send(peer, new SendOptions(MaxRetransmissions: retransmissions));

        var sent = peer.Wait(TimeSpan.FromSeconds(30));

        sent.Count(chunk => chunk.Type == ChunkType.Data).ShouldBe(expected);
        sent.ShouldContain(chunk => chunk.Type == ChunkType.ForwardTsn);
    }

    [Fact]
    public void A_message_is_repeated_until_its_life_is_over()
    {
        var peer = new HandmadePeer();
        Send(peer, new SendOptions(LifeTime: TimeSpan.FromSeconds(2.5)));

        // At 0 s, and after timeouts of 1 and 2 s; the second comes too late
        var sent = peer.Wait(TimeSpan.FromSeconds(10));

        sent.Count(chunk => chunk.Type == ChunkType.Data).ShouldBe(2);
        sent.ShouldContain(chunk => chunk.Type == ChunkType.ForwardTsn);
    }

    [Fact]
    public void A_message_that_expires_before_its_first_chunk_costs_no_number()
    {
        var peer = new HandmadePeer();
        Send(peer, new SendOptions(LifeTime: TimeSpan.FromMilliseconds(5)));
        Send(peer, new SendOptions());
        peer.Now += TimeSpan.FromMilliseconds(5);

        var sent = peer.Take();

        DataChunk.TryParse(sent.ShouldHaveSingleItem().Bytes, out var chunk).ShouldBeTrue();
        chunk.Tsn.ShouldBe(HandmadePeer.FirstTsn);
        chunk.MessageNumber.Value.ShouldBe(0U);
        peer.Association.TotalBufferedAmount.ShouldBe(1);
    }

    [Fact]
    public void A_peer_that_does_not_know_forward_tsn_gets_everything()
    {
        var peer = new HandmadePeer(features: default(PeerFeatures));
        Send(peer, OnceOnly);
        Send(peer, new SendOptions(LifeTime: TimeSpan.FromMilliseconds(5)));
        peer.Take().Count.ShouldBe(2);

        var sent = peer.Wait(TimeSpan.FromSeconds(5));

        sent.ShouldAllBe(chunk => chunk.Type == ChunkType.Data);
        sent.Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public void The_unsent_rest_of_a_message_that_is_given_up_is_never_sent_and_its_end_has_a_number()
    {
        var peer = new HandmadePeer();
        peer.Association.Send(
            new StreamId(0),
            PayloadProtocolIdentifier.Binary,
            new byte[100_000],
            OnceOnly,
            peer.Now
        );
        var before = peer.Take().Count(chunk => chunk.Type == ChunkType.Data);
        Send(peer, new SendOptions());

        var after = peer.Wait(TimeSpan.FromSeconds(1.5));

        // The message had chunks up to the window; one number more stands for its end, and then the next message goes
        ForwardTsnChunk
            .TryParse(after.First(chunk => chunk.Type == ChunkType.ForwardTsn).Bytes, out var forward)
            .ShouldBeTrue();
        forward.NewCumulativeTsn.ShouldBe(HandmadePeer.FirstTsn.Add(before));
        DataChunk
            .TryParse(after.First(chunk => chunk.Type == ChunkType.Data).Bytes, out var next)
            .ShouldBeTrue();
        next.Tsn.ShouldBe(HandmadePeer.FirstTsn.Add(before + 1));
        next.MessageNumber.Value.ShouldBe(1U);
        peer.Give(HandmadePeer.Sack(next.Tsn));
        peer.Association.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void Forward_tsn_goes_at_most_once_a_round_trip()
    {
        var peer = new HandmadePeer(new SctpOptions { RoundTripTime = TimeSpan.FromMilliseconds(100) });
        for (var i = 0; i < 65; i++)
        {
            Send(peer, OnceOnly);
        }

        peer.Take();
        var forwards = 0;
        for (var i = 5; i < 65; i++)
        {
            // Each answer tells of the same loss, 10 ms after the last one; it counts once its time is over
            peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn.Add(-1), new GapAckBlock(5, (ushort)i)));
            forwards += peer.Wait(TimeSpan.FromMilliseconds(10)).Count(c => c.Type == ChunkType.ForwardTsn);
        }

        forwards.ShouldBeInRange(2, 6);
    }

    [Fact]
    public void A_forward_tsn_names_no_more_streams_than_fit_and_the_rest_follows()
    {
        var peer = new HandmadePeer();
        const int Streams = OutboundAssociation.MaxSkippedStreams + 100;
        for (ushort i = 0; i < Streams; i++)
        {
            Send(peer, OnceOnly, i);
        }

        peer.Take().Count(chunk => chunk.Type == ChunkType.Data).ShouldBe(Streams);
        var sent = peer.Wait(TimeSpan.FromSeconds(1.1));
        ForwardTsnChunk
            .TryParse(sent.First(chunk => chunk.Type == ChunkType.ForwardTsn).Bytes, out var first)
            .ShouldBeTrue();
        first.SkippedCount.ShouldBe(OutboundAssociation.MaxSkippedStreams);
        first.NewCumulativeTsn.ShouldBe(HandmadePeer.FirstTsn.Add(OutboundAssociation.MaxSkippedStreams - 1));

        peer.Give(HandmadePeer.Sack(first.NewCumulativeTsn));
        sent = peer.Wait(Second);
        ForwardTsnChunk
            .TryParse(sent.First(chunk => chunk.Type == ChunkType.ForwardTsn).Bytes, out var second)
            .ShouldBeTrue();
        second.SkippedCount.ShouldBe(100);
    }

    [Fact]
    public void A_receiver_goes_on_behind_what_was_given_up_and_delivers_what_waited()
    {
        var peer = new HandmadePeer();
        peer.Give(HandmadePeer.Data(1, 7, 1, Whole, [1]), HandmadePeer.Data(3, 7, 3, Whole, [3]));
        peer.Give(HandmadePeer.Data(4, 7, 4, Whole, [4]));
        peer.TakeMessages().ShouldBeEmpty();

        peer.Give(HandmadePeer.Forward(2, (7, 2)));

        peer.TakeMessages().ShouldBe([1, 3, 4]);
        peer.TakeCumulativeAck().ShouldBe(4U);
    }

    [Fact]
    public void A_receiver_forgets_the_fragments_of_what_was_given_up_and_takes_the_next_message()
    {
        var peer = new HandmadePeer();
        peer.Give(
            HandmadePeer.Data(0, 1, 0, DataChunk.BeginFlag, [9]),
            HandmadePeer.Data(1, 1, 0, 0, [9]),
            HandmadePeer.Data(3, 2, 0, DataChunk.BeginFlag | DataChunk.UnorderedFlag, [9]),
            HandmadePeer.Forward(5, (1, 0)),
            HandmadePeer.Data(6, 1, 1, Whole, [6]),
            HandmadePeer.Data(7, 2, 0, Whole | DataChunk.UnorderedFlag, [7])
        );

        peer.TakeMessages().ShouldBe([6, 7]);
        peer.TakeCumulativeAck().ShouldBe(7U);
        peer.Give(HandmadePeer.Data(2, 1, 0, DataChunk.EndFlag, [9])); // too late
        peer.TakeMessages().ShouldBeEmpty();
    }

    [Fact]
    public void An_old_forward_tsn_gets_a_sack_and_changes_nothing()
    {
        var peer = new HandmadePeer();
        peer.Give(HandmadePeer.Data(0, 1, 0, Whole, [1]), HandmadePeer.Data(1, 1, 1, Whole, [2]));
        peer.Take();

        peer.Give(HandmadePeer.Forward(0, (1, 9)));

        peer.TakeCumulativeAck().ShouldBe(1U);
        peer.Give(HandmadePeer.Data(2, 1, 2, Whole, [3]));
        peer.TakeMessages().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_forward_tsn_beyond_the_window_is_dropped()
    {
        var peer = new HandmadePeer();
        var dropped = peer.Association.DroppedCount;

        peer.Give(HandmadePeer.Forward(TsnBitmap.Capacity));
        peer.Give(HandmadePeer.Forward(0x7FFF_FFFE));
        peer.Association.DroppedCount.ShouldBe(dropped + 2);
        peer.Give(HandmadePeer.Forward(TsnBitmap.Capacity - 1));

        peer.TakeCumulativeAck().ShouldBe((uint)TsnBitmap.Capacity - 1);
        peer.Association.DroppedCount.ShouldBe(dropped + 2);
    }

    [Fact]
    public void Only_the_first_forward_tsn_of_a_packet_counts()
    {
        var peer = new HandmadePeer();

        peer.Give(HandmadePeer.Forward(5), HandmadePeer.Forward(9));

        peer.TakeCumulativeAck().ShouldBe(5U);
    }

    [Fact]
    public void A_forward_tsn_may_not_name_more_streams_than_a_peer_may_use()
    {
        var peer = new HandmadePeer();
        for (uint i = 0; i <= 5 && peer.Association.IsEstablished; i++)
        {
            var streams = Enumerable.Range((int)i * 240, 240).Select(s => ((ushort)s, (ushort)0));
            peer.Give(HandmadePeer.Forward(i, [.. streams]));
        }

        peer.TakeEvents()[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.OutOfResource));
    }

    [Fact]
    public void A_forward_tsn_for_the_stream_that_no_channel_may_have_is_taken_without_it()
    {
        var peer = new HandmadePeer();
        peer.Give(HandmadePeer.Forward(3, (65535, 4)));
        peer.TakeCumulativeAck().ShouldBe(3U);
    }

    [Fact]
    public void A_peer_that_did_not_announce_it_gets_an_error_for_forward_tsn()
    {
        var peer = new HandmadePeer(features: default(PeerFeatures));
        peer.Give(HandmadePeer.Forward(3));
        peer.TakeTypes().ShouldBe([ChunkType.Error]);
    }

    [Fact]
    public void Sequence_numbers_wrap_over_what_was_given_up()
    {
        var peer = new HandmadePeer();
        peer.Give(HandmadePeer.Forward(0, (1, 30_000)));
        peer.Give(HandmadePeer.Forward(1, (1, 60_000)));
        peer.Give(HandmadePeer.Data(3, 1, 2, Whole, [2]), HandmadePeer.Data(4, 1, 65_535, Whole, [1]));

        peer.Give(HandmadePeer.Forward(2, (1, 1)));

        peer.TakeMessages().ShouldBe([1, 2]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Over_a_path_with_loss_what_comes_is_whole_and_in_order_and_reliable_streams_lose_nothing(
        int seed
    )
    {
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(20),
            loss: 0.1,
            duplication: 0.02,
            options: new SctpOptions { InterleavesMessages = seed % 2 == 0 }
        ).Connect();
        var random = new Random(seed);
        for (var i = 0; i < 120; i++)
        {
            var message = new byte[random.Next(1, 6000)];
            Array.Fill(message, (byte)i);
            var stream = (ushort)(i % 4);
            var options = stream switch
            {
                0 => new SendOptions(),
                1 => new SendOptions(MaxRetransmissions: random.Next(2)),
                2 => new SendOptions(IsUnordered: true, MaxRetransmissions: 0),
                _ => new SendOptions(LifeTime: TimeSpan.FromMilliseconds(random.Next(1, 60))),
            };
            pair.SendLeft(message, options, stream);
            pair.RunFor(TimeSpan.FromMilliseconds(random.Next(5)));
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0, TimeSpan.FromSeconds(60))
            .ShouldBeTrue($"seed {seed}");
        pair.RunFor(Second * 5);

        var received = pair.RightEvents.OfType<SctpEvent.MessageReceived>().ToList();
        received.TrueForAll(message => IsUniform(message.Payload.Span)).ShouldBeTrue($"seed {seed}");
        Numbers(received, 0).ShouldBe(Enumerable.Range(0, 30).Select(i => i * 4), $"seed {seed}");
        Numbers(received, 1).ShouldBeInOrder();
        Numbers(received, 3).ShouldBeInOrder();
        received.Count.ShouldBeLessThan(120, $"seed {seed}");
        received.Select(message => message.Payload.Span[0]).Distinct().Count().ShouldBe(received.Count);
        pair.LeftEvents.ShouldAllBe(e => e is SctpEvent.Connected);
        pair.RightEvents.OfType<SctpEvent.Closed>().ShouldBeEmpty();

        // Nothing is left over: reliable messages pass on every stream
        for (ushort stream = 0; stream < 4; stream++)
        {
            pair.SendLeft([200], stream);
        }

        pair.RunUntil(() => pair.RightMessageCount == received.Count + 4, Second * 10)
            .ShouldBeTrue($"seed {seed}");
    }

    private static bool IsUniform(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(bytes[0]) < 0;

    private static List<int> Numbers(IEnumerable<SctpEvent.MessageReceived> messages, ushort stream) =>
        [
            .. messages
                .Where(message => message.Stream.Value == stream)
                .Select(message => (int)message.Payload.Span[0]),
        ];

    private static void Send(HandmadePeer peer, SendOptions options, ushort stream = 0) =>
        peer.Association.Send(new StreamId(stream), PayloadProtocolIdentifier.Binary, [1], options, peer.Now);
}
