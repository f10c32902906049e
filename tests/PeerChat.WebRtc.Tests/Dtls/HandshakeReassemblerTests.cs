using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class HandshakeReassemblerTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Joins_overlapping_fragments_in_any_order(int seed)
    {
        var random = new Random(seed);
        var reassembler = new HandshakeReassembler();
        for (var i = 0; i < 10_000; i++)
        {
            var offset = random.Next(Body.Length);
            var length = random.Next(1, Math.Min(20, Body.Length - offset) + 1);
            reassembler.TryAdd(Header(0, offset, length), Body.AsSpan(offset, length)).ShouldBeTrue();
            if (reassembler.TryTakeNext(out var type, out var message))
            {
                type.ShouldBe(HandshakeType.Certificate);
                HandshakeHeader.TryParse(message, out var header).ShouldBeTrue();
                header.ShouldBe(Header(0, 0, Body.Length));
                message.AsSpan(HandshakeHeader.Size).SequenceEqual(Body).ShouldBeTrue();
                reassembler.BufferedBytes.ShouldBe(0);
                return;
            }
        }

        Assert.Fail("never whole");
    }

    [Fact]
    public void Gives_messages_in_order()
    {
        var reassembler = new HandshakeReassembler();
        reassembler.TryAdd(Header(1, 0, 100), Body).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out _).ShouldBeFalse();
        reassembler.TryAdd(Header(0, 0, 100), Body).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out _).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out _).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out _).ShouldBeFalse();
        reassembler.TryAdd(Header(1, 0, 100), Body).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_fragment_that_contradicts_the_first_in_length_or_type()
    {
        var reassembler = new HandshakeReassembler();
        reassembler.TryAdd(Header(0, 0, 50), Body.AsSpan(0, 50)).ShouldBeTrue();
        reassembler.TryAdd(Header(0, 50, 49) with { Length = 99 }, Body.AsSpan(50, 49)).ShouldBeFalse();
        reassembler
            .TryAdd(Header(0, 50, 50) with { Type = HandshakeType.ServerHello }, Body.AsSpan(50))
            .ShouldBeFalse();
        reassembler.TryAdd(Header(0, 50, 50), Body.AsSpan(50)).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void Keeps_the_first_bytes_of_an_overlap()
    {
        var reassembler = new HandshakeReassembler();
        reassembler.TryAdd(Header(0, 0, 60), Body.AsSpan(0, 60)).ShouldBeTrue();
        reassembler.TryAdd(Header(0, 30, 70), Enumerable.Repeat((byte)255, 70).ToArray()).ShouldBeTrue();
        reassembler.TryTakeNext(out _, out var message).ShouldBeTrue();
        message.AsSpan(12, 60).SequenceEqual(Body.AsSpan(0, 60)).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_messages_over_the_limits()
    {
        var reassembler = new HandshakeReassembler();
        var one = new byte[1];
        reassembler
            .TryAdd(Big(HandshakeType.Certificate, 0, HandshakeMessage.MaxCertificateLength + 1), one)
            .ShouldBeFalse();
        reassembler
            .TryAdd(Big(HandshakeType.ClientHello, 0, HandshakeMessage.MaxLength + 1), one)
            .ShouldBeFalse();
        reassembler
            .TryAdd(Big(HandshakeType.ClientHello, HandshakeReassembler.MaxAhead + 1, 10), one)
            .ShouldBeFalse();
        reassembler
            .TryAdd(Big(HandshakeType.ClientHello, HandshakeReassembler.MaxAhead, 10), one)
            .ShouldBeTrue();
    }

    private static HandshakeHeader Header(ushort sequence, int offset, int length) =>
        new(HandshakeType.Certificate, Body.Length, sequence, offset, length);

    private static HandshakeHeader Big(HandshakeType type, int sequence, int length) =>
        new(type, length, (ushort)sequence, 0, 1);
}
