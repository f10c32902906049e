using System.Buffers.Binary;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>How an association comes up (RFC 9260 section 5), also when the peer does it strangely.</summary>
public sealed class AssociationSetUpTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Gives_up_when_the_cookie_is_never_acknowledged()
    {
        var wire = Wire.CookieEchoed();

        var repeated = wire.Wait(Minute * 5);

        repeated.ShouldAllBe(sent =>
            sent.Packet.Has(ChunkType.CookieEcho) || sent.Packet.Has(ChunkType.Abort)
        );
        repeated
            .Count(sent => sent.Packet.Has(ChunkType.CookieEcho))
            .ShouldBe(SctpAssociation.MaxHandshakeTries - 1);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.HandshakeTimeout);
        wire.Association.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Each_wait_of_the_handshake_is_longer_than_the_one_before()
    {
        var wire = Wire.CookieWait();
        var times = wire.Wait(Minute * 5)
            .Where(sent => sent.Packet.Has(ChunkType.Init))
            .Select(sent => sent.At)
            .ToList();
        var waits = times.Zip([TimeSpan.Zero, .. times], (later, earlier) => later - earlier).ToList();
        for (var i = 1; i < waits.Count; i++)
        {
            waits[i].ShouldBeGreaterThanOrEqualTo(waits[i - 1]);
        }

        waits[1].ShouldBe(waits[0] * 2);
    }

    [Fact]
    public void A_repeated_INIT_is_the_same_as_the_first()
    {
        var wire = Wire.Closed();
        wire.Association.Connect(wire.Now);
        var first = wire.Take().ShouldHaveSingleItem();
        var second = wire.Wait(Minute).First(sent => sent.Packet.Has(ChunkType.Init)).Packet;
        second.Chunks[0].ShouldBe(first.Chunks[0]);
    }

    [Fact]
    public void Tags_cookies_and_first_TSNs_differ_from_one_association_to_the_next()
    {
        var tags = new HashSet<VerificationTag>();
        var numbers = new HashSet<Tsn>();
        var cookies = new HashSet<string>();
        for (var seed = 0; seed < 100; seed++)
        {
            var wire = Wire.CookieWait(seed: seed);
            tags.Add(wire.Tag).ShouldBeTrue();
            wire.Tag.ShouldNotBe(VerificationTag.Zero);
            numbers.Add(wire.FirstTsn).ShouldBeTrue();
            cookies.Add(Convert.ToHexString(wire.GiveInit().Cookie!)).ShouldBeTrue();
        }
    }

    /// <summary>
    /// RFC 9260 section 5.2.1: two INITs cross. The answer has the tag and the first TSN of our own INIT, or the peer would take us
    /// for another.
    /// </summary>
    [Fact]
    public void An_INIT_that_crosses_ours_is_answered_with_the_tag_and_TSN_of_ours()
    {
        var wire = Wire.CookieWait();
        var (tag, tsn) = (wire.Tag, wire.FirstTsn);
        wire.GiveInit();
        (wire.Tag, wire.FirstTsn).ShouldBe((tag, tsn));

        wire = Wire.CookieEchoed();
        (tag, tsn) = (wire.Tag, wire.FirstTsn);
        wire.GiveInit();
        (wire.Tag, wire.FirstTsn).ShouldBe((tag, tsn));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_answer_to_a_repeated_INIT_connects(bool first)
    {
        var wire = Wire.Closed();
        var one = wire.GiveInit();
        var tag = wire.Tag;
        wire.Now += TimeSpan.FromSeconds(1);
        var other = wire.GiveInit();

        wire.Tag.ShouldBe(tag);
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, (first ? one : other).Cookie));
        wire.TakeTypes().ShouldBe([ChunkType.CookieAck]);
        wire.Association.IsEstablished.ShouldBeTrue();
    }

    [Fact]
    public void Takes_INIT_and_INIT_ACK_with_every_parameter_that_there_is()
    {
        // Both kinds of addresses, a longer cookie life, ECN, kinds of addresses, extensions, random and chunk list of RFC 4895
        byte[] parameters =
        [
            .. Parameter(5, [192, 0, 2, 1]),
            .. Parameter(6, new byte[16]),
            .. Parameter(9, [0, 0, 1, 0]),
            .. Parameter(0x8000, []),
            .. Parameter(12, [0, 5, 0, 6]),
            .. Parameter(0x8002, new byte[32]),
            .. Parameter(0x8003, [0xC1, 0x80]),
            .. Parameter(0x8004, [0, 1]),
            .. Wire.AllParameters(),
        ];
        var wire = Wire.Closed();
        wire.GiveInit(Wire.Init(parameters: parameters)).Unrecognized.ShouldBeEmpty();
        wire = Wire.CookieWait();
        wire.Give(Wire.InitAck([.. parameters, .. Wire.CookieParameter()]));
        wire.TakeTypes().ShouldBe([ChunkType.CookieEcho]);
        wire.Association.Features.ShouldNotBeNull().ForwardTsn.ShouldBeTrue();
        wire.Association.Features.ShouldNotBeNull().Reconfiguration.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0x0077, false, false)] // 00: stop, and say nothing
    [InlineData(0x4077, true, false)] // 01: stop, and report
    [InlineData(0x8077, false, true)] // 10: go on
    [InlineData(0xC077, true, true)] // 11: go on, and report
    public void The_top_bits_say_what_happens_to_an_unknown_parameter(int type, bool reports, bool goesOn)
    {
        byte[] unknown = Parameter(type, [1, 2, 3, 4]);
        var wire = Wire.Closed();
        wire.GiveAs(VerificationTag.Zero, Wire.Init(parameters: [.. unknown, .. Wire.AllParameters()]));
        var answer = wire.Take().ShouldHaveSingleItem().Chunks[0];
        answer.AsSpan().IndexOf(unknown).ShouldBe(reports ? answer.Length - unknown.Length : -1);

        wire = Wire.CookieWait();
        wire.Give(Wire.InitAck([.. Wire.CookieParameter(), .. unknown, .. Parameter(0xC077, [])]));
        var echo = wire.Take().ShouldHaveSingleItem();
        echo.Has(ChunkType.Error).ShouldBe(reports || goesOn);
        if (reports)
        {
            echo.Of(ChunkType.Error).AsSpan(8, unknown.Length).SequenceEqual(unknown).ShouldBeTrue();
            echo.Types.ShouldBe([ChunkType.CookieEcho, ChunkType.Error]); // section 3.3.3: in the same packet, behind
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_name_as_address_ends_the_association(bool inInit)
    {
        byte[] parameters = [.. Parameter(11, "host.example\0"u8), .. Wire.CookieParameter()];
        var wire = inInit ? Wire.Closed() : Wire.CookieWait();
        if (inInit)
        {
            wire.GiveAs(VerificationTag.Zero, Wire.Init(parameters: parameters));
        }
        else
        {
            wire.Give(Wire.InitAck(parameters));
        }

        var abort = wire.Take().ShouldHaveSingleItem();
        abort.Tag.ShouldBe(Wire.PeerTag);
        CauseOf(abort).ShouldBe(ErrorCause.UnresolvableAddress);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.InvalidInit);
    }

    [Fact]
    public void An_INIT_ACK_without_cookie_is_refused_and_told_what_is_missing()
    {
        var wire = Wire.CookieWait();
        wire.Give(Wire.InitAck(Wire.AllParameters()));

        var abort = wire.Take().ShouldHaveSingleItem();
        CauseOf(abort).ShouldBe(ErrorCause.MissingMandatoryParameter);
        abort.Chunks[0][8..].ShouldBe([0, 0, 0, 1, 0, (byte)ParameterType.StateCookie]);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.InvalidInit);
    }

    [Theory]
    [InlineData(0u, 1_000_000u, 1, 1)]
    [InlineData(7u, 1_000_000u, 0, 1)]
    [InlineData(7u, 1_000_000u, 1, 0)]
    [InlineData(7u, 1499u, 1, 1)]
    public void An_INIT_ACK_with_values_that_it_must_not_have_ends_the_attempt(
        uint tag,
        uint window,
        int outbound,
        int inbound
    )
    {
        var wire = Wire.CookieWait();
        wire.Give(Wire.Init(ChunkType.InitAck, tag, window, (ushort)outbound, (ushort)inbound));

        CauseOf(wire.Take().ShouldHaveSingleItem()).ShouldBe(ErrorCause.InvalidMandatoryParameter);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.InvalidInit);
        wire.Association.NextDeadline.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_more_streams_are_used_than_the_peer_takes(bool inInit)
    {
        var wire = inInit ? Wire.Closed() : Wire.CookieWait();
        if (inInit)
        {
            var cookie = wire.GiveInit(Wire.Init(inbound: 2)).Cookie;
            wire.Give(BareChunk.Create(ChunkType.CookieEcho, cookie));
        }
        else
        {
            wire.Give(Wire.InitAck(inbound: 2));
            wire.Give(BareChunk.Create(ChunkType.CookieAck));
        }

        wire.Take();
        wire.Association.OutboundStreamCount.ShouldBe(2);
        wire.Send([1], stream: 0);
        wire.Send([1], stream: 1);
        Should.Throw<InvalidOperationException>(() => wire.Send([1], stream: 2));
        wire.Take().Sum(packet => packet.Tsns.Count).ShouldBe(2);
    }

    [Fact]
    public void Nothing_but_the_packet_of_the_cookie_carries_data_before_it_is_acknowledged()
    {
        var wire = Wire.CookieWait();
        for (var i = 0; i < 20; i++)
        {
            wire.Send(new byte[1000]);
        }

        wire.Give(Wire.InitAck());
        var echo = wire.Take().ShouldHaveSingleItem();
        echo.Types[0].ShouldBe(ChunkType.CookieEcho);
        echo.Has(ChunkType.Data).ShouldBeTrue();
        wire.Send([2]);
        wire.Wait(TimeSpan.FromSeconds(5)).ShouldAllBe(sent => sent.Packet.Has(ChunkType.CookieEcho));

        wire.Give(BareChunk.Create(ChunkType.CookieAck));
        wire.Take().Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void The_cookie_comes_back_byte_for_byte()
    {
        var cookie = new byte[487];
        new Random(1).NextBytes(cookie);
        var wire = Wire.CookieWait();
        wire.Give(Wire.InitAck(InitParameters.ForInitAck(cookie, default, [])));
        wire.Take().ShouldHaveSingleItem().Chunks[0][4..].ShouldBe(cookie);
    }

    private static byte[] Parameter(int type, ReadOnlySpan<byte> value)
    {
        var parameter = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16BigEndian(parameter, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(parameter.AsSpan(2), (ushort)(4 + value.Length));
        value.CopyTo(parameter.AsSpan(4));
        return parameter;
    }

    private static ErrorCause CauseOf(Wire.Packet packet)
    {
        packet.Types.ShouldBe([ChunkType.Abort]);
        ErrorChunk.TryParseFirst(packet.Chunks[0], out var cause).ShouldBeTrue();
        return cause;
    }
}
