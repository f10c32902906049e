using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Packets as large as the path takes them, and no larger (RFC 8899).</summary>
public sealed class PathMtuTests
{
    private const int Base = SctpOptions.MaxPacketSize;
    private static readonly SctpOptions Options = new()
    {
        MaxDatagramSize = SctpOptions.MaxDatagram,
        InterleavesMessages = true,
        AcceptsZeroChecksum = true,
    };

    private int _pathTakes = int.MaxValue;
    private int _probes;

    [Theory]
    [InlineData(1200, 1160)]
    [InlineData(1280, 1240)]
    [InlineData(1472, 1432)]
    [InlineData(9000, 8912)]
    [InlineData(65_507, 16_344)]
    public void Finds_the_largest_packet_that_the_path_takes(int datagram, int expected)
    {
        _pathTakes = datagram - PathMtu.DtlsOverhead;
        var pair = Connected();
        Transfer(pair, 2_000_000);
        pair.RunFor(TimeSpan.FromSeconds(2));
        Transfer(pair, 500_000);

        pair.Left.PacketSize.ShouldBe(expected);
        pair.Right.PacketSize.ShouldBe(Base); // it has sent nothing
        pair.Left.Sending.Timeouts.ShouldBe(0);
    }

    [Fact]
    public void Looks_for_nothing_while_there_is_only_chat()
    {
        var pair = Connected();
        for (var i = 0; i < 200; i++)
        {
            pair.SendLeft(new byte[300]);
            pair.RunFor(TimeSpan.FromMilliseconds(500));
        }

        _probes.ShouldBe(0);
    }

    [Fact]
    public void Sends_no_larger_datagrams_unless_it_may()
    {
        var pair = new AssociationPair(options: Options with { MaxDatagramSize = SctpOptions.BaseDatagram });
        pair.Connect();
        Transfer(pair, 2_000_000);
        pair.LargestPacket.ShouldBeLessThanOrEqualTo(Base);
    }

    [Fact]
    public void Asks_three_times_before_a_size_counts_as_too_large_and_again_after_ten_minutes()
    {
        _pathTakes = 1300;
        var pair = Connected();
        Transfer(pair, 2_000_000);
        pair.RunFor(TimeSpan.FromSeconds(2));
        _probes.ShouldBe(1 + PathMtu.MaxProbes);
        Transfer(pair, 2_000_000);
        _probes.ShouldBe(1 + PathMtu.MaxProbes);

        _pathTakes = 1472;
        pair.RunFor(PathMtu.RaiseAfter);
        Transfer(pair, 2_000_000);
        pair.RunFor(TimeSpan.FromSeconds(1));
        pair.Left.PacketSize.ShouldBe(1432);
    }

    [Fact]
    public void Goes_back_to_the_base_when_the_path_begins_to_swallow_and_everything_arrives()
    {
        var pair = Connected();
        Transfer(pair, 2_000_000);
        pair.RunFor(TimeSpan.FromSeconds(1));
        pair.Left.PacketSize.ShouldBeGreaterThan(10_000);

        for (var i = 0; i < 20; i++)
        {
            pair.SendLeft(new byte[99_000]);
        }

        pair.RunFor(TimeSpan.FromMilliseconds(15));
        _pathTakes = Base;
        var count = pair.RightMessageCount;
        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0, TimeSpan.FromSeconds(10))
            .ShouldBeTrue(
                $"{pair.Left.TotalBufferedAmount} left, packets of {pair.Left.PacketSize}, {pair.Left.Sending}"
            );

        pair.Left.PacketSize.ShouldBe(Base);
        pair.RightMessageCount.ShouldBeGreaterThan(count);
        pair.RightMessages.Count(message => message.Length == 99_000).ShouldBe(20);
    }

    [Fact]
    public void Begins_at_the_base_again_on_another_path()
    {
        var pair = Connected();
        Transfer(pair, 2_000_000);
        pair.Left.HandlePathChanged(1300, pair.Now);
        pair.Left.PacketSize.ShouldBe(Base);
        Transfer(pair, 2_000_000);
        pair.Left.PacketSize.ShouldBe(1240);
    }

    [Fact]
    public void A_probe_that_a_peer_answers_with_another_size_or_nonce_changes_nothing()
    {
        var path = new PathMtu(SctpOptions.MaxDatagram);
        path.HandleSent(PathMtu.MinBytes);
        var size = path.ProbeSize(Instant.Origin)!.Value;
        path.HandleProbeSent(Instant.Origin, TimeSpan.FromSeconds(1));
        path.ProbeSize(Instant.Origin).ShouldBeNull(); // one at a time

        path.HandleAnswer(size + 4, Instant.Origin);
        path.HandleAnswer(ushort.MaxValue, Instant.Origin);
        path.Current.ShouldBe(Base);
        path.HandleAnswer(size, Instant.Origin);
        path.Current.ShouldBe(size);
    }

    private static void Transfer(AssociationPair pair, int bytes)
    {
        for (var left = bytes; left > 0; left -= 100_000)
        {
            pair.SendLeft(new byte[Math.Min(left, 100_000)]);
        }

        pair.RunUntil(() => pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();
    }

    private AssociationPair Connected()
    {
        var pair = new AssociationPair(options: Options).Connect();
        pair.Filter = (fromLeft, packet) =>
        {
            _probes += fromLeft && AssociationPair.ChunksOf(packet).Contains(ChunkType.Padding) ? 1 : 0;
            return packet.Length <= _pathTakes;
        };
        return pair;
    }
}
