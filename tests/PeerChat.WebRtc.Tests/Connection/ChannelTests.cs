using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Messages through the whole stack: ICE, DTLS, SCTP and channels on both sides.</summary>
public sealed class ChannelTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<int> FiftySeeds => [.. Enumerable.Range(1, 50)];

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1200)]
    [InlineData(65_536)]
    [InlineData(PeerConnection.LocalMaxMessageSize)]
    public void Carries_messages_of_any_size_both_ways(int size)
    {
        var pair = new ConnectionPair().Connect();
        var (left, right) = (pair.Offerer.Connection, pair.Answerer.Connection);
        var there = Bytes(size, 1);
        var back = Bytes(size, 2);

        var channel = left.OpenChannel("bulk", pair.Network.Now);
        left.Send(channel, isText: false, there, pair.Network.Now);
        pair.Network.RunUntil(() => pair.Answerer.Messages.Any(), Second * 5).ShouldBeTrue();
        right.Send(channel, isText: true, back, pair.Network.Now);
        pair.Network.RunUntil(() => pair.Offerer.Messages.Any(), Second * 5).ShouldBeTrue();

        pair.Answerer.Events.ShouldContain(new PeerConnectionEvent.ChannelOpened(channel, "bulk"));
        var received = pair.Answerer.Messages.Single();
        received.Channel.ShouldBe(channel);
        received.IsText.ShouldBeFalse();
        received.Message.ToArray().ShouldBe(there);
        pair.Offerer.Messages.Single().IsText.ShouldBeTrue();
        pair.Offerer.Messages.Single().Message.ToArray().ShouldBe(back);
    }

    [Fact]
    public void The_first_message_arrives_five_round_trips_after_the_descriptions()
    {
        var pair = new ConnectionPair().Meet();
        pair.Network.RunUntil(() => pair.Answerer.IsConnected, Second).ShouldBeTrue();

        var channel = pair.Answerer.Connection.OpenChannel("control", pair.Network.Now);
        pair.Answerer.Connection.Send(channel, isText: false, [1], pair.Network.Now);
        pair.Network.RunUntil(() => pair.Offerer.Messages.Any(), Second).ShouldBeTrue();

        // 1 for ICE, 2 for DTLS, 1 for INIT, and half a one for COOKIE ECHO with the message
        (pair.Network.Now - Instant.Origin).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Channels_of_the_two_sides_have_different_numbers()
    {
        var pair = new ConnectionPair().Connect();
        var now = pair.Network.Now;
        ushort[] ofServer =
        [
            pair.Offerer.Connection.OpenChannel("a", now),
            pair.Offerer.Connection.OpenChannel("b", now),
        ];
        ushort[] ofClient =
        [
            pair.Answerer.Connection.OpenChannel("c", now),
            pair.Answerer.Connection.OpenChannel("d", now),
        ];

        // RFC 8832 section 6: the DTLS client takes even numbers
        ofClient.ShouldBe([(ushort)0, (ushort)2]);
        ofServer.ShouldBe([(ushort)1, (ushort)3]);
        pair.Network.Run(Second);
        pair.Offerer.Events.OfType<PeerConnectionEvent.ChannelOpened>()
            .Select(e => e.Label)
            .ShouldBe(["c", "d"]);
        pair.Answerer.Events.OfType<PeerConnectionEvent.ChannelOpened>()
            .Select(e => e.Label)
            .ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Refuses_a_message_longer_than_the_smaller_limit()
    {
        var pair = new ConnectionPair().Meet(offer => ConnectionPair.With(offer, maxMessageSize: 1000));
        pair.Network.RunUntil(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected, Second)
            .ShouldBeTrue();
        var (left, right) = (pair.Offerer.Connection, pair.Answerer.Connection);
        var now = pair.Network.Now;

        right.MaxMessageSize.ShouldBe(1000);
        left.MaxMessageSize.ShouldBe(PeerConnection.LocalMaxMessageSize);
        var channel = right.OpenChannel("a", now);
        right.Send(channel, isText: false, new byte[1000], now);
        Should.Throw<ArgumentException>(() => right.Send(channel, isText: false, new byte[1001], now));
        Should.Throw<ArgumentException>(() =>
            left.Send(1, isText: false, new byte[PeerConnection.LocalMaxMessageSize + 1], now)
        );
    }

    [Fact]
    public void The_buffered_amount_grows_with_what_is_sent_and_falls_with_what_is_acknowledged()
    {
        var pair = new ConnectionPair().Connect();
        var left = pair.Offerer.Connection;
        var channel = left.OpenChannel("a", pair.Network.Now);

        for (var i = 0; i < 10; i++)
        {
            left.Send(channel, isText: false, new byte[50_000], pair.Network.Now);
        }

        left.BufferedAmount(channel).ShouldBeGreaterThanOrEqualTo(400_000);
        pair.Network.RunUntil(() => pair.Answerer.Messages.Count() == 10, Second * 5).ShouldBeTrue();
        pair.Network.Run(Second);
        left.BufferedAmount(channel).ShouldBe(0);
    }

    [Fact]
    public void What_was_sent_just_before_closing_arrives()
    {
        var pair = new ConnectionPair().Connect();
        var left = pair.Offerer.Connection;
        var channel = left.OpenChannel("a", pair.Network.Now);
        pair.Network.Run(Second);

        left.Send(channel, isText: true, "goodbye"u8, pair.Network.Now);
        left.Close(pair.Network.Now);
        pair.Network.RunUntil(() => pair.Answerer.Closed is not null, Second).ShouldBeTrue();

        pair.Answerer.Closed.ShouldBe(CloseReason.Remote);
        pair.Answerer.Messages.Single().Message.ToArray().ShouldBe("goodbye"u8.ToArray());
        left.Send(channel, isText: true, "too late"u8, pair.Network.Now); // does nothing
        Should.Throw<InvalidOperationException>(() => left.OpenChannel("b", pair.Network.Now));
    }

    [Theory]
    [MemberData(nameof(FiftySeeds))]
    public void Delivers_everything_in_order_over_a_path_that_loses_a_fifth(int seed)
    {
        var network = new VirtualNetwork(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(30),
            loss: 0.2,
            duplication: 0.05
        );
        var pair = new ConnectionPair(
            network,
            new ConnectionNode(true, seed, "10.0.0.1:1000", "10.1.0.1:1000"),
            new ConnectionNode(false, seed + 1000, "10.0.0.2:2000")
        ).Connect(Second * 30);

        ExchangeMessages(pair, $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(FiftySeeds))]
    public void Delivers_everything_in_order_over_a_path_that_reorders_and_repeats(int seed)
    {
        var network = new VirtualNetwork(
            seed,
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMilliseconds(100),
            duplication: 0.3
        );
        ExchangeMessages(new ConnectionPair(network).Connect(), $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(FiftySeeds))]
    public void Candidates_in_any_order_connect(int seed)
    {
        var random = new Random(seed);
        SessionDescription Shuffle(SessionDescription d)
        {
            var candidates = d.Candidates.ToArray();
            random.Shuffle(candidates);
            return ConnectionPair.With(d, candidates: candidates);
        }

        var pair = new ConnectionPair(
            new VirtualNetwork(seed, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)),
            new ConnectionNode(true, seed, "127.0.0.1:1", "10.0.0.1:1", "[2001:db8::1]:1", "192.168.0.1:1"),
            new ConnectionNode(
                false,
                seed + 99,
                "192.168.0.2:2",
                "[2001:db8::2]:2",
                "10.0.0.2:2",
                "[fe80::2%1]:2"
            )
        );
        // one network of the three works, another one each time
        pair.Network.Middlebox = d =>
            (seed % 3) switch
            {
                0 => d.Local.IsIPv6 && d.Remote.IsIPv6,
                1 => $"{d.Local}{d.Remote}".Split("10.0.0.").Length == 3,
                _ => $"{d.Local}{d.Remote}".Split("192.168.0.").Length == 3,
            }
                ? d
                : null;
        pair.Meet(Shuffle, Shuffle);

        pair.Network.RunUntil(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected, Second * 2)
            .ShouldBeTrue($"seed {seed}");
        ExchangeMessages(pair, $"seed {seed}");
        pair.Offerer.Connection.SelectedRemote.ShouldBe(pair.Answerer.Connection.SelectedLocal);
        pair.Offerer.Connection.SelectedLocal.ShouldBe(pair.Answerer.Connection.SelectedRemote);
    }

    [Theory]
    [MemberData(nameof(FiftySeeds))]
    public void Changed_datagrams_never_throw_and_never_change_a_message(int seed)
    {
        var random = new Random(seed);
        var pair = new ConnectionPair(new VirtualNetwork(seed, TimeSpan.FromMilliseconds(2)));
        pair.Network.Middlebox = d =>
        {
            if (random.Next(4) != 0)
            {
                return d;
            }

            var bytes = d.Payload.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            return d with
            {
                Payload = random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes,
            };
        };
        pair.Meet();
        pair.Network.RunUntil(
            () =>
                (pair.Offerer.IsConnected && pair.Answerer.IsConnected)
                || pair.Offerer.Closed is not null
                || pair.Answerer.Closed is not null,
            TimeSpan.FromMinutes(2)
        );
        if (
            pair.Offerer.Connection.State == PeerConnectionState.Connected
            && pair.Answerer.Connection.State == PeerConnectionState.Connected
        )
        {
            // from here on every change fails its integrity check, so it is a loss and no more
            ExchangeMessages(pair, $"seed {seed}");
        }

        pair.Network.Run(TimeSpan.FromMinutes(1));
    }

    // Each side opens a channel and sends on it; all must arrive, whole and in order.
    private static void ExchangeMessages(ConnectionPair pair, string note)
    {
        const int Count = 20;
        var now = pair.Network.Now;
        var (left, right) = (pair.Offerer, pair.Answerer);
        var ofLeft = left.Connection.OpenChannel("left", now);
        var ofRight = right.Connection.OpenChannel("right", now);
        for (var i = 0; i < Count; i++)
        {
            left.Connection.Send(ofLeft, isText: false, Bytes(i * 300, i), now);
            right.Connection.Send(ofRight, isText: false, Bytes(i * 200, -i), now);
        }

        pair.Network.RunUntil(
                () => left.Messages.Count() == Count && right.Messages.Count() == Count,
                TimeSpan.FromMinutes(2)
            )
            .ShouldBeTrue(note);
        for (var i = 0; i < Count; i++)
        {
            right.Messages.ElementAt(i).Message.ToArray().ShouldBe(Bytes(i * 300, i), note);
            left.Messages.ElementAt(i).Message.ToArray().ShouldBe(Bytes(i * 200, -i), note);
        }
    }
}
