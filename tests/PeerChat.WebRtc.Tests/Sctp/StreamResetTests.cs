using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Resets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Streams that begin anew (RFC 6525), from both ends.</summary>
public sealed class StreamResetTests
{
    private const int Whole = DataChunk.BeginFlag | DataChunk.EndFlag;
    private const uint PeersFirst = 0; // the number of the handmade peer's first request: its first TSN
    private static readonly StreamId Stream = new(5);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Fact]
    public void An_outgoing_reset_request_is_written_as_in_RFC_6525_section_4_1()
    {
        var bytes = new OutgoingResetRequest(1, 2, new Tsn(3), [new StreamId(4), new StreamId(5)]).ToBytes();

        bytes.ShouldBe([0, 13, 0, 20, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 5]);
        ReconfigurationChunk
            .Create(bytes)
            .ShouldBe([130, 0, 0, 24, 0, 13, 0, 20, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 5]);
        OutgoingResetRequest.TryParse(bytes, out var request).ShouldBeTrue();
        request.LastTsn.ShouldBe(new Tsn(3));
        request.Streams.ShouldBe([new StreamId(4), new StreamId(5)]);
        OutgoingResetRequest.TryParse(bytes.AsSpan(0, 19), out _).ShouldBeFalse();
        OutgoingResetRequest.TryParse(bytes.AsSpan(0, 14), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_response_is_written_as_in_RFC_6525_section_4_4()
    {
        var response = new ReconfigurationResponse(7, ResetResult.InProgress);

        response.ToBytes().ShouldBe([0, 16, 0, 12, 0, 0, 0, 7, 0, 0, 0, 6]);
        ReconfigurationResponse.TryParse(response.ToBytes(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(response);
        ReconfigurationResponse.TryParse(response.ToBytes().AsSpan(0, 11), out _).ShouldBeFalse();
    }

    [Fact]
    public void Only_parameters_that_may_stand_together_are_taken()
    {
        var request = Request(PeersFirst, lastTsn: uint.MaxValue);
        var response = new ReconfigurationResponse(9, ResetResult.Performed).ToBytes();

        ReconfigurationChunk.TryParse(ReconfigurationChunk.Create(request, response), out _).ShouldBeTrue();
        ReconfigurationChunk.TryParse(ReconfigurationChunk.Create(response, response), out _).ShouldBeTrue();
        ReconfigurationChunk.TryParse(ReconfigurationChunk.Create(request, request), out _).ShouldBeFalse();
        ReconfigurationChunk
            .TryParse(ReconfigurationChunk.Create(request, [.. response, .. response]), out _)
            .ShouldBeFalse();
        ReconfigurationChunk.TryParse([130, 0, 0, 4], out _).ShouldBeFalse();
    }

    [Fact]
    public void A_request_goes_only_once_all_data_of_the_stream_is_acknowledged()
    {
        var peer = new HandmadePeer();
        Send(peer);
        peer.Association.ResetStream(Stream, peer.Now);

        peer.TakeTypes().ShouldBe([ChunkType.Data]);
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        var request = TakeRequest(peer);

        request.Number.ShouldBe(HandmadePeer.FirstTsn.Value);
        request.LastTsn.ShouldBe(HandmadePeer.FirstTsn);
        request.Streams.ShouldBe([Stream]);
        Should.Throw<InvalidOperationException>(() => Send(peer));
    }

    [Fact]
    public void A_message_that_expires_in_the_queue_does_not_hold_the_request_up()
    {
        var peer = new HandmadePeer();
        peer.Association.Send(
            Stream,
            PayloadProtocolIdentifier.Binary,
            [1],
            new SendOptions(LifeTime: TimeSpan.FromMilliseconds(1)),
            peer.Now
        );
        peer.Association.ResetStream(Stream, peer.Now);
        peer.Now += TimeSpan.FromMilliseconds(1);

        peer.TakeTypes().ShouldBe([ChunkType.Reconfiguration]);
    }

    [Fact]
    public void After_the_reset_numbers_begin_at_zero_and_the_next_request_has_the_next_number()
    {
        var peer = new HandmadePeer();
        Send(peer);
        peer.Take();
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        peer.Association.ResetStream(Stream, peer.Now);
        var first = TakeRequest(peer);

        Answer(peer, first.Number, ResetResult.Performed);

        var reset = peer.TakeEvents().ShouldHaveSingleItem().ShouldBeOfType<SctpEvent.StreamsReset>();
        reset.Streams.ShouldBe([Stream]);
        reset.IsDone.ShouldBeTrue();
        Send(peer);
        DataChunk.TryParse(peer.Take().ShouldHaveSingleItem().Bytes, out var data).ShouldBeTrue();
        data.MessageNumber.Value.ShouldBe(0U);
        data.Tsn.ShouldBe(HandmadePeer.FirstTsn.Next);
        peer.Give(HandmadePeer.Sack(data.Tsn));
        peer.Association.ResetStream(Stream, peer.Now);
        TakeRequest(peer).Number.ShouldBe(0xFFFF_FFFFU);
    }

    [Fact]
    public void One_request_is_under_way_at_a_time_and_the_next_takes_all_that_waited()
    {
        var peer = new HandmadePeer();
        peer.Association.ResetStream(new StreamId(1), peer.Now);
        peer.Association.ResetStream(new StreamId(2), peer.Now);
        peer.Association.ResetStream(new StreamId(3), peer.Now);
        var first = TakeRequest(peer);
        first.Streams.ShouldBe([new StreamId(1)]);

        Answer(peer, first.Number, ResetResult.Performed);

        TakeRequest(peer).Streams.ShouldBe([new StreamId(2), new StreamId(3)]);
    }

    [Fact]
    public void A_request_names_at_most_256_streams()
    {
        var peer = new HandmadePeer();
        peer.Association.ResetStream(Stream, peer.Now);
        for (ushort i = 100; i < 100 + OutgoingResets.MaxStreamsPerRequest + 1; i++)
        {
            peer.Association.ResetStream(new StreamId(i), peer.Now);
        }

        Answer(peer, TakeRequest(peer).Number, ResetResult.Performed);
        var second = TakeRequest(peer);
        second.Streams.Count.ShouldBe(OutgoingResets.MaxStreamsPerRequest);
        Answer(peer, second.Number, ResetResult.Performed);
        TakeRequest(peer).Streams.Count.ShouldBe(1);
    }

    [Fact]
    public void A_request_without_an_answer_is_repeated_the_same_and_then_the_association_ends()
    {
        var peer = new HandmadePeer();
        peer.Association.ResetStream(Stream, peer.Now);

        var sent = peer.Wait(TimeSpan.FromMinutes(5));

        var requests = sent.Where(chunk => chunk.Type == ChunkType.Reconfiguration).ToList();
        requests.Count.ShouldBe(SctpAssociation.MaxRetransmissions + 1);
        requests.ShouldAllBe(chunk => chunk.Bytes.SequenceEqual(requests[0].Bytes));
        peer.TakeEvents()[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.RetransmissionLimit));
    }

    [Fact]
    public void A_peer_that_says_in_progress_is_asked_again_with_the_same_number_for_as_long_as_it_takes()
    {
        var peer = new HandmadePeer();
        peer.Association.ResetStream(Stream, peer.Now);
        var first = TakeRequest(peer);
        for (var i = 0; i < 50; i++)
        {
            Answer(peer, first.Number, ResetResult.InProgress);
            peer.Wait(TimeSpan.FromSeconds(10))
                .Where(chunk => chunk.Type == ChunkType.Reconfiguration)
                .ShouldAllBe(chunk => RequestOf(chunk.Bytes).Number == first.Number);
        }

        peer.Association.IsEstablished.ShouldBeTrue();
        Answer(peer, first.Number, ResetResult.Performed);
        peer.TakeEvents().ShouldHaveSingleItem().ShouldBeOfType<SctpEvent.StreamsReset>();
    }

    [Theory]
    [InlineData(ResetResult.Denied)]
    [InlineData(ResetResult.WrongStream)]
    [InlineData(ResetResult.BadSequenceNumber)]
    [InlineData((ResetResult)77)]
    internal void A_refusal_is_told_and_the_stream_goes_on_with_its_numbers(ResetResult result)
    {
        var peer = new HandmadePeer();
        Send(peer);
        peer.Take();
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        peer.Association.ResetStream(Stream, peer.Now);

        Answer(peer, TakeRequest(peer).Number, result);

        peer.TakeEvents()
            .ShouldHaveSingleItem()
            .ShouldBeOfType<SctpEvent.StreamsReset>()
            .IsDone.ShouldBeFalse();
        Send(peer);
        DataChunk.TryParse(peer.Take().ShouldHaveSingleItem().Bytes, out var data).ShouldBeTrue();
        data.MessageNumber.Value.ShouldBe(1U);
    }

    [Fact]
    public void Answers_to_requests_that_were_never_made_change_nothing()
    {
        var peer = new HandmadePeer();
        Answer(peer, HandmadePeer.FirstTsn.Value, ResetResult.Performed);
        peer.Association.ResetStream(Stream, peer.Now);
        var request = TakeRequest(peer);
        Answer(peer, request.Number - 1, ResetResult.Performed);
        Answer(peer, request.Number + 1, ResetResult.Performed);
        peer.TakeEvents().ShouldBeEmpty();

        Answer(peer, request.Number, ResetResult.Performed);
        Answer(peer, request.Number, ResetResult.Performed);
        peer.TakeEvents().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_reset_of_the_peer_comes_after_its_messages_and_numbers_begin_at_zero()
    {
        var peer = new HandmadePeer();
        peer.Give(
            HandmadePeer.Data(0, 5, 0, Whole, [1]),
            HandmadePeer.Data(1, 5, 1, Whole, [2]),
            ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: 1)),
            HandmadePeer.Data(2, 5, 0, Whole, [3])
        );

        peer.TakeEvents()
            .Select(e => e.GetType())
            .ShouldBe([
                typeof(SctpEvent.MessageReceived),
                typeof(SctpEvent.MessageReceived),
                typeof(SctpEvent.PeerResetStreams),
                typeof(SctpEvent.MessageReceived),
            ]);
        TakeAnswer(peer).ShouldBe(new ReconfigurationResponse(PeersFirst, ResetResult.Performed));
    }

    [Fact]
    public void A_repeated_request_gets_the_same_answer_and_resets_nothing_again()
    {
        var peer = new HandmadePeer();
        var chunk = ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: uint.MaxValue));
        peer.Give(chunk);
        TakeAnswer(peer).Result.ShouldBe(ResetResult.Performed);
        peer.Give(HandmadePeer.Data(0, 5, 0, Whole, [1]));
        peer.TakeEvents().Count.ShouldBe(2);
        peer.Take();

        peer.Give(chunk);

        TakeAnswer(peer).Result.ShouldBe(ResetResult.Performed);
        peer.TakeEvents().ShouldBeEmpty();
        peer.Give(HandmadePeer.Data(1, 5, 1, Whole, [2]));
        peer.TakeMessages().ShouldBe([2]);
    }

    [Theory]
    [InlineData(PeersFirst + 1)]
    [InlineData(uint.MaxValue)]
    [InlineData(0x8000_0000U)]
    public void A_request_out_of_its_turn_is_refused(uint number)
    {
        var peer = new HandmadePeer();
        peer.Give(ReconfigurationChunk.Create(Request(number, lastTsn: uint.MaxValue)));
        TakeAnswer(peer).ShouldBe(new ReconfigurationResponse(number, ResetResult.BadSequenceNumber));
        peer.TakeEvents().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)] // as the RFC says
    [InlineData(1)] // as libwebrtc does
    public void A_request_that_came_before_its_data_is_in_progress_until_it_is_asked_again(uint step)
    {
        var peer = new HandmadePeer();
        peer.Give(ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: 0)));
        TakeAnswer(peer).Result.ShouldBe(ResetResult.InProgress);
        peer.Give(ReconfigurationChunk.Create(Request(PeersFirst + step, lastTsn: 0)));
        TakeAnswer(peer).Result.ShouldBe(ResetResult.InProgress);
        peer.TakeEvents().ShouldBeEmpty();

        peer.Give(
            HandmadePeer.Data(0, 5, 0, Whole, [1]),
            ReconfigurationChunk.Create(Request(PeersFirst + (2 * step), lastTsn: 0))
        );

        TakeAnswer(peer).ShouldBe(new ReconfigurationResponse(2 * step, ResetResult.Performed));
        peer.TakeEvents().Count.ShouldBe(2);
    }

    [Fact]
    public void A_request_in_progress_is_done_and_answered_as_soon_as_its_data_is_there()
    {
        var peer = new HandmadePeer();
        peer.Give(
            HandmadePeer.Data(1, 5, 1, Whole, [2]),
            ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: 1))
        );
        TakeAnswer(peer).Result.ShouldBe(ResetResult.InProgress);

        peer.Give(HandmadePeer.Data(0, 5, 0, Whole, [1]));

        TakeAnswer(peer).ShouldBe(new ReconfigurationResponse(PeersFirst, ResetResult.Performed));
        var events = peer.TakeEvents();
        events.Count.ShouldBe(3);
        events[2].ShouldBeOfType<SctpEvent.PeerResetStreams>().Streams.ShouldBe([Stream]);
    }

    [Fact]
    public void A_request_without_streams_resets_all_and_forgets_what_waits_for_order()
    {
        var peer = new HandmadePeer();
        peer.Give(
            HandmadePeer.Data(0, 5, 3, Whole, [1]),
            HandmadePeer.Data(1, 6, 0, DataChunk.BeginFlag, [2]),
            ReconfigurationChunk.Create(new OutgoingResetRequest(PeersFirst, 0, new Tsn(1), []).ToBytes()),
            HandmadePeer.Data(2, 5, 0, Whole, [3]),
            HandmadePeer.Data(3, 6, 0, Whole, [4])
        );
        peer.TakeMessages().ShouldBe([3, 4]);
    }

    [Fact]
    public void Resets_give_the_streams_back_so_that_a_peer_can_use_new_ones()
    {
        var peer = new HandmadePeer();
        for (uint i = 0; i < 5000; i++)
        {
            peer.Give(
                HandmadePeer.Data(i, (ushort)i, 0, Whole, [1]),
                ReconfigurationChunk.Create(
                    new OutgoingResetRequest(i, 0, new Tsn(i), [new StreamId((ushort)i)]).ToBytes()
                )
            );
            peer.Take();
        }

        peer.Association.IsEstablished.ShouldBeTrue();
        peer.TakeMessages().Count.ShouldBe(5000);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public void Other_requests_are_denied_and_take_their_number(byte type)
    {
        var peer = new HandmadePeer();
        peer.Give(ReconfigurationChunk.Create([0, type, 0, 12, 0, 0, 0, 0, 0, 1, 0, 0]));
        TakeAnswer(peer).ShouldBe(new ReconfigurationResponse(PeersFirst, ResetResult.Denied));
        peer.Give(ReconfigurationChunk.Create(Request(PeersFirst + 1, lastTsn: uint.MaxValue)));
        TakeAnswer(peer).Result.ShouldBe(ResetResult.Performed);
    }

    [Fact]
    public void A_packet_full_of_requests_gets_no_more_than_two_answers()
    {
        var peer = new HandmadePeer();
        var chunk = ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: uint.MaxValue));
        peer.Give([.. Enumerable.Repeat(chunk, 20)]);
        peer.TakeTypes().Count(type => type == ChunkType.Reconfiguration).ShouldBe(2);
    }

    [Fact]
    public void A_peer_that_did_not_announce_it_cannot_be_asked_and_is_not_answered()
    {
        var peer = new HandmadePeer(features: default(PeerFeatures));
        peer.Association.CanResetStreams.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => peer.Association.ResetStream(Stream, peer.Now));
        peer.Give(ReconfigurationChunk.Create(Request(PeersFirst, lastTsn: uint.MaxValue)));
        peer.TakeTypes().ShouldBeEmpty(); // 130: skipped without a word
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Both_sides_reset_at_once_again_and_again_over_a_bad_path_and_lose_no_message(int seed)
    {
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(30),
            loss: 0.1,
            duplication: 0.05,
            options: new SctpOptions { InterleavesMessages = seed % 2 == 0 }
        ).Connect();
        for (var round = 0; round < 8; round++)
        {
            var (left, right) = (Resets(pair.LeftEvents), Resets(pair.RightEvents));
            for (var i = 0; i < 5; i++)
            {
                pair.SendLeft([(byte)round, (byte)i, .. new byte[500 * i]], stream: 1);
                pair.SendLeft([99], stream: 2); // a stream that goes on
                pair.Right.Send(
                    new StreamId(1),
                    PayloadProtocolIdentifier.Binary,
                    [(byte)round, (byte)i],
                    false,
                    pair.Now
                );
            }

            pair.Left.ResetStream(new StreamId(1), pair.Now);
            pair.Right.ResetStream(new StreamId(1), pair.Now);
            pair.RunUntil(
                    () => Resets(pair.LeftEvents) == left + 2 && Resets(pair.RightEvents) == right + 2,
                    TimeSpan.FromSeconds(60)
                )
                .ShouldBeTrue($"seed {seed}, round {round}");
        }

        pair.RunFor(TimeSpan.FromSeconds(5));
        var expected = Enumerable.Range(0, 40).Select(i => ((i / 5) * 10) + (i % 5));
        foreach (var events in new[] { pair.LeftEvents, pair.RightEvents })
        {
            events
                .OfType<SctpEvent.MessageReceived>()
                .Where(message => message.Stream.Value == 1)
                .Select(message => (message.Payload.Span[0] * 10) + message.Payload.Span[1])
                .ShouldBe(expected, $"seed {seed}");
        }
    }

    private static int Resets(IEnumerable<SctpEvent> events) =>
        events.Count(e => e is SctpEvent.PeerResetStreams or SctpEvent.StreamsReset { IsDone: true });

    private static void Send(HandmadePeer peer) =>
        peer.Association.Send(Stream, PayloadProtocolIdentifier.Binary, [1], false, peer.Now);

    private static byte[] Request(uint number, uint lastTsn) =>
        new OutgoingResetRequest(number, 0, new Tsn(lastTsn), [Stream]).ToBytes();

    private static OutgoingResetRequest RequestOf(byte[] chunk)
    {
        ReconfigurationChunk.TryParse(chunk, out var parsed).ShouldBeTrue();
        OutgoingResetRequest.TryParse(parsed.First, out var request).ShouldBeTrue();
        return request;
    }

    private static OutgoingResetRequest TakeRequest(HandmadePeer peer) =>
        RequestOf(peer.Take().Single(chunk => chunk.Type == ChunkType.Reconfiguration).Bytes);

    private static ReconfigurationResponse TakeAnswer(HandmadePeer peer)
    {
        var bytes = peer.Take().Single(chunk => chunk.Type == ChunkType.Reconfiguration).Bytes;
        ReconfigurationChunk.TryParse(bytes, out var chunk).ShouldBeTrue();
        ReconfigurationResponse.TryParse(chunk.First, out var response).ShouldBeTrue();
        return response;
    }

    private static void Answer(HandmadePeer peer, uint number, ResetResult result) =>
        peer.Give(ReconfigurationChunk.Create(new ReconfigurationResponse(number, result).ToBytes()));
}
