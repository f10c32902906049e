using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class SctpHandshakeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connects_whether_one_side_or_both_begin(bool bothSides)
    {
        var pair = new AssociationPair().Connect(bothSides);

        pair.LeftEvents.ShouldBe([new SctpEvent.Connected()]);
        pair.RightEvents.ShouldBe([new SctpEvent.Connected()]);
        pair.Elapsed.TotalMilliseconds.ShouldBeLessThanOrEqualTo(40); // two round trips of 20 ms
        pair.RunFor(TimeSpan.FromSeconds(10));
        pair.LeftEvents.Count.ShouldBe(1);
        pair.RightEvents.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(ChunkType.Init, true)]
    [InlineData(ChunkType.Init, false)]
    [InlineData(ChunkType.InitAck, true)]
    [InlineData(ChunkType.InitAck, false)]
    [InlineData(ChunkType.CookieEcho, true)]
    [InlineData(ChunkType.CookieEcho, false)]
    [InlineData(ChunkType.CookieAck, true)]
    [InlineData(ChunkType.CookieAck, false)]
    internal void Connects_although_all_first_packets_of_a_kind_are_lost(ChunkType lost, bool bothSides)
    {
        var pair = new AssociationPair(
            options: new SctpOptions { RoundTripTime = TimeSpan.FromMilliseconds(20) }
        );
        var seen = new HashSet<bool>();
        pair.Filter = (fromLeft, packet) =>
            !AssociationPair.ChunksOf(packet).Contains(lost) || !seen.Add(fromLeft);
        pair.SendLeft([7]);

        pair.Connect(bothSides);

        pair.RunUntil(() => pair.RightMessageCount > 0 && pair.Left.TotalBufferedAmount == 0).ShouldBeTrue();
        pair.RightMessages.Single().ShouldBe([7]);
        pair.RightEvents[0].ShouldBe(new SctpEvent.Connected());
        pair.Elapsed.TotalMilliseconds.ShouldBeLessThan(1000);
    }

    [Fact]
    public void Sends_data_along_with_the_cookie()
    {
        var pair = new AssociationPair();
        pair.SendLeft([1, 2, 3]);

        pair.Connect(bothSides: false);

        // INIT, INIT ACK, COOKIE ECHO with DATA: three times 10 ms
        pair.RunUntil(() => pair.RightMessageCount > 0).ShouldBeTrue();
        pair.Elapsed.TotalMilliseconds.ShouldBeLessThanOrEqualTo(40);
        pair.RightEvents.Select(e => e.GetType())
            .ShouldBe([typeof(SctpEvent.Connected), typeof(SctpEvent.MessageReceived)]);
    }

    [Fact]
    public void Gives_up_when_nobody_answers()
    {
        var association = new SctpAssociation(new SctpOptions(), new SeededEntropy(1));
        var now = Instant.Origin;
        association.Connect(now);
        var inits = 0;
        while (association.NextDeadline is { } deadline)
        {
            while (association.TryTakeTransmit(now, out var packet))
            {
                AssociationPair.ChunksOf(packet.ToArray()).ShouldBe([ChunkType.Init]);
                inits++;
            }

            now = deadline;
            association.HandleDeadline(now);
        }

        inits.ShouldBe(SctpAssociation.MaxHandshakeTries);
        association.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new SctpEvent.Closed(SctpCloseReason.HandshakeTimeout));
        association.TryTakeEvent(out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_peer_that_began_anew_rather_than_lose_messages()
    {
        var pair = new AssociationPair().Connect();
        var stranger = new SctpAssociation(new SctpOptions(), new SeededEntropy(99));
        stranger.Connect(pair.Now);

        for (var i = 0; i < 3; i++)
        {
            while (stranger.TryTakeTransmit(pair.Now, out var packet))
            {
                pair.Right.HandlePacket(pair.Now, packet.Span);
            }

            while (pair.Right.TryTakeTransmit(pair.Now, out var packet))
            {
                stranger.HandlePacket(pair.Now, packet.Span);
            }
        }

        pair.Right.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new SctpEvent.Closed(SctpCloseReason.PeerRestarted));
        stranger.TryTakeEvent(out e).ShouldBeTrue();
        e.ShouldBe(new SctpEvent.Closed(SctpCloseReason.AbortedByPeer));
    }

    [Fact]
    public void An_init_alone_changes_nothing_in_an_association_that_is_up()
    {
        var pair = new AssociationPair().Connect();
        var stranger = new SctpAssociation(new SctpOptions(), new SeededEntropy(99));
        stranger.Connect(pair.Now);
        stranger.TryTakeTransmit(pair.Now, out var init).ShouldBeTrue();

        pair.Right.HandlePacket(pair.Now, init.Span);
        pair.SendLeft([5]);

        pair.RunUntil(() => pair.RightMessageCount > 0).ShouldBeTrue();
    }

    [Fact]
    public void Tells_a_peer_whose_cookie_is_too_old_and_connects_on_its_next_try()
    {
        var now = Instant.Origin;
        var left = new SctpAssociation(new SctpOptions(), new SeededEntropy(1));
        var right = new SctpAssociation(new SctpOptions(), new SeededEntropy(2));
        left.Connect(now);
        Exchange(left, right, now);
        Exchange(right, left, now);
        left.TryTakeTransmit(now, out var cookieEcho).ShouldBeTrue();
        now += TimeSpan.FromSeconds(61);
        right.HandlePacket(now, cookieEcho.Span);
        for (var i = 0; i < 4; i++)
        {
            Exchange(right, left, now);
            Exchange(left, right, now);
        }

        left.IsEstablished.ShouldBeTrue();
        right.IsEstablished.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0u, 100_000u, 1, 1, false)]
    [InlineData(1u, 1499u, 1, 1, true)]
    [InlineData(1u, 1500u, 0, 1, true)]
    [InlineData(1u, 1500u, 1, 0, true)]
    public void Refuses_an_init_with_values_that_it_must_not_have(
        uint tag,
        uint window,
        int outbound,
        int inbound,
        bool aborts
    )
    {
        var association = new SctpAssociation(new SctpOptions(), new SeededEntropy(1));
        var chunk = new byte[InitChunk.HeaderSize];
        var writer = new SpanWriter(chunk);
        new InitChunk(new VerificationTag(tag), window, (ushort)outbound, (ushort)inbound, new Tsn(5)).Write(
            ref writer,
            ChunkType.Init,
            []
        );

        association.HandlePacket(Instant.Origin, PacketBytes.Create(VerificationTag.Zero, chunk));

        association.TryTakeTransmit(Instant.Origin, out var answer).ShouldBe(aborts);
        association.TryTakeEvent(out var e).ShouldBe(aborts);
        if (aborts)
        {
            AssociationPair.ChunksOf(answer.ToArray()).ShouldBe([ChunkType.Abort]);
            e.ShouldBe(new SctpEvent.Closed(SctpCloseReason.InvalidInit));
        }
    }

    [Fact]
    public void Answers_the_init_of_a_browser_and_reports_the_parameter_it_does_not_know()
    {
        // Shape of Chromium's: window 0x500000, 65535 streams both ways, C000 and 8008 {82, C0}; and one of tomorrow
        byte[] parameters = [0xC0, 0, 0, 4, 0x80, 0x08, 0, 6, 0x82, 0xC0, 0, 0, 0xC0, 0x77, 0, 4];
        var chunk = new byte[InitChunk.HeaderSize + parameters.Length];
        var writer = new SpanWriter(chunk);
        new InitChunk(new VerificationTag(77), 0x0050_0000, 65535, 65535, new Tsn(5)).Write(
            ref writer,
            ChunkType.Init,
            parameters
        );
        var association = new SctpAssociation(new SctpOptions(), new SeededEntropy(1));

        association.HandlePacket(Instant.Origin, PacketBytes.Create(VerificationTag.Zero, chunk));

        association.TryTakeTransmit(Instant.Origin, out var answer).ShouldBeTrue();
        CommonHeader.TryParse(answer.Span, out var header).ShouldBeTrue();
        header.VerificationTag.ShouldBe(new VerificationTag(77));
        InitChunk.TryParse(answer.Span[CommonHeader.Size..], out _, out var bytes).ShouldBeTrue();
        var reader = new ParameterReader(bytes);
        reader.TryRead(out var type, out var cookie).ShouldBeTrue();
        type.ShouldBe(ParameterType.StateCookie);
        cookie.Length.ShouldBe(4 + IssuedCookie.Size);
        reader.TryRead(out type, out _).ShouldBeTrue();
        type.ShouldBe(ParameterType.ForwardTsnSupported);
        reader.TryRead(out type, out var extensions).ShouldBeTrue();
        type.ShouldBe(ParameterType.SupportedExtensions);
        extensions[4..].ToArray().ShouldBe([0xC0, 0x82]);
        reader.TryRead(out type, out var report).ShouldBeTrue();
        type.ShouldBe(ParameterType.UnrecognizedParameter);
        report[4..].ToArray().ShouldBe([0xC0, 0x77, 0, 4]);
        reader.TryRead(out _, out _).ShouldBeFalse();
    }

    private static void Exchange(SctpAssociation from, SctpAssociation to, Instant now)
    {
        while (from.TryTakeTransmit(now, out var packet))
        {
            to.HandlePacket(now, packet.Span);
        }
    }
}
