using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.DataChannels;

/// <summary>One channel ends and the others go on (RFC 8831 section 6.7).</summary>
public sealed class ChannelClosingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ChannelPair _pair = new ChannelPair().Connect();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_closes_what_was_sent_arrives_and_both_are_told_once(bool byOpener)
    {
        var channel = _pair.Client.Open("chat", _pair.Now);
        var other = _pair.Client.Open("other", _pair.Now);
        _pair.RunFor(Second);
        var closer = byOpener ? _pair.Client : _pair.Server;
        _pair.Send(closer, channel, "last words");

        closer.Close(channel, _pair.Now);
        closer.Close(channel, _pair.Now);
        _pair.Send(closer, channel, "too late");
        _pair.RunFor(Second);

        (byOpener ? _pair.ServerMessages : _pair.ClientMessages).ShouldBe([$"{channel} last words"]);
        Closed(_pair.ClientEvents).ShouldBe([channel]);
        Closed(_pair.ServerEvents).ShouldBe([channel]);
        Should.Throw<InvalidOperationException>(() => _pair.Send(_pair.Client, channel, "x"));
        Should.Throw<InvalidOperationException>(() => _pair.Server.Close(channel, _pair.Now));
        _pair.Send(_pair.Client, other, "still here");
        _pair.RunFor(Second);
        _pair.ServerMessages[^1].ShouldBe($"{other} still here");
    }

    [Fact]
    public void Closed_is_told_after_the_last_message_and_not_before_all_of_it_came()
    {
        var channel = _pair.Client.Open("bulk", _pair.Now);
        _pair.Client.Send(channel, isText: false, new byte[1_000_000], _pair.Now);
        _pair.Client.Close(channel, _pair.Now);
        _pair.RunUntil(() => Closed(_pair.ServerEvents).Count == 1).ShouldBeTrue();

        _pair.ServerEvents[^2].ShouldBeOfType<DataChannelEvent.Message>().Payload.Length.ShouldBe(1_000_000);
        _pair.RunUntil(() => Closed(_pair.ClientEvents).Count == 1).ShouldBeTrue();
        _pair.Client.BufferedAmount(channel).ShouldBe(0);
    }

    [Fact]
    public void Both_sides_close_at_the_same_moment()
    {
        var channel = _pair.Client.Open("chat", _pair.Now);
        _pair.RunFor(Second);
        _pair.Client.Close(channel, _pair.Now);
        _pair.Server.Close(channel, _pair.Now);
        _pair.RunFor(Second);

        Closed(_pair.ClientEvents).ShouldBe([channel]);
        Closed(_pair.ServerEvents).ShouldBe([channel]);
    }

    [Fact]
    public void What_comes_on_a_channel_that_is_being_closed_is_dropped()
    {
        var channel = _pair.Client.Open("chat", _pair.Now);
        _pair.RunFor(Second);
        _pair.Client.Close(channel, _pair.Now);
        _pair.Send(_pair.Server, channel, "crossing");
        _pair.RunFor(Second);

        _pair.ClientMessages.ShouldBeEmpty();
        _pair.Client.DroppedCount.ShouldBe(1);
        Closed(_pair.ServerEvents).ShouldBe([channel]);
    }

    [Fact]
    public void The_number_is_used_again_and_the_new_channel_carries_messages_both_ways()
    {
        for (var round = 0; round < 20; round++)
        {
            var channel = _pair.Client.Open($"round {round}", _pair.Now);
            channel.ShouldBe((ushort)0);
            _pair.Send(_pair.Client, channel, $"there {round}");
            _pair.RunUntil(() => _pair.ServerMessages.Count == round + 1).ShouldBeTrue();
            _pair.Send(_pair.Server, channel, $"back {round}");
            _pair.RunUntil(() => _pair.ClientMessages.Count == round + 1).ShouldBeTrue();
            (round % 2 == 0 ? _pair.Client : _pair.Server).Close(channel, _pair.Now);
            _pair.RunUntil(() => Closed(_pair.ClientEvents).Count == round + 1).ShouldBeTrue();
        }

        _pair.RunFor(Second);
        _pair.ServerMessages.ShouldBe(Enumerable.Range(0, 20).Select(i => $"0 there {i}"));
        _pair.ClientMessages.ShouldBe(Enumerable.Range(0, 20).Select(i => $"0 back {i}"));
        Closed(_pair.ServerEvents).Count.ShouldBe(20);
    }

    [Fact]
    public void A_number_is_not_used_again_before_both_streams_are_reset()
    {
        var first = _pair.Client.Open("a", _pair.Now);
        _pair.RunFor(Second);
        _pair.Client.Close(first, _pair.Now);
        _pair.Client.Open("b", _pair.Now).ShouldBe((ushort)2);
        _pair.RunFor(Second);
        _pair.Client.Open("c", _pair.Now).ShouldBe(first);
    }

    [Fact]
    public void A_peer_that_reuses_the_number_before_we_heard_that_it_took_our_reset_is_understood()
    {
        var channel = _pair.Client.Open("old", _pair.Now);
        _pair.RunFor(Second);
        // What the client says of our reset is lost, so that its next OPEN comes first
        var lost = 0;
        _pair.Associations.Filter = (fromLeft, packet) =>
        {
            var isAnswer =
                fromLeft
                && AssociationPair.ChunksOf(packet).Contains(ChunkType.Reconfiguration)
                && Closed(_pair.ClientEvents).Count == 0
                && lost == 0
                && IsResponse(packet);
            lost += isAnswer ? 1 : 0;
            return !isAnswer;
        };

        _pair.Client.Close(channel, _pair.Now);
        _pair.RunUntil(() => Closed(_pair.ClientEvents).Count == 1).ShouldBeTrue();
        lost.ShouldBe(1);
        Closed(_pair.ServerEvents).ShouldBeEmpty();
        _pair.Client.Open("new", _pair.Now).ShouldBe(channel);
        _pair.Send(_pair.Client, channel, "hello again");
        _pair.RunFor(Second * 5);

        _pair.ServerEvents.ShouldBe([
            new DataChannelEvent.Opened(channel, "old"),
            new DataChannelEvent.ChannelClosed(channel),
            new DataChannelEvent.Opened(channel, "new"),
            _pair.ServerEvents[^1],
        ]);
        _pair.ServerMessages.ShouldBe([$"{channel} hello again"]);
        _pair.Send(_pair.Server, channel, "and back");
        _pair.RunFor(Second);
        _pair.ClientMessages.ShouldBe([$"{channel} and back"]);
    }

    [Fact]
    public void A_channel_closed_before_the_association_is_up_still_opens_and_closes_at_the_peer()
    {
        var pair = new ChannelPair();
        var channel = pair.Client.Open("short", pair.Now);
        pair.Send(pair.Client, channel, "hello");
        pair.Client.Close(channel, pair.Now);
        pair.Associations.Left.Connect(pair.Now);
        pair.RunFor(Second);

        pair.ServerMessages.ShouldBe([$"{channel} hello"]);
        Closed(pair.ServerEvents).ShouldBe([channel]);
        Closed(pair.ClientEvents).ShouldBe([channel]);
    }

    [Fact]
    public void More_than_1024_channels_may_come_one_after_the_other()
    {
        for (var i = 0; i < 40; i++)
        {
            var channels = Enumerable.Range(0, 100).Select(_ => _pair.Client.Open("x", _pair.Now)).ToList();
            _pair.RunFor(Second);
            channels.ForEach(channel => _pair.Client.Close(channel, _pair.Now));
            _pair.RunFor(Second);
        }

        Closed(_pair.ClientEvents).Count.ShouldBe(4000);
        Closed(_pair.ServerEvents).Count.ShouldBe(4000);
    }

    [Fact]
    public void A_peer_cannot_make_us_keep_more_than_2048_channels_by_breaking_the_rules()
    {
        var peer = new HandmadePeer();
        var table = new DataChannelTable(peer.Association, isDtlsClient: false);
        for (uint i = 0; i < 3000; i++)
        {
            // Our parity, a stream after the other; the resets are never answered
            var bytes = HandmadePeer.Data(i, (ushort)((i * 2) + 1), 0, 3, DcepOpen.Of("x", new()).ToBytes());
            bytes[15] = 50; // PPID
            peer.Give(bytes);
            table.Pump(peer.Now);
            peer.Take();
            if (!peer.Association.IsEstablished)
            {
                break; // Each OPEN is on a stream of its own, and those are limited too
            }
        }

        table.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new DataChannelEvent.Closed(SctpCloseReason.OutOfResource));
    }

    [Fact]
    public void With_a_peer_that_cannot_reset_a_channel_closes_here_and_its_number_is_lost()
    {
        var peer = new HandmadePeer(features: default(PeerFeatures));
        var table = new DataChannelTable(peer.Association, isDtlsClient: true);
        var channel = table.Open("chat", peer.Now);
        table.Close(channel, peer.Now);
        table.TryTakeEvent(out _).ShouldBeFalse(); // its OPEN is under way
        peer.Take();

        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        table.Pump(peer.Now);

        table.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new DataChannelEvent.ChannelClosed(channel));
        table.Open("next", peer.Now).ShouldBe((ushort)2);
        Should.Throw<InvalidOperationException>(() =>
            table.Open("again", new DataChannelOptions { Id = channel }, peer.Now)
        );
    }

    [Fact]
    public void A_peer_that_refuses_the_reset_loses_the_number_to_both()
    {
        var peer = new HandmadePeer();
        var table = new DataChannelTable(peer.Association, isDtlsClient: true);
        var channel = table.Open("chat", peer.Now);
        peer.Take();
        peer.Give(HandmadePeer.Sack(HandmadePeer.FirstTsn));
        table.Close(channel, peer.Now);
        peer.TakeTypes().ShouldBe([ChunkType.Reconfiguration]);

        peer.Give(
            ReconfigurationChunk.Create(
                new ReconfigurationResponse(HandmadePeer.FirstTsn.Value, ResetResult.Denied).ToBytes()
            )
        );
        table.Pump(peer.Now);

        table.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new DataChannelEvent.ChannelClosed(channel));
        table.Open("next", peer.Now).ShouldBe((ushort)2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Channels_come_and_go_from_both_sides_over_a_bad_path_and_nothing_is_lost_or_left(int seed)
    {
        var pair = new ChannelPair(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(40),
            loss: 0.1,
            options: new SctpOptions { InterleavesMessages = seed % 2 == 0 }
        ).Connect();
        var random = new Random(seed);
        var sent = 0;
        var opened = 0;
        for (var i = 0; i < 60; i++)
        {
            var opener = random.Next(2) == 0 ? pair.Client : pair.Server;
            var channel = opener.Open("x", pair.Now);
            opened++;
            for (var n = random.Next(4); n > 0; n--)
            {
                opener.Send(channel, isText: false, new byte[random.Next(3000)], pair.Now);
                sent++;
            }

            pair.RunFor(TimeSpan.FromMilliseconds(random.Next(60)));
            opener.Close(channel, pair.Now);
        }

        pair.RunUntil(
                () => Closed(pair.ClientEvents).Count == opened && Closed(pair.ServerEvents).Count == opened,
                TimeSpan.FromMinutes(2)
            )
            .ShouldBeTrue($"seed {seed}");
        (pair.ClientEvents.Concat(pair.ServerEvents).OfType<DataChannelEvent.Message>().Count()).ShouldBe(
            sent,
            $"seed {seed}"
        );
        (pair.ClientEvents.Concat(pair.ServerEvents).OfType<DataChannelEvent.Opened>().Count()).ShouldBe(
            opened,
            $"seed {seed}"
        );
        pair.Client.Open("a", pair.Now).ShouldBe((ushort)0, $"seed {seed}");
        pair.Server.Open("a", pair.Now).ShouldBe((ushort)1, $"seed {seed}");
    }

    private static bool IsResponse(byte[] packet)
    {
        var reader = new ChunkReader(packet.AsSpan(CommonHeader.Size));
        while (reader.TryRead(out var header, out var chunk))
        {
            if (
                header.Type == ChunkType.Reconfiguration
                && ReconfigurationChunk.TryParse(chunk, out var parsed)
                && ReconfigurationResponse.TryParse(parsed.First, out _)
                && parsed.First[1] == ParameterType.ReconfigurationResponse
            )
            {
                return true;
            }
        }

        return false;
    }

    private static List<ushort> Closed(IEnumerable<DataChannelEvent> events) =>
        [.. events.OfType<DataChannelEvent.ChannelClosed>().Select(e => e.Channel)];
}
