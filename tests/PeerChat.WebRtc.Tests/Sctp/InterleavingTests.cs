using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Messages of several streams in pieces between each other (RFC 8260).</summary>
public sealed class InterleavingTests
{
    private const int Whole = DataChunk.BeginFlag | DataChunk.EndFlag;
    private static readonly SctpOptions With = new() { InterleavesMessages = true };
    private static readonly PeerFeatures All = new(true, true, true, false);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Fact]
    public void A_chunk_is_written_as_in_RFC_8260_section_2_1()
    {
        HandmadePeer
            .Data(0x01020304, 5, 0x06070809, DataChunk.BeginFlag, [0xAA], fragment: 0)
            .ShouldBe([64, 2, 0, 21, 1, 2, 3, 4, 0, 5, 0, 0, 6, 7, 8, 9, 0, 0, 0, 53, 0xAA]);
        var later = HandmadePeer.Data(1, 5, 6, DataChunk.EndFlag, [0xAA], fragment: 0x0A0B0C0D);
        later[16..20].ShouldBe([0x0A, 0x0B, 0x0C, 0x0D]);
        DataChunk.TryParse(later, out var chunk).ShouldBeTrue();
        chunk.FragmentNumber.ShouldBe(0x0A0B0C0DU);
        chunk.IsInterleaved.ShouldBeTrue();
        DataChunk.TryParse(later.AsSpan(0, 19), out _).ShouldBeFalse();
        DataChunk.TryParse([64, 3, 0, 19, .. later[4..]], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, true, ChunkType.InterleavedData)]
    [InlineData(true, false, ChunkType.Data)]
    [InlineData(false, true, ChunkType.Data)]
    internal void Is_used_when_both_sides_offer_it(bool left, bool right, ChunkType expected)
    {
        var used = new HashSet<ChunkType>();
        var pair = new AssociationPair(
            options: new SctpOptions { InterleavesMessages = left },
            rightOptions: new SctpOptions { InterleavesMessages = right }
        )
        {
            Filter = (_, packet) =>
            {
                used.UnionWith(AssociationPair.ChunksOf(packet));
                return true;
            },
        }.Connect();
        pair.SendLeft(new byte[5000]);
        pair.RunUntil(() => pair.RightMessageCount == 1).ShouldBeTrue();

        used.Where(type => type is ChunkType.Data or ChunkType.InterleavedData).ShouldBe([expected]);
    }

    [Fact]
    public void Fragments_of_many_messages_are_joined_in_any_order()
    {
        var peer = new HandmadePeer(With, All);
        peer.Give(
            HandmadePeer.Data(0, 1, 0, DataChunk.BeginFlag, [1], fragment: 0),
            HandmadePeer.Data(1, 2, 0, DataChunk.BeginFlag, [2], fragment: 0),
            HandmadePeer.Data(2, 1, 0, DataChunk.EndFlag | DataChunk.UnorderedFlag, [3, 3], fragment: 1),
            HandmadePeer.Data(3, 2, 0, DataChunk.EndFlag, [2, 2], fragment: 2),
            HandmadePeer.Data(4, 1, 0, DataChunk.BeginFlag | DataChunk.UnorderedFlag, [3], fragment: 0),
            HandmadePeer.Data(5, 2, 0, 0, [2], fragment: 1),
            HandmadePeer.Data(6, 1, 1, Whole, [4], fragment: 0),
            HandmadePeer.Data(7, 1, 0, DataChunk.EndFlag, [1, 1], fragment: 1)
        );

        var messages = peer.TakeEvents().OfType<SctpEvent.MessageReceived>().ToList();
        messages.Select(message => (int)message.Payload.Span[0]).ShouldBe([3, 2, 1, 4]);
        messages.Select(message => message.Payload.Length).ShouldBe([3, 4, 3, 1]);
        messages.ShouldAllBe(message => message.Ppid == PayloadProtocolIdentifier.Binary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_other_form_of_data_ends_the_association(bool isAgreed)
    {
        var peer = isAgreed ? new HandmadePeer(With, All) : new HandmadePeer(With);
        peer.Give(HandmadePeer.Data(0, 1, 0, Whole, [1], fragment: isAgreed ? null : 0U));

        peer.TakeEvents()[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.ProtocolViolation));
        peer.TakeTypes().ShouldBe([ChunkType.Abort]);
    }

    [Theory]
    [InlineData(DataChunk.BeginFlag, 0U, DataChunk.BeginFlag, 0U)] // the same place twice
    [InlineData(DataChunk.BeginFlag, 0U, 0, 0U)]
    [InlineData(Whole, 0U, Whole, 0U)] // the same message twice
    [InlineData(DataChunk.EndFlag, 1U, 0, 2U)] // behind the end
    public void Fragments_that_contradict_each_other_end_the_association(
        int firstFlags,
        uint first,
        int secondFlags,
        uint second
    )
    {
        var peer = new HandmadePeer(With, All);
        peer.Give(HandmadePeer.Data(0, 1, 0, firstFlags, [1], first));
        peer.Give(HandmadePeer.Data(1, 1, 0, secondFlags, [1], second));
        peer.TakeEvents()[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.ProtocolViolation));
    }

    [Fact]
    public void Forward_tsn_skips_messages_by_their_identifiers_and_leaves_those_behind_them()
    {
        var peer = new HandmadePeer(With, All);
        peer.Give(
            HandmadePeer.Data(0, 1, 0, DataChunk.BeginFlag, [1], fragment: 0),
            HandmadePeer.Data(2, 1, 0, DataChunk.BeginFlag | DataChunk.UnorderedFlag, [2], fragment: 0),
            HandmadePeer.Data(4, 1, 1, DataChunk.BeginFlag, [3], fragment: 0)
        );
        var bytes = new byte[100];
        var writer = new SpanWriter(bytes);
        ForwardTsnChunk.Write(
            ref writer,
            isInterleaved: true,
            new Tsn(3),
            [
                new SkippedStream(new StreamId(1), false, new MessageNumber(0)),
                new SkippedStream(new StreamId(1), true, new MessageNumber(0)),
            ]
        );
        peer.Give(bytes[..writer.Position]);
        peer.TakeCumulativeAck().ShouldBe(4U);

        peer.Give(
            HandmadePeer.Data(5, 1, 1, DataChunk.EndFlag, [3], fragment: 1),
            HandmadePeer.Data(6, 1, 1, Whole | DataChunk.UnorderedFlag, [4], fragment: 0)
        );

        peer.TakeMessages().ShouldBe([3, 4]);
    }

    [Fact]
    public void A_short_message_during_bulk_goes_out_within_one_window_and_arrives_within_a_round_trip()
    {
        // The window of the peer keeps the bulk going for longer than the test looks
        var pair = new AssociationPair(options: With with { ReceiveWindow = 256 * 1024 }).Connect();
        for (var i = 0; i < 120; i++)
        {
            pair.SendLeft(new byte[128 * 1024], stream: 1);
        }

        for (var i = 0; i < 20; i++)
        {
            pair.RunFor(TimeSpan.FromMilliseconds(7));
            var line = i;
            var bulkBytes = 0;
            var isOut = false;
            pair.Filter = (fromLeft, packet) =>
            {
                foreach (var stream in fromLeft ? StreamsOf(packet) : [])
                {
                    isOut |= stream == 2;
                    bulkBytes += isOut ? 0 : SctpOptions.MaxPacketSize;
                }

                return true;
            };
            pair.SendLeft([(byte)i], stream: 2);
            var sentAt = pair.Now;
            var window = pair.Left.CongestionWindowBytes;
            pair.RunUntil(() => Lines(pair) > line).ShouldBeTrue();

            bulkBytes.ShouldBeLessThanOrEqualTo(window, $"message {i}");
            (pair.Now - sentAt).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(30), $"message {i}");
        }

        pair.Left.TotalBufferedAmount.ShouldBeGreaterThan(1024 * 1024); // the bulk is still under way
    }

    [Fact]
    public void Two_bulk_streams_share_by_their_weights()
    {
        var pair = new AssociationPair(options: With).Connect();
        pair.Left.SetWeight(new StreamId(1), 128);
        pair.Left.SetWeight(new StreamId(2), 512);
        var chunks = new int[3];
        pair.Filter = (fromLeft, packet) =>
        {
            foreach (var stream in fromLeft && chunks[2] < 1000 ? StreamsOf(packet) : [])
            {
                chunks[stream]++;
            }

            return true;
        };
        pair.SendLeft(new byte[2 * 1024 * 1024], stream: 1);
        pair.SendLeft(new byte[2 * 1024 * 1024], stream: 2);
        pair.RunUntil(() => chunks[2] >= 1000).ShouldBeTrue();

        ((double)chunks[2] / chunks[1]).ShouldBe(4, tolerance: 0.3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Delivers_each_message_once_and_each_stream_in_order_whatever_the_path_does(int seed)
    {
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(25),
            loss: 0.05,
            duplication: 0.05,
            options: With with
            {
                InitialTsn = uint.MaxValue - 20,
            }
        ).Connect();
        var random = new Random(seed);
        var expected = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            var message = new byte[random.Next(3, 40_000)];
            random.NextBytes(message);
            message[0] = (byte)(i % 3);
            expected.Add(message);
            pair.SendLeft(message, stream: message[0], unordered: message[0] == 2);
        }

        pair.RunUntil(() => pair.RightMessageCount == 40 && pair.Left.TotalBufferedAmount == 0)
            .ShouldBeTrue($"seed {seed}");

        for (var stream = 0; stream < 3; stream++)
        {
            var received = pair.RightMessages.Where(m => m[0] == stream).Select(HashOf);
            var sent = expected.Where(m => m[0] == stream).Select(HashOf);
            if (stream < 2)
            {
                received.ShouldBe(sent, $"seed {seed}");
            }
            else
            {
                received.Order().ShouldBe(sent.Order(), $"seed {seed}");
            }
        }
    }

    private static string HashOf(byte[] message) => Convert.ToHexString(SHA256.HashData(message));

    private static int Lines(AssociationPair pair) =>
        pair.RightEvents.Count(e => e is SctpEvent.MessageReceived { Stream.Value: 2 });

    private static List<int> StreamsOf(byte[] packet)
    {
        var streams = new List<int>();
        var reader = new ChunkReader(packet.AsSpan(CommonHeader.Size));
        while (reader.TryRead(out _, out var chunk))
        {
            if (DataChunk.TryParse(chunk, out var data))
            {
                streams.Add(data.Stream.Value);
            }
        }

        return streams;
    }
}
