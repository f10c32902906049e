using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Sctp.Sending;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>Numbers that come to the end of their circle while data is under way and part of it is lost.</summary>
public sealed class SerialNumberWrapTests
{
    private const int Whole = DataChunk.BeginFlag | DataChunk.EndFlag;
    private const uint Last = uint.MaxValue;

    public static TheoryData<int, bool> Paths
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (var seed = 1; seed <= 8; seed++)
            {
                data.Add(seed, false);
                data.Add(seed, true);
            }

            return data;
        }
    }

    /// <summary>Every chunk is the first behind the end of the circle once, and messages lie across it.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void TSNs_wrap_both_ways_in_the_middle_of_large_messages_with_loss(int seed, bool interleaves)
    {
        var options = new SctpOptions
        {
            InitialTsn = Last - (uint)(seed * 7),
            InterleavesMessages = interleaves,
        };
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(12),
            loss: 0.08,
            duplication: 0.05,
            options: options
        ).Connect();
        for (var i = 0; i < 40; i++)
        {
            pair.SendLeft(Message(i, 4000), (ushort)(i % 3), unordered: i % 5 == 4);
            pair.Right.Send(
                new StreamId(7),
                PayloadProtocolIdentifier.Binary,
                Message(i, 2500),
                unordered: false,
                pair.Now
            );
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0 && pair.Right.TotalBufferedAmount == 0)
            .ShouldBeTrue();
        pair.RunFor(TimeSpan.FromSeconds(1));

        Payloads(pair.LeftEvents)
            .ShouldBe(Enumerable.Range(0, 40).Select(i => Convert.ToHexString(Message(i, 2500))));
        Payloads(pair.RightEvents)
            .Order()
            .ShouldBe(Enumerable.Range(0, 40).Select(i => Convert.ToHexString(Message(i, 4000))).Order());
        for (ushort stream = 0; stream < 3; stream++)
        {
            pair.RightEvents.OfType<SctpEvent.MessageReceived>()
                .Where(e => e.Stream.Value == stream)
                .Select(e => (int)e.Payload.Span[0])
                .Where(i => i % 5 != 4)
                .ShouldBe(Enumerable.Range(0, 40).Where(i => i % 3 == stream && i % 5 != 4));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void TSNs_wrap_while_messages_are_given_up(int seed, bool interleaves)
    {
        var options = new SctpOptions { InitialTsn = Last - 20, InterleavesMessages = interleaves };
        var pair = new AssociationPair(seed, loss: 0.2, options: options).Connect();
        for (var i = 0; i < 60; i++)
        {
            pair.SendLeft(Message(i, 1500), new SendOptions(MaxRetransmissions: 0), stream: 1);
            pair.SendLeft(Message(i, 700), stream: 2);
            pair.RunFor(TimeSpan.FromMilliseconds(3));
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();
        pair.RunFor(TimeSpan.FromSeconds(2));
        OnStream(pair, 2).ShouldBe(Enumerable.Range(0, 60));
        OnStream(pair, 1).ShouldBeInOrder();
        OnStream(pair, 1).Distinct().Count().ShouldBeInRange(10, 59);
    }

    [Fact]
    public void Message_identifiers_of_a_receiver_wrap_with_messages_that_wait_on_both_sides_of_the_end()
    {
        var queue = new ReassemblyQueue(1000, isInterleaved: true);
        SkipTo(queue, 0x7000_0000);
        SkipTo(queue, 0xE000_0000);
        SkipTo(queue, Last - 2);
        foreach (var number in new[] { 2u, Last, 0u, 1u }) // Last - 1 comes last, and all the others wait for it
        {
            queue.Add(Interleaved(number, 0, Whole)).ShouldBeNull();
            queue.TryTake(out _).ShouldBeFalse();
        }

        queue.Add(Interleaved(Last - 1, 0, Whole)).ShouldBeNull();
        foreach (var number in new[] { Last - 1, Last, 0u, 1u, 2u })
        {
            queue.TryTake(out var message).ShouldBeTrue();
            message.Number.Value.ShouldBe(number);
        }

        queue.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Sequence_numbers_of_a_receiver_wrap_with_messages_that_wait_on_both_sides_of_the_end()
    {
        var queue = new ReassemblyQueue(1000, isInterleaved: false);
        Span<byte> bytes = HandmadePeer.Forward(50, (1, 0x7000));
        Skip(queue, bytes);
        Skip(queue, HandmadePeer.Forward(60, (1, 0xE000)));
        Skip(queue, HandmadePeer.Forward(70, (1, 0xFFFD)));
        uint tsn = 100;
        foreach (var number in new[] { 1u, 0xFFFFu, 0u })
        {
            Add(queue, HandmadePeer.Data(tsn++, 1, number, Whole, [1]));
            queue.TryTake(out _).ShouldBeFalse();
        }

        Add(queue, HandmadePeer.Data(tsn, 1, 0xFFFE, Whole, [1]));
        foreach (var number in new[] { 0xFFFEu, 0xFFFFu, 0u, 1u })
        {
            queue.TryTake(out var message).ShouldBeTrue();
            message.Number.Value.ShouldBe(number);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Message_identifiers_of_a_sender_wrap(bool isUnordered)
    {
        var buffer = new SendBuffer();
        var queue = new SendQueue(buffer) { Interleaves = true };
        var numbers = new List<uint>();
        for (var i = 0; i < 4; i++)
        {
            var message = new OutgoingMessage(new(3), PayloadProtocolIdentifier.Binary, isUnordered, [1]);
            buffer.Add(message.Stream, 1);
            queue.Add(message);
            if (i == 0)
            {
                SetNext(queue, new StreamId(3), new MessageNumber(Last - 1));
            }

            var next = queue.Peek(Instant.Origin, 1000).ShouldNotBeNull();
            queue.Start(next);
            queue.Advance(1);
            numbers.Add(next.Number.Value);
        }

        numbers.ShouldBe([Last - 1, Last, 0, 1]);
    }

    /// <summary>
    /// A message has at most 2 MiB, so its fragments are never so many that their 32-bit numbers wrap; a peer that names the last number
    /// is taken by its word until the message ends, and is not taken for the one before the first.
    /// </summary>
    [Fact]
    public void A_fragment_with_the_last_number_is_never_joined_with_the_first()
    {
        var queue = new ReassemblyQueue(1000, isInterleaved: true);
        queue.Add(Interleaved(0, Last, 0)).ShouldBeNull();
        queue.Add(Interleaved(0, 0, DataChunk.BeginFlag)).ShouldBe(SctpCloseReason.ProtocolViolation);

        queue = new ReassemblyQueue(1000, isInterleaved: true);
        queue.Add(Interleaved(0, 0, DataChunk.BeginFlag)).ShouldBeNull();
        queue.Add(Interleaved(0, Last, DataChunk.EndFlag)).ShouldBeNull();
        queue.TryTake(out _).ShouldBeFalse();
        queue.Add(Interleaved(0, 1, DataChunk.EndFlag)).ShouldBeNull();
        queue.TryTake(out var message).ShouldBeTrue();
        message.Payload.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Numbers_of_reset_requests_wrap_with_loss(int seed)
    {
        var options = new SctpOptions { InitialTsn = Last - 3 }; // which is also the number of the first request
        var pair = new AssociationPair(seed, loss: 0.15, options: options).Connect();
        var stream = new StreamId(4);
        for (var round = 0; round < 10; round++)
        {
            pair.SendLeft([(byte)round], stream.Value);
            pair.RunUntil(() => pair.RightMessageCount == round + 1).ShouldBeTrue();
            pair.Left.ResetStream(stream, pair.Now);
            pair.RunUntil(() => pair.LeftEvents.OfType<SctpEvent.StreamsReset>().Count() == round + 1)
                .ShouldBeTrue();
        }

        pair.LeftEvents.OfType<SctpEvent.StreamsReset>().ShouldAllBe(e => e.IsDone);
        pair.RightEvents.OfType<SctpEvent.PeerResetStreams>().Count().ShouldBe(10);
        pair.RightMessages.Select(message => (int)message[0]).ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public void Gap_blocks_and_duplicates_are_right_across_the_end()
    {
        var wire = new HandmadePeer(); // whose first TSN is two before the end; the peer's is 0
        for (var i = 0; i < 6; i++)
        {
            wire.Association.Send(new StreamId(0), PayloadProtocolIdentifier.Binary, [1], false, wire.Now);
        }

        wire.Take();
        wire.Give(
            HandmadePeer.Sack(HandmadePeer.FirstTsn.Previous, new GapAckBlock(2, 3), new GapAckBlock(5, 6))
        );
        wire.Association.TotalBufferedAmount.ShouldBe(6);
        wire.Give(HandmadePeer.Sack(new Tsn(0), new GapAckBlock(2, 3)));
        wire.Association.TotalBufferedAmount.ShouldBe(3);
        wire.Give(HandmadePeer.Sack(new Tsn(Last))); // older than the one before
        wire.Association.TotalBufferedAmount.ShouldBe(3);
        wire.Give(HandmadePeer.Sack(new Tsn(3)));
        wire.Association.TotalBufferedAmount.ShouldBe(0);
    }

    private static List<int> OnStream(AssociationPair pair, ushort stream) =>
        [
            .. pair
                .RightEvents.OfType<SctpEvent.MessageReceived>()
                .Where(e => e.Stream.Value == stream)
                .Select(e => (int)e.Payload.Span[0]),
        ];

    private static IEnumerable<string> Payloads(IEnumerable<SctpEvent> events) =>
        events.OfType<SctpEvent.MessageReceived>().Select(e => Convert.ToHexString(e.Payload.Span));

    private static byte[] Message(int number, int size)
    {
        var message = new byte[size];
        new Random(number).NextBytes(message);
        message[0] = (byte)number;
        return message;
    }

    private static DataChunk Interleaved(uint number, uint fragment, int flags) =>
        new()
        {
            IsInterleaved = true,
            Flags = (byte)flags,
            Tsn = new Tsn(1),
            Stream = new StreamId(1),
            MessageNumber = new MessageNumber(number),
            FragmentNumber = fragment,
            Ppid = PayloadProtocolIdentifier.Binary,
            Payload = [1],
        };

    private static void SkipTo(ReassemblyQueue queue, uint number)
    {
        var bytes = new byte[16];
        var writer = new SpanWriter(bytes);
        ForwardTsnChunk.Write(
            ref writer,
            isInterleaved: true,
            new Tsn(1),
            [new SkippedStream(new StreamId(1), false, new MessageNumber(number))]
        );
        Skip(queue, bytes);
    }

    private static void Skip(ReassemblyQueue queue, ReadOnlySpan<byte> bytes)
    {
        ForwardTsnChunk.TryParse(bytes, out var chunk).ShouldBeTrue();
        queue.Skip(chunk).ShouldBeNull();
    }

    private static void Add(ReassemblyQueue queue, byte[] bytes)
    {
        DataChunk.TryParse(bytes, out var chunk).ShouldBeTrue();
        queue.Add(chunk).ShouldBeNull();
    }

    [System.Runtime.CompilerServices.UnsafeAccessor(
        System.Runtime.CompilerServices.UnsafeAccessorKind.Field,
        Name = "_streams"
    )]
    private static extern ref Dictionary<StreamId, OutboundStream> StreamsOf(SendQueue queue);

    private static void SetNext(SendQueue queue, StreamId id, MessageNumber number)
    {
        var stream = StreamsOf(queue)[id];
        stream.NextOrdered = number;
        stream.NextUnordered = number;
    }
}
