using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>What whole connections cost in memory: nothing per packet, and little when idle.</summary>
[Collection(nameof(AloneCollection))]
public sealed class MemoryTests
{
    private static readonly TransportAddress Left = Addresses.Of("10.0.0.1:1000");
    private static readonly TransportAddress Right = Addresses.Of("10.0.0.2:2000");
    private readonly byte[] _buffer = new byte[20_000];
    private Instant _now = Instant.Origin;
    private long _packets;

    [Theory]
    [InlineData(1200)]
    [InlineData(PeerConnection.LargestDatagram)]
    public void Nothing_is_allocated_per_packet_in_the_steady_state(int maxDatagram)
    {
        var (offerer, answerer) = Connect(1, maxDatagram);
        var channel = offerer.OpenChannel("bulk", _now);
        var (small, large) = (new byte[16 * 1024], new byte[PeerConnection.LocalMaxMessageSize]);
        Transfer(small, 400);
        Transfer(large, 400);

        // Messages have objects of their own, packets have none: as many messages of sixteen times the length cost not a byte more
        var (smallBytes, smallPackets) = Measure(small);
        var (largeBytes, largePackets) = Measure(large);

        (largePackets - smallPackets).ShouldBeGreaterThanOrEqualTo(100 * 15 * 16_384L / maxDatagram);
        largeBytes.ShouldBe(smallBytes);

        // The least of five rounds: a full collection may empty the pool of buffers
        (long Bytes, long Packets) Measure(byte[] message) =>
            Enumerable
                .Range(0, 5)
                .Select(_ =>
                {
                    var (before, packets) = (GC.GetAllocatedBytesForCurrentThread(), _packets);
                    Transfer(message, 100);
                    return (
                        Bytes: GC.GetAllocatedBytesForCurrentThread() - before,
                        Packets: _packets - packets
                    );
                })
                .MinBy(round => round.Bytes);

        void Transfer(byte[] message, int count)
        {
            for (var i = 0; i < count; i++)
            {
                offerer.Send(channel, isText: false, message, _now);
                Settle(offerer, answerer);
            }
        }
    }

    [Fact]
    public void Two_hundred_idle_connections_take_at_most_a_hundred_kilobytes_each()
    {
        const int Count = 200;
        Connect(0, SctpOptions.BaseDatagram);
        var connections = new List<PeerConnection>(Count * 2);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= Count; i++)
        {
            var (offerer, answerer) = Connect(i, SctpOptions.BaseDatagram);
            var channel = offerer.OpenChannel("chat", _now);
            offerer.Send(channel, isText: true, "hello"u8, _now);
            Settle(offerer, answerer);
            connections.Add(offerer);
            connections.Add(answerer);
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / connections.Count;
        connections.ShouldAllBe(connection => connection.State == PeerConnectionState.Connected);
        each.ShouldBeLessThan(100_000);
        connections.ForEach(connection => connection.Dispose());
    }

    private (PeerConnection Offerer, PeerConnection Answerer) Connect(int seed, int maxDatagram)
    {
        var offerer = New(isOfferer: true, seed, Left);
        var answerer = New(isOfferer: false, seed + 100_000, Right);
        answerer.SetRemoteDescription(offerer.LocalDescription, _now);
        offerer.SetRemoteDescription(answerer.LocalDescription, _now);
        Settle(offerer, answerer);
        offerer.State.ShouldBe(PeerConnectionState.Connected);
        return (offerer, answerer);

        PeerConnection New(bool isOfferer, int entropy, TransportAddress address) =>
            new(isOfferer, [address], new SeededEntropy(entropy), _now) { MaxDatagramSize = maxDatagram };
    }

    // Moves datagrams until nobody has any, a tenth of a millisecond each round.
    private void Settle(PeerConnection offerer, PeerConnection answerer)
    {
        while (Move(offerer, answerer, Left, Right) | Move(answerer, offerer, Right, Left))
        {
            _now += TimeSpan.FromMilliseconds(0.1);
        }
    }

    private bool Move(PeerConnection from, PeerConnection to, TransportAddress own, TransportAddress other)
    {
        var any = false;
        from.HandleDeadline(_now);
        while (from.TryTakeTransmit(out var datagram))
        {
            any = true;
            _packets++;
            var bytes = _buffer.AsSpan(0, datagram.Payload.Length);
            datagram.Payload.Span.CopyTo(bytes);
            to.HandleDatagram(_now, other, own, bytes);
            while (to.TryTakeEvent(out var happened))
            {
                if (happened is PeerConnectionEvent.MessageReceived message)
                {
                    PeerConnection.Recycle(message);
                }
            }
        }

        return any;
    }
}
