using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Whose turn it is to send (RFC 8260 section 3.6).</summary>
public sealed class SendQueueTests
{
    private const int ChunkSize = 1000;
    private readonly SendBuffer _buffer = new();
    private readonly SendQueue _queue;

    public SendQueueTests() => _queue = new SendQueue(_buffer);

    [Fact]
    public void Equal_streams_take_turns_chunk_by_chunk_when_messages_may_be_interleaved()
    {
        _queue.Interleaves = true;
        Add(1, 3000);
        Add(2, 3000);
        Take(6).ShouldBe([1, 2, 1, 2, 1, 2]);
        _queue.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Without_interleaving_no_turn_ends_inside_a_message()
    {
        Add(1, 3000);
        Add(1, 3000);
        Add(2, 2000);
        Take(1).ShouldBe([1]);
        Add(3, 1);
        Take(8).ShouldBe([1, 1, 3, 2, 2, 1, 1, 1]);
    }

    [Fact]
    public void Weights_share_what_is_sent()
    {
        _queue.Interleaves = true;
        _queue.SetWeight(new StreamId(1), 128);
        _queue.SetWeight(new StreamId(2), 512);
        _queue.SetWeight(new StreamId(3), 1024);
        for (ushort stream = 1; stream <= 3; stream++)
        {
            Add(stream, 1_000_000);
        }

        var turns = Take(650);

        turns.Count(stream => stream == 1).ShouldBeInRange(48, 52);
        turns.Count(stream => stream == 2).ShouldBeInRange(198, 202);
        turns.Count(stream => stream == 3).ShouldBeInRange(398, 402);
    }

    [Fact]
    public void A_weight_of_zero_counts_as_one_and_the_stream_still_gets_its_turn()
    {
        _queue.Interleaves = true;
        _queue.SetWeight(new StreamId(1), 0);
        _queue.SetWeight(new StreamId(2), 100);
        Add(1, 2000);
        Add(2, 1_000_000);

        Take(250).Count(stream => stream == 1).ShouldBe(2);
    }

    [Fact]
    public void A_short_message_goes_before_the_next_chunk_of_a_long_one()
    {
        _queue.Interleaves = true;
        Add(1, 100_000);
        Take(50);
        Add(2, 10);
        Take(1).ShouldBe([2]);
    }

    [Fact]
    public void A_stream_that_was_silent_has_saved_nothing()
    {
        _queue.Interleaves = true;
        Add(1, 100_000);
        Take(50);
        Add(2, 50_000);

        // It does not get fifty turns in a row for those that it let pass
        Take(20).Count(stream => stream == 2).ShouldBeInRange(9, 11);
    }

    [Fact]
    public void Ordered_and_unordered_messages_are_numbered_apart_when_they_may_be_interleaved()
    {
        _queue.Interleaves = true;
        Add(1, 10);
        Add(1, 10, isUnordered: true);
        Add(1, 10, isUnordered: true);
        Add(1, 10);
        Numbers(4).ShouldBe([0U, 0U, 1U, 1U]);
    }

    [Fact]
    public void Unordered_messages_have_no_number_of_their_own_in_plain_data()
    {
        Add(1, 10);
        Add(1, 10, isUnordered: true);
        Add(1, 10);
        Numbers(3).ShouldBe([0U, 0U, 1U]);
    }

    [Fact]
    public void What_expired_is_forgotten_with_its_bytes_and_what_follows_goes()
    {
        _buffer.Add(new StreamId(1), 20);
        _queue.Add(Message(1, 10, false, expiresAt: Instant.Origin));
        _queue.Add(Message(1, 10, false));

        var message = _queue.Peek(Instant.Origin, ChunkSize);

        message!.ExpiresAt.ShouldBeNull();
        _buffer.Bytes.ShouldBe(10);
    }

    private static OutgoingMessage Message(
        ushort stream,
        int size,
        bool isUnordered,
        Instant? expiresAt = null
    ) =>
        new(new StreamId(stream), PayloadProtocolIdentifier.Binary, isUnordered, new byte[size])
        {
            ExpiresAt = expiresAt,
        };

    private void Add(ushort stream, int size, bool isUnordered = false)
    {
        _buffer.Add(new StreamId(stream), size);
        _queue.Add(Message(stream, size, isUnordered));
    }

    private List<int> Take(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (int)TakeChunk().Stream.Value)];

    private List<uint> Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => TakeChunk().Number.Value)];

    private OutgoingMessage TakeChunk()
    {
        var message = _queue.Peek(Instant.Origin, ChunkSize)!;
        if (message.Offset == 0)
        {
            _queue.Start(message);
        }

        _queue.Advance(Math.Min(ChunkSize, message.Remaining));
        return message;
    }
}
