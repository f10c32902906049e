using PeerChat.WebRtc.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class SctpTransferTests
{
    private const int MiB = 1024 * 1024;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Delivers_each_message_once_and_in_order_whatever_the_path_does(int seed)
    {
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(15),
            loss: 0.03,
            duplication: 0.02
        ).Connect();
        var random = new Random(seed);
        var sent = new List<byte[]>();
        foreach (var size in new[] { 1, 200, MiB, 3, 1160, 1161, 50_000, 7, MiB / 2, 1 })
        {
            var message = new byte[size];
            random.NextBytes(message);
            sent.Add(message);
            pair.SendLeft(message);
        }

        pair.RunUntil(() => pair.RightMessageCount == sent.Count && pair.Left.TotalBufferedAmount == 0)
            .ShouldBeTrue($"seed {seed}");
        pair.RunFor(TimeSpan.FromSeconds(2));

        var received = pair.RightMessages.ToList();
        received.Count.ShouldBe(sent.Count, $"seed {seed}");
        for (var i = 0; i < sent.Count; i++)
        {
            received[i].AsSpan().SequenceEqual(sent[i]).ShouldBeTrue($"seed {seed}, message {i}");
        }

        pair.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), $"seed {seed}");
        pair.LargestPacket.ShouldBeLessThanOrEqualTo(SctpOptions.MaxPacketSize);
        pair.LeftEvents.ShouldAllBe(e => e is SctpEvent.Connected);
        pair.RightEvents.OfType<SctpEvent.Closed>().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Survives_a_path_that_loses_a_fifth_both_ways(int seed)
    {
        var pair = new AssociationPair(
            seed,
            TimeSpan.FromMilliseconds(5),
            TimeSpan.FromMilliseconds(60),
            loss: 0.2,
            duplication: 0.1
        ).Connect();
        for (var i = 0; i < 60; i++)
        {
            pair.SendLeft([(byte)i, .. new byte[i * 40]], (ushort)(i % 3));
            pair.Right.Send(new StreamId(1), PayloadProtocolIdentifier.String, [(byte)i], false, pair.Now);
            pair.RunFor(TimeSpan.FromMilliseconds(i % 7));
        }

        pair.RunUntil(() =>
                pair.RightMessageCount == 60
                && pair.LeftEvents.Count == 61
                && pair.Left.TotalBufferedAmount == 0
                && pair.Right.TotalBufferedAmount == 0
            )
            .ShouldBeTrue($"seed {seed}");
        for (ushort stream = 0; stream < 3; stream++)
        {
            pair.RightEvents.OfType<SctpEvent.MessageReceived>()
                .Where(message => message.Stream.Value == stream)
                .Select(message => (int)message.Payload.Span[0])
                .ShouldBe(Enumerable.Range(0, 60).Where(i => i % 3 == stream), $"seed {seed}");
        }

        pair.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"seed {seed}");
    }

    [Fact]
    public void Repairs_a_lone_lost_last_message_by_a_probe_and_not_by_the_timeout()
    {
        var pair = new AssociationPair().Connect();
        pair.SendLeft([1]);
        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();
        var start = pair.Now;
        pair.Filter = static (_, _) => false;
        pair.SendLeft([2]);
        pair.Drain();
        pair.Filter = static (_, _) => true;

        pair.RunUntil(() => pair.RightMessageCount == 2).ShouldBeTrue();

        // Round trip 20 ms: probe after two of them, and 10 ms on the way
        (pair.Now - start).TotalMilliseconds.ShouldBeInRange(50, 60);
    }

    [Fact]
    public void Repairs_the_loss_of_the_last_three_packets_without_the_timeout()
    {
        var pair = new AssociationPair().Connect();
        pair.RunFor(TimeSpan.FromSeconds(1));
        var start = pair.Now;
        var data = 0;
        pair.Filter = (fromLeft, _) => !fromLeft || ++data is not (3 or 4 or 5);
        pair.SendLeft(new byte[1160 * 5]);

        pair.RunUntil(() => pair.RightMessageCount > 0).ShouldBeTrue();

        (pair.Now - start).TotalMilliseconds.ShouldBeLessThan(200);
    }

    [Fact]
    public void Wraps_the_tsn_and_the_stream_sequence_number()
    {
        var options = new SctpOptions { InitialTsn = uint.MaxValue - 30_000 };
        var pair = new AssociationPair(loss: 0.005, options: options).Connect();
        var message = new byte[2];
        for (var i = 0; i < 70_000; i++)
        {
            message[0] = (byte)i;
            message[1] = (byte)(i >> 8);
            pair.SendLeft(message);
            if (i % 500 == 0)
            {
                pair.RunFor(TimeSpan.FromMilliseconds(1));
            }
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();

        var received = pair.RightMessages.ToList();
        received.Count.ShouldBe(70_000);
        for (var i = 0; i < received.Count; i++)
        {
            (received[i][0] | (received[i][1] << 8)).ShouldBe(i & 0xFFFF);
        }
    }

    [Fact]
    public void Goes_on_after_the_peer_had_no_room()
    {
        var options = new SctpOptions { ReceiveWindow = 64 * 1024 };
        var pair = new AssociationPair(options: options).Connect();
        pair.RightReads = false;
        for (var i = 0; i < 30; i++)
        {
            pair.SendLeft(new byte[10_000]);
        }

        // Far longer than all retransmissions would take: a peer without room is not a dead peer
        pair.RunFor(TimeSpan.FromMinutes(3));
        pair.Left.IsEstablished.ShouldBeTrue();
        pair.Left.TotalBufferedAmount.ShouldBeGreaterThan(100_000);
        pair.RightReads = true;

        pair.RunUntil(() => pair.RightMessageCount == 30, TimeSpan.FromSeconds(1)).ShouldBeTrue();
    }

    [Fact]
    public void Delivers_unordered_messages_past_a_gap_and_ordered_ones_after_it()
    {
        var pair = new AssociationPair().Connect();
        pair.RunFor(TimeSpan.FromSeconds(1));
        pair.Filter = static (_, _) => false;
        pair.SendLeft([1]);
        pair.Drain();
        pair.Filter = static (_, _) => true;
        pair.SendLeft([2]);
        pair.SendLeft([3], unordered: true);
        pair.SendLeft([4], stream: 1);

        pair.RunUntil(() => pair.RightMessageCount == 4).ShouldBeTrue();

        pair.RightMessages.Select(message => (int)message[0]).ShouldBe([4, 3, 1, 2]);
    }

    [Fact]
    public void Lets_streams_take_turns_between_messages()
    {
        var pair = new AssociationPair().Connect();
        for (var i = 0; i < 3; i++)
        {
            pair.SendLeft(new byte[20_000], stream: 0);
        }

        pair.Drain(); // the first message has begun, and nothing may come between its fragments
        pair.SendLeft([9], stream: 1);
        pair.RunUntil(() => pair.RightMessageCount == 4).ShouldBeTrue();

        pair.RightMessages.Select(message => message.Length).ShouldBe([20_000, 1, 20_000, 20_000]);
    }

    [Fact]
    public void Grows_the_window_in_slow_start_up_to_a_fast_transfer()
    {
        var pair = new AssociationPair(minDelay: TimeSpan.FromMilliseconds(25)).Connect();
        pair.SendLeft(new byte[MiB]);
        var start = pair.Now;

        pair.RunUntil(() => pair.RightMessageCount > 0).ShouldBeTrue();

        // 50 ms round trips, windows of 12, 24, 48 … KiB: seven of them carry a mebibyte
        (pair.Now - start).TotalMilliseconds.ShouldBeLessThan(500);
    }

    [Fact]
    public void Gives_up_when_the_same_data_was_repeated_ten_times()
    {
        var pair = new AssociationPair().Connect();
        pair.Filter = static (fromLeft, _) => !fromLeft;
        pair.SendLeft([1]);

        pair.RunUntil(() => pair.LeftEvents.OfType<SctpEvent.Closed>().Any()).ShouldBeTrue();

        pair.LeftEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.RetransmissionLimit));
        pair.Elapsed.TotalSeconds.ShouldBeInRange(40, 80);
        pair.Left.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Notices_a_silent_peer_by_heartbeats_and_leaves_an_answering_one_alone()
    {
        var pair = new AssociationPair().Connect();
        pair.RunFor(TimeSpan.FromMinutes(10));
        pair.Left.IsEstablished.ShouldBeTrue();

        pair.Filter = static (fromLeft, _) => fromLeft;
        pair.RunUntil(() => pair.LeftEvents.OfType<SctpEvent.Closed>().Any()).ShouldBeTrue();

        pair.LeftEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.RetransmissionLimit));
    }
}
