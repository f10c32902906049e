using System.Buffers;
using System.Runtime.InteropServices;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

[Collection(nameof(AloneCollection))]
public sealed class AllocationTests
{
    private const int MessageSize = 64 * 1024;
    private static readonly StreamId Stream = new(0);
    private Instant _now = Instant.Origin;
    private int _packets;

    [Fact]
    public void Bulk_allocates_nothing_per_packet_in_the_steady_state()
    {
        var options = new SctpOptions { InterleavesMessages = true, AcceptsZeroChecksum = true };
        var (left, right) = (
            new SctpAssociation(options, new SeededEntropy(1)),
            new SctpAssociation(options, new SeededEntropy(2))
        );
        left.Connect(_now);
        right.Connect(_now);
        var message = new byte[MessageSize];
        Transfer(200);
        var perPacket = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            // The least of five rounds: a full collection may empty the pool of buffers, a packet's own object comes every time.
            _packets = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            Transfer(200);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            _packets.ShouldBeGreaterThan(200 * MessageSize / SctpOptions.MaxPacketSize);
            perPacket = Math.Min(perPacket, allocated / (double)_packets);
        }

        // A message has a few small objects of its own, and sixty packets; one object per packet would be 24 bytes at least.
        perPacket.ShouldBeLessThan(12);

        void Transfer(int count)
        {
            for (var i = 0; i < count; i++)
            {
                left.Send(Stream, PayloadProtocolIdentifier.Binary, message, unordered: false, _now);
                while (Move(left, right) | Move(right, left))
                {
                    _now += TimeSpan.FromMilliseconds(1);
                }
            }
        }
    }

    private bool Move(SctpAssociation from, SctpAssociation to)
    {
        var any = false;
        from.HandleDeadline(_now);
        while (from.TryTakeTransmit(_now, out var packet))
        {
            any = true;
            _packets++;
            to.HandlePacket(_now, packet.Span);
            while (to.TryTakeEvent(out var happened))
            {
                if (
                    happened is SctpEvent.MessageReceived received
                    && MemoryMarshal.TryGetArray(received.Payload, out var bytes)
                )
                {
                    ArrayPool<byte>.Shared.Return(bytes.Array!);
                }
            }
        }

        return any;
    }
}
