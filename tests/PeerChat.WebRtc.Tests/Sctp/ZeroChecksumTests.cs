using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Packets without a checksum, because DTLS detects errors (RFC 9653).</summary>
public sealed class ZeroChecksumTests
{
    private static readonly SctpOptions With = new() { AcceptsZeroChecksum = true };
    private static readonly SctpOptions Without = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_INIT_ACK_names_it_only_to_a_peer_that_named_it(bool peerDoes)
    {
        var features = HandmadePeer.AllButInterleaving with { ZeroChecksum = peerDoes };
        new HandmadePeer(With, features).Parameters.Features.ZeroChecksum.ShouldBe(peerDoes);
    }

    [Fact]
    public void Two_that_offer_it_send_no_checksum_but_with_the_handshake()
    {
        var packets = Run(With, With);

        packets.ShouldContain(packet => HasZero(packet));
        foreach (var packet in packets)
        {
            var chunks = AssociationPair.ChunksOf(packet).ToList();
            var isHandshake = chunks.Exists(type =>
                type is ChunkType.Init or ChunkType.InitAck or ChunkType.CookieEcho
            );
            HasZero(packet).ShouldBe(!isHandshake, string.Join(' ', chunks));
            CommonHeader.TryParse(packet, out _).ShouldBe(isHandshake);
            CommonHeader.TryParse(packet, out _, acceptsZeroChecksum: true).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Checksums_stay_when_only_one_side_offers_to_go_without(bool left, bool right) =>
        Run(left ? With : Without, right ? With : Without).ShouldAllBe(packet => IsChecked(packet));

    [Fact]
    public void Who_offered_it_still_drops_a_wrong_checksum_and_takes_a_right_one()
    {
        var peer = new HandmadePeer(With);
        var dropped = peer.Association.DroppedCount;
        peer.Give(HandmadePeer.Data(0, 1, 0, 3, [1]));
        peer.TakeMessages().ShouldBe([1]);

        var wrong = PacketBytes.Create(HandmadePeer.PeerTag, HandmadePeer.Data(1, 1, 1, 3, [2]));
        wrong[CommonHeader.ChecksumOffset] ^= 1;
        peer.Association.HandlePacket(peer.Now, wrong);

        peer.Association.DroppedCount.ShouldBe(dropped + 1);
        peer.TakeMessages().ShouldBeEmpty();
    }

    [Fact]
    public void Who_did_not_offer_it_drops_a_packet_without_checksum()
    {
        var peer = new HandmadePeer(Without);
        var dropped = peer.Association.DroppedCount;
        var packet = PacketBytes.Create(HandmadePeer.PeerTag, HandmadePeer.Data(0, 1, 0, 3, [2]));
        packet.AsSpan(CommonHeader.ChecksumOffset, sizeof(uint)).Clear();

        peer.Association.HandlePacket(peer.Now, packet);

        peer.Association.DroppedCount.ShouldBe(dropped + 1);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 1, 0, 8, 0, 0, 0, 2 })] // another method than DTLS
    [InlineData(new byte[] { 0x80, 1, 0, 4 })]
    [InlineData(new byte[] { 0x80, 1, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1 })]
    public void Other_methods_and_lengths_are_no_offer(byte[] parameter) =>
        InitParameters.Read(parameter).Features.ZeroChecksum.ShouldBeFalse();

    private static List<byte[]> Run(SctpOptions left, SctpOptions right)
    {
        var packets = new List<byte[]>();
        var pair = new AssociationPair(options: left, rightOptions: right)
        {
            Filter = (_, packet) =>
            {
                packets.Add(packet);
                return true;
            },
        }.Connect();
        pair.SendLeft(new byte[20_000]);
        pair.RunUntil(() => pair.RightMessageCount == 1).ShouldBeTrue();
        pair.RunFor(TimeSpan.FromSeconds(20)); // with a heartbeat
        pair.Left.Shutdown(pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
        pair.RightEvents[^1].ShouldBeOfType<SctpEvent.Closed>();
        // The last words of an association that has ended may go out with a checksum
        return packets.FindAll(packet =>
            AssociationPair.ChunksOf(packet).First() != ChunkType.ShutdownComplete
        );
    }

    private static bool IsChecked(byte[] packet) => CommonHeader.TryParse(packet, out _);

    private static bool HasZero(byte[] packet) =>
        packet.AsSpan(CommonHeader.ChecksumOffset, sizeof(uint)).IndexOfAnyExcept((byte)0) < 0;
}
