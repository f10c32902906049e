using System.Buffers.Binary;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>Messages that are broken, come again, come late or in a state where nobody expects them (RFC 9260 sections 5.2, 8.4, 8.5).</summary>
public sealed class InvalidAndRepeatedMessageTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void INIT_and_INIT_ACK_that_are_too_short_are_dropped(bool isInit)
    {
        for (var length = 4; length < InitChunk.HeaderSize; length++)
        {
            var wire = isInit ? Wire.Closed() : Wire.CookieWait();
            var chunk = (isInit ? Wire.Init() : Wire.InitAck())[..length];
            BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), (ushort)length);
            wire.GiveAs(isInit ? VerificationTag.Zero : wire.Tag, chunk);
            wire.Take().ShouldBeEmpty();
            wire.TakeEvents().ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_chunk_that_is_longer_than_its_packet_is_dropped()
    {
        var wire = Wire.Closed();
        var chunk = Wire.Init()[..^4]; // its length says more
        wire.GiveAs(VerificationTag.Zero, chunk);
        wire.Take().ShouldBeEmpty();
        wire.Association.DroppedCount.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_packet_with_a_wrong_checksum_is_dropped()
    {
        var wire = Wire.Closed();
        var packet = PacketBytes.Create(VerificationTag.Zero, Wire.Init());
        packet[CommonHeader.ChecksumOffset] ^= 1;
        wire.Association.HandlePacket(wire.Now, packet);
        wire.Take().ShouldBeEmpty();
        wire.Association.DroppedCount.ShouldBe(1);
    }

    [Fact]
    public void A_COOKIE_ECHO_with_another_tag_or_cookie_makes_no_association()
    {
        var wire = Wire.Closed();
        var cookie = wire.GiveInit().Cookie!;
        wire.GiveAs(new VerificationTag(wire.Tag.Value ^ 1), BareChunk.Create(ChunkType.CookieEcho, cookie));
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, cookie.AsSpan(1)));
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, [.. cookie, 0]));
        wire.Give(BareChunk.Create(ChunkType.CookieEcho));
        cookie[3] ^= 1;
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, cookie));
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();

        cookie[3] ^= 1;
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, cookie));
        wire.TakeTypes().ShouldBe([ChunkType.CookieAck]);
    }

    [Theory]
    [InlineData(nameof(Wire.Established), ChunkType.Abort)]
    [InlineData(nameof(Wire.ShutdownSent), ChunkType.ShutdownAck)]
    [InlineData(nameof(Wire.ShutdownAckSent), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.Established), ChunkType.Data)]
    [InlineData(nameof(Wire.Established), ChunkType.Shutdown)]
    internal void A_wrong_tag_makes_a_chunk_worth_nothing(string state, ChunkType type)
    {
        var wire = Wire.In(state);
        var chunk = type switch
        {
            ChunkType.Data => Wire.Data(0),
            ChunkType.Shutdown => Wire.Shutdown(wire.FirstTsn.Previous),
            _ => BareChunk.Create(type),
        };
        foreach (var tag in new[] { wire.Tag.Value ^ 1, 0u, Wire.PeerTag.Value })
        {
            wire.GiveAs(new VerificationTag(tag), chunk);
        }

        wire.TakeEvents().ShouldBeEmpty();
        wire.Take().ShouldBeEmpty();
        wire.Association.DroppedCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(nameof(Wire.Established))]
    [InlineData(nameof(Wire.ShutdownPending))]
    [InlineData(nameof(Wire.ShutdownSent))]
    [InlineData(nameof(Wire.ShutdownReceived))]
    public void An_INIT_in_an_association_that_is_up_is_answered_with_a_new_tag_and_changes_nothing(
        string state
    )
    {
        var wire = Wire.In(state);
        var (tag, buffered) = (wire.Tag, wire.Association.TotalBufferedAmount);
        wire.GiveInit(Wire.Init());
        wire.Tag.ShouldNotBe(tag); // section 5.2.2
        wire.TakeEvents().ShouldBeEmpty();
        wire.Association.TotalBufferedAmount.ShouldBe(buffered);

        wire.GiveAs(tag, BareChunk.Create(ChunkType.Heartbeat, [0, 1, 0, 4])); // and the old tag still counts
        wire.TakeTypes().ShouldContain(ChunkType.HeartbeatAck);
    }

    [Fact]
    public void An_INIT_after_SHUTDOWN_ACK_brings_SHUTDOWN_ACK_again()
    {
        var wire = Wire.ShutdownAckSent();
        wire.GiveAs(VerificationTag.Zero, Wire.Init());
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);
    }

    [Theory]
    [InlineData(nameof(Wire.Closed))]
    [InlineData(nameof(Wire.CookieEchoed))]
    [InlineData(nameof(Wire.Established))]
    [InlineData(nameof(Wire.ShutdownSent))]
    [InlineData(nameof(Wire.ShutdownAckSent))]
    public void An_INIT_ACK_counts_only_while_INIT_waits_for_it(string state)
    {
        var wire = Wire.In(state);
        wire.Give(Wire.InitAck());
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Wire.Closed))]
    [InlineData(nameof(Wire.CookieWait))]
    [InlineData(nameof(Wire.Established))]
    [InlineData(nameof(Wire.ShutdownSent))]
    [InlineData(nameof(Wire.ShutdownAckSent))]
    public void A_COOKIE_ACK_counts_only_while_COOKIE_ECHO_waits_for_it(string state)
    {
        var wire = Wire.In(state);
        wire.Give(BareChunk.Create(ChunkType.CookieAck));
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Wire.Closed), ChunkType.Shutdown)]
    [InlineData(nameof(Wire.CookieWait), ChunkType.Shutdown)]
    [InlineData(nameof(Wire.Closed), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.CookieWait), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.CookieEchoed), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.Established), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.ShutdownSent), ChunkType.ShutdownComplete)]
    [InlineData(nameof(Wire.Established), ChunkType.ShutdownAck)]
    [InlineData(nameof(Wire.ShutdownPending), ChunkType.ShutdownAck)]
    [InlineData(nameof(Wire.Closed), ChunkType.Data)]
    [InlineData(nameof(Wire.CookieWait), ChunkType.Data)]
    [InlineData(nameof(Wire.Closed), ChunkType.Sack)]
    [InlineData(nameof(Wire.CookieWait), ChunkType.Heartbeat)]
    internal void What_a_state_does_not_expect_is_dropped_without_a_word(string state, ChunkType type)
    {
        var wire = Wire.In(state);
        wire.Give(
            type switch
            {
                ChunkType.Data => Wire.Data(0),
                ChunkType.Sack => HandmadePeer.Sack(wire.FirstTsn.Previous),
                ChunkType.Shutdown => Wire.Shutdown(wire.FirstTsn.Previous),
                _ => BareChunk.Create(type),
            }
        );

        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
        wire.Association.DroppedCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(nameof(Wire.Closed))]
    [InlineData(nameof(Wire.CookieWait))]
    [InlineData(nameof(Wire.CookieEchoed))]
    public void A_SHUTDOWN_ACK_of_an_association_long_gone_is_answered_with_its_own_tag(string state)
    {
        var wire = Wire.In(state);
        var stale = new VerificationTag(0x1234_5678);
        wire.GiveAs(stale, BareChunk.Create(ChunkType.ShutdownAck));

        var complete = wire.Take().ShouldHaveSingleItem(); // sections 8.4 rule 5 and 8.5.1 rule E
        complete.Tag.ShouldBe(stale);
        complete.Types.ShouldBe([ChunkType.ShutdownComplete]);
        complete.Chunks[0][1].ShouldBe(ChunkHeader.TagReflected);
        wire.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public void A_packet_full_of_stale_SHUTDOWN_ACKs_gets_one_answer()
    {
        var wire = Wire.CookieWait();
        wire.GiveAs(
            new VerificationTag(9),
            [.. Enumerable.Repeat(BareChunk.Create(ChunkType.ShutdownAck), 100)]
        );
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownComplete]);
    }

    [Fact]
    public void A_COOKIE_ECHO_that_comes_again_is_acknowledged_again()
    {
        var wire = Wire.Closed();
        var echo = BareChunk.Create(ChunkType.CookieEcho, wire.GiveInit().Cookie);
        wire.Give(echo);
        wire.TakeTypes().ShouldBe([ChunkType.CookieAck]);
        wire.Now += TimeSpan.FromMinutes(5); // also when it is old by now (section 5.2.4, step 3)
        wire.Give(echo, Wire.Data(0));

        wire.TakeTypes().ShouldBe([ChunkType.CookieAck, ChunkType.Sack]);
        wire.TakeEvents().OfType<SctpEvent.Connected>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_COOKIE_ECHO_with_a_wrong_cookie_does_nothing_to_an_association_that_is_up()
    {
        var wire = Wire.Established();
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, new byte[IssuedCookie.Size]));
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
        wire.Association.IsEstablished.ShouldBeTrue();
    }

    [Theory]
    [InlineData(nameof(Wire.CookieWait))]
    [InlineData(nameof(Wire.Established))]
    [InlineData(nameof(Wire.ShutdownSent))]
    public void A_stale_cookie_error_counts_only_while_a_cookie_waits(string state)
    {
        var wire = Wire.In(state);
        wire.Give(ErrorChunk.Create(ChunkType.Error, ErrorCause.StaleCookie, [0, 0, 0, 9]));
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public void A_stale_cookie_error_begins_the_handshake_anew()
    {
        var wire = Wire.CookieEchoed();
        wire.Give(ErrorChunk.Create(ChunkType.Error, ErrorCause.StaleCookie, [0, 0, 0, 9]));
        var init = wire.Take().ShouldHaveSingleItem();
        init.Types.ShouldBe([ChunkType.Init]);
        init.Tag.ShouldBe(VerificationTag.Zero);
        wire.Give(Wire.InitAck());
        wire.TakeTypes().ShouldBe([ChunkType.CookieEcho]);
    }

    [Fact]
    public void Other_errors_are_noted_and_change_nothing()
    {
        var wire = Wire.Established();
        for (ushort cause = 0; cause < 20; cause++)
        {
            wire.Give(ErrorChunk.Create(ChunkType.Error, (ErrorCause)cause, [1, 2, 3]));
        }

        wire.Give(BareChunk.Create(ChunkType.Error));
        wire.Take().ShouldBeEmpty();
        wire.TakeEvents().ShouldBeEmpty();
        wire.Association.IsEstablished.ShouldBeTrue();
    }

    [Theory]
    [InlineData(ChunkType.InitAck, nameof(Wire.CookieWait))]
    [InlineData(ChunkType.ShutdownComplete, nameof(Wire.ShutdownAckSent))]
    internal void INIT_ACK_and_SHUTDOWN_COMPLETE_count_only_alone(ChunkType type, string state)
    {
        foreach (var dataIsFirst in new[] { true, false })
        {
            var wire = Wire.In(state);
            var chunk = type == ChunkType.InitAck ? Wire.InitAck() : BareChunk.Create(type);
            byte[][] chunks = dataIsFirst ? [Wire.Data(0), chunk] : [chunk, Wire.Data(0)];
            wire.Give(chunks);
            wire.Take().ShouldBeEmpty();
            wire.TakeEvents().ShouldBeEmpty();

            wire.Give(chunk);
            (wire.Take().Count + wire.TakeEvents().Count).ShouldBe(1);
        }
    }

    [Fact]
    public void COOKIE_ACK_SHUTDOWN_ACK_and_SHUTDOWN_may_travel_with_others()
    {
        var wire = Wire.CookieEchoed();
        wire.Give(BareChunk.Create(ChunkType.CookieAck), Wire.Data(0));
        wire.TakeTypes().ShouldBe([ChunkType.Sack]);
        wire.TakeEvents().Count.ShouldBe(2);

        wire = Wire.Established();
        wire.Send([1]);
        wire.Take();
        wire.Give(HandmadePeer.Sack(wire.FirstTsn), Wire.Shutdown(wire.FirstTsn));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);

        wire = Wire.ShutdownSent();
        wire.Give(BareChunk.Create(ChunkType.ShutdownAck), Wire.Data(0));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownComplete]);
        wire.TakeEvents().ShouldHaveSingleItem().ShouldBeOfType<SctpEvent.Closed>();
    }

    [Theory]
    [InlineData(0x3F, false, false)]
    [InlineData(0x7F, true, false)]
    [InlineData(0xBF, false, true)]
    [InlineData(0xFF, true, true)]
    public void The_top_bits_say_what_happens_to_an_unknown_chunk_and_to_the_data_behind_it(
        byte type,
        bool reports,
        bool goesOn
    )
    {
        byte[] unknown = [type, 0, 0, 7, 1, 2, 3];
        var wire = Wire.Established();
        wire.Give(unknown, Wire.Data(0));

        var types = wire.TakeTypes();
        types.Contains(ChunkType.Error).ShouldBe(reports);
        types.Contains(ChunkType.Sack).ShouldBe(goesOn);
        wire.TakeEvents().Count.ShouldBe(goesOn ? 1 : 0);
        wire.Give(Wire.Data(0)); // either way it can come again
        wire.Wait(Second);
        wire.TakeEvents().Count.ShouldBe(goesOn ? 0 : 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(36)]
    [InlineData(1000)]
    public void A_HEARTBEAT_comes_back_byte_for_byte(int size)
    {
        var wire = Wire.Established();
        var info = new byte[size];
        new Random(1).NextBytes(info);
        wire.Give(BareChunk.Create(ChunkType.Heartbeat, info));
        var answer = wire.Take().ShouldHaveSingleItem().Chunks[0];
        answer[0].ShouldBe((byte)ChunkType.HeartbeatAck);
        answer[4..].ShouldBe(info);
    }

    [Fact]
    public void A_HEARTBEAT_ACK_that_nobody_asked_for_gives_no_round_trip()
    {
        var wire = Wire.Established();
        wire.Give(BareChunk.Create(ChunkType.HeartbeatAck, [0, 1, 0, 12, 0, 0, 0, 0, 0, 0, 0, 1]));
        wire.Give(BareChunk.Create(ChunkType.HeartbeatAck));
        wire.Association.DroppedCount.ShouldBe(2);
    }
}
