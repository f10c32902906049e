using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.DataChannels;

/// <summary>Order, partial reliability, priority and numbers that the application chooses.</summary>
public sealed class ChannelOptionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<DataChannelOptions, byte, uint> Kinds =>
        new()
        {
            { new DataChannelOptions(), 0x00, 0 },
            {
                new DataChannelOptions { MaxRetransmits = 3 },
                0x01,
                3
            },
            {
                new DataChannelOptions { MaxPacketLifeTime = TimeSpan.FromMilliseconds(1500) },
                0x02,
                1500
            },
            {
                new DataChannelOptions { IsOrdered = false },
                0x80,
                0
            },
            {
                new DataChannelOptions { IsOrdered = false, MaxRetransmits = 0 },
                0x81,
                0
            },
            {
                new DataChannelOptions
                {
                    IsOrdered = false,
                    MaxPacketLifeTime = TimeSpan.Zero,
                    Priority = 1024,
                },
                0x82,
                0
            },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Options_travel_as_in_RFC_8832_section_5_1(
        DataChannelOptions options,
        byte type,
        uint parameter
    )
    {
        var open = DcepOpen.Of("label", options with { Protocol = "p" });

        open.ToBytes()[1].ShouldBe(type);
        open.ReliabilityParameter.ShouldBe(parameter);
        DcepOpen.TryParse(open.ToBytes(), out var parsed).ShouldBeTrue();
        parsed.ToOptions().ShouldBe(options with { Protocol = "p" });
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        var table = new ChannelPair().Client;
        var now = PeerChat.Primitives.Instant.Origin;
        foreach (
            var options in new DataChannelOptions[]
            {
                new() { MaxRetransmits = 1, MaxPacketLifeTime = Second },
                new() { MaxRetransmits = -1 },
                new() { MaxPacketLifeTime = -Second },
                new() { MaxPacketLifeTime = TimeSpan.FromDays(50) },
                new() { Protocol = new string('x', 1025) },
                new() { Id = 65535 },
            }
        )
        {
            Should.Throw<ArgumentException>(() => table.Open("x", options, now), options.ToString());
        }

        table.Open("x", now).ShouldBe((ushort)0);
    }

    [Fact]
    public void The_peer_sees_the_options_and_sends_by_them_too()
    {
        var pair = new ChannelPair().Connect();
        var options = new DataChannelOptions
        {
            IsOrdered = false,
            MaxRetransmits = 0,
            Protocol = "game",
        };
        var channel = pair.Client.Open("positions", options, pair.Now);
        pair.RunFor(Second);
        pair.Server.OptionsOf(channel).ShouldBe(options);
        pair.Associations.Filter = (fromLeft, packet) =>
            fromLeft || !AssociationPair.ChunksOf(packet).Contains(ChunkType.Data);
        pair.Send(pair.Server, channel, "lost");
        pair.RunFor(Second * 3);
        pair.Associations.Filter = (_, _) => true;
        pair.Send(pair.Server, channel, "next");
        pair.RunFor(Second);

        pair.ClientMessages.ShouldBe([$"{channel} next"]);
        pair.Server.BufferedAmount(channel).ShouldBe(0);
    }

    [Fact]
    public void An_unordered_channel_sends_in_order_until_the_peer_has_answered()
    {
        var pair = new ChannelPair();
        var flags = new List<bool>();
        pair.Associations.Filter = (fromLeft, packet) =>
        {
            var reader = new ChunkReader(packet.AsSpan(CommonHeader.Size));
            while (reader.TryRead(out var header, out var chunk))
            {
                if (fromLeft && header.Type == ChunkType.Data && DataChunk.TryParse(chunk, out var data))
                {
                    flags.Add(data.IsUnordered);
                }
            }

            return true;
        };
        var channel = pair.Client.Open("x", new DataChannelOptions { IsOrdered = false }, pair.Now);
        pair.Send(pair.Client, channel, "before");
        pair.Connect();
        pair.RunFor(Second);
        pair.Send(pair.Client, channel, "after");
        pair.RunFor(Second);

        flags.ShouldBe([false, false, true]);
    }

    [Fact]
    public void Unordered_messages_pass_one_that_was_lost()
    {
        var pair = new ChannelPair().Connect();
        var channel = pair.Client.Open("x", new DataChannelOptions { IsOrdered = false }, pair.Now);
        pair.RunFor(Second);
        var lost = false;
        pair.Associations.Filter = (fromLeft, _) => !fromLeft || lost || !(lost = true);
        pair.Send(pair.Client, channel, "first");
        pair.Associations.Drain();
        pair.Send(pair.Client, channel, "second");
        pair.RunFor(Second * 2);

        pair.ServerMessages.ShouldBe([$"{channel} second", $"{channel} first"]);
    }

    [Fact]
    public void A_negotiated_channel_says_nothing_on_the_wire_and_carries_messages_both_ways()
    {
        var pair = new ChannelPair().Connect();
        var options = new DataChannelOptions
        {
            Id = 7,
            IsOrdered = false,
            MaxRetransmits = 2,
        };
        pair.Client.Open("x", options, pair.Now).ShouldBe((ushort)7);
        pair.Server.Open("y", options, pair.Now).ShouldBe((ushort)7);
        pair.RunFor(Second);
        pair.ServerEvents.ShouldBeEmpty();
        pair.ClientEvents.ShouldBeEmpty();

        pair.Send(pair.Client, 7, "there");
        pair.Send(pair.Server, 7, "");
        pair.RunFor(Second);

        pair.ServerMessages.ShouldBe(["7 there"]);
        pair.ClientMessages.ShouldBe(["7 "]);
        Should.Throw<InvalidOperationException>(() => pair.Client.Open("x", options, pair.Now));
        pair.Server.Open("a", pair.Now).ShouldBe((ushort)1);
        pair.Server.Open("b", pair.Now).ShouldBe((ushort)3);
        pair.Server.Open("c", pair.Now).ShouldBe((ushort)5);
        pair.Server.Open("d", pair.Now).ShouldBe((ushort)9); // 7 is taken
    }

    [Fact]
    public void What_comes_on_a_negotiated_channel_before_it_is_opened_here_is_kept()
    {
        var pair = new ChannelPair().Connect();
        pair.Client.Open("x", new DataChannelOptions { Id = 7 }, pair.Now);
        pair.Send(pair.Client, 7, "early");
        pair.RunFor(Second);
        pair.ServerMessages.ShouldBeEmpty();

        pair.Server.Open("x", new DataChannelOptions { Id = 7 }, pair.Now);
        pair.RunFor(Second);

        pair.ServerMessages.ShouldBe(["7 early"]);
    }

    [Fact]
    public void A_negotiated_channel_closes_from_either_side_and_its_number_can_be_agreed_on_again()
    {
        var pair = new ChannelPair().Connect();
        var options = new DataChannelOptions { Id = 6 };
        for (var round = 1; round <= 2; round++)
        {
            pair.Client.Open("x", options, pair.Now);
            pair.Server.Open("x", options, pair.Now);
            pair.Send(pair.Client, 6, "hello");
            pair.RunFor(Second);
            (round == 1 ? pair.Client : pair.Server).Close(6, pair.Now);
            pair.RunFor(Second);
            pair.ServerEvents.Count(e => e == new DataChannelEvent.ChannelClosed(6)).ShouldBe(round);
            pair.ClientEvents.Count(e => e == new DataChannelEvent.ChannelClosed(6)).ShouldBe(round);
            pair.ServerMessages.Count.ShouldBe(round);
        }
    }

    [Fact]
    public void The_low_amount_is_told_each_time_it_is_reached_from_above()
    {
        var pair = new ChannelPair().Connect();
        var channel = pair.Client.Open("x", pair.Now);
        pair.RunFor(Second);
        pair.Client.SetLowThreshold(channel, 10_000);
        pair.Client.Send(channel, isText: false, new byte[9000], pair.Now);
        pair.RunFor(Second);
        pair.ClientEvents.ShouldBeEmpty(); // never above

        for (var round = 1; round <= 3; round++)
        {
            pair.Client.Send(channel, isText: false, new byte[50_000], pair.Now);
            pair.RunUntil(() => pair.ClientEvents.Count == round).ShouldBeTrue();
            pair.Client.BufferedAmount(channel).ShouldBeInRange(0, 10_000);
            pair.RunFor(Second);
        }

        pair.ClientEvents.ShouldAllBe(e => e == new DataChannelEvent.BufferedAmountLow(channel));
        pair.Client.SetLowThreshold(channel, null);
        pair.Client.Send(channel, isText: false, new byte[50_000], pair.Now);
        pair.RunFor(Second);
        pair.ClientEvents.Count.ShouldBe(3);
    }
}
