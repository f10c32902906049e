using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class SctpHostileTests
{
    private static readonly VerificationTag PeerTag = new(0xCAFE);
    private readonly Instant _now = Instant.Origin;
    private VerificationTag _tag;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_mutated_packet_makes_it_throw(int seed)
    {
        var random = new Random(seed);
        var pair = new AssociationPair(seed, loss: 0.05);
        var captured = new List<(bool FromLeft, byte[] Packet)>();
        pair.Filter = (fromLeft, packet) =>
        {
            captured.Add((fromLeft, packet));
            return true;
        };
        pair.Connect();
        pair.SendLeft(new byte[20_000]);
        pair.RunFor(TimeSpan.FromSeconds(20));
        var count = captured.Count;
        for (var round = 0; round < 300 && !pair.RightEvents.OfType<SctpEvent.Closed>().Any(); round++)
        {
            var (fromLeft, original) = captured[random.Next(count)];
            var packet = original.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                packet[random.Next(CommonHeader.Size, packet.Length)] = (byte)random.Next(256);
            }

            CommonHeader.TryParse(original, out var header).ShouldBeTrue();
            var target = fromLeft ? pair.Right : pair.Left;
            Should.NotThrow(() =>
                target.HandlePacket(pair.Now, PacketBytes.Seal(header.VerificationTag, packet))
            );
            pair.Drain();
        }

        pair.RunFor(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Drops_a_sack_for_what_was_never_sent()
    {
        var association = Established();
        association.Send(new StreamId(0), PayloadProtocolIdentifier.Binary, [1], false, _now);
        association.TryTakeTransmit(_now, out var packet).ShouldBeTrue();
        var tsn = FirstTsn(packet.Span);
        var dropped = association.DroppedCount;

        Give(association, Sack(tsn.Add(1)));
        Give(association, Sack(tsn.Add(-2)));
        Give(association, Sack(tsn.Previous, new GapAckBlock(1, 2)));
        Give(association, Sack(tsn.Previous, new GapAckBlock(0, 1)));
        Give(association, Sack(tsn.Previous, new GapAckBlock(1, 1), new GapAckBlock(1, 1)));

        association.DroppedCount.ShouldBe(dropped + 5);
        association.TotalBufferedAmount.ShouldBe(1);
        Give(association, Sack(tsn));
        association.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void Ends_when_a_peer_fills_the_buffer_with_what_can_never_be_delivered()
    {
        var association = Established();
        // The first message of stream 1 never comes
        for (uint i = 0; i < 20_000 && association.IsEstablished; i++)
        {
            Give(
                association,
                Data(i, stream: 1, (ushort)(i + 1), DataChunk.BeginFlag | DataChunk.EndFlag, new byte[1100])
            );
        }

        CloseReason(association).ShouldBe(SctpCloseReason.OutOfResource);
    }

    [Fact]
    public void Keeps_no_more_than_the_window_ahead_of_a_gap()
    {
        var association = Established();
        for (uint i = 1; i < 20_000; i++)
        {
            Give(
                association,
                Data(i, stream: 1, (ushort)i, DataChunk.BeginFlag | DataChunk.EndFlag, new byte[1100])
            );
        }

        association.IsEstablished.ShouldBeTrue();
        association.DroppedCount.ShouldBe(0);
        Give(association, Data(0, stream: 1, 0, DataChunk.BeginFlag | DataChunk.EndFlag, [1]));
        var delivered = 0;
        while (association.TryTakeEvent(out _))
        {
            delivered++;
        }

        delivered.ShouldBeInRange(3000, 4 * 1024 * 1024 / 1100);
    }

    [Fact]
    public void Ends_when_a_message_is_larger_than_announced()
    {
        var association = Established(new SctpOptions { MaxReceiveMessageSize = 5000 });
        Give(association, Data(0, 1, 0, DataChunk.BeginFlag, new byte[1100]));
        for (uint i = 1; i < 5; i++)
        {
            Give(association, Data(i, 1, 0, 0, new byte[1100]));
        }

        CloseReason(association).ShouldBe(SctpCloseReason.MessageTooLarge);
    }

    [Theory]
    [InlineData(DataChunk.BeginFlag, DataChunk.BeginFlag, 1, 0)] // begins inside a message
    [InlineData(DataChunk.BeginFlag, DataChunk.EndFlag, 2, 0)] // another stream inside a message
    [InlineData(DataChunk.BeginFlag, DataChunk.EndFlag, 1, 1)] // another sequence number inside a message
    [InlineData(DataChunk.BeginFlag, DataChunk.EndFlag | DataChunk.UnorderedFlag, 1, 0)]
    [InlineData(DataChunk.BeginFlag | DataChunk.EndFlag, DataChunk.BeginFlag | DataChunk.EndFlag, 1, 0)] // number again
    public void Ends_when_fragments_contradict_each_other(
        int firstFlags,
        int secondFlags,
        ushort stream,
        ushort ssn
    )
    {
        var association = Established();

        Give(association, Data(0, 1, 0, firstFlags, [1]));
        Give(association, Data(1, stream, ssn, secondFlags, [1]));

        CloseReason(association).ShouldBe(SctpCloseReason.ProtocolViolation);
    }

    [Fact]
    public void Ends_on_data_without_payload()
    {
        var association = Established();

        Give(association, Data(0, 1, 0, 3, []));

        CloseReason(association).ShouldBe(SctpCloseReason.ProtocolViolation);
        association.TryTakeTransmit(_now, out var packet).ShouldBeTrue();
        ErrorChunk.TryParseFirst(packet.Span[CommonHeader.Size..], out var cause).ShouldBeTrue();
        cause.ShouldBe(ErrorCause.NoUserData);
    }

    [Fact]
    public void Ends_when_a_peer_uses_more_streams_than_it_may()
    {
        var association = Established();
        for (uint i = 0; i <= ReassemblyQueue.MaxStreams; i++)
        {
            Give(association, Data(i, (ushort)i, 0, 3, [1]));
        }

        CloseReason(association).ShouldBe(SctpCloseReason.OutOfResource);
    }

    [Fact]
    public void Acknowledges_data_on_the_stream_that_no_channel_may_have_and_reports_it()
    {
        var association = Established();

        Give(association, Data(0, 65535, 0, 3, [1]));

        Take(association).ShouldBe([ChunkType.Error, ChunkType.Sack]);
        association.TryTakeEvent(out _).ShouldBeFalse();
    }

    [Fact]
    public void Handles_unknown_chunks_by_their_top_bits_and_reports_once()
    {
        byte[] stop = [0x3F, 0, 0, 4];
        byte[] stopAndReport = [0x7F, 0, 0, 4];
        byte[] skip = [0xBF, 0, 0, 4];
        byte[] skipAndReport = [0xFF, 0, 0, 4];
        var heartbeat = BareChunk.Create(ChunkType.Heartbeat, [0, 1, 0, 4]);

        var association = Established();
        Give(association, stop, heartbeat);
        Take(association).ShouldBeEmpty();
        Give(association, stopAndReport, heartbeat);
        Take(association).ShouldBe([ChunkType.Error]);
        Give(association, skip, heartbeat);
        Take(association).ShouldBe([ChunkType.HeartbeatAck]);
        Give(association, skipAndReport, skipAndReport, heartbeat, heartbeat);
        Take(association).ShouldBe([ChunkType.Error, ChunkType.HeartbeatAck]);
    }

    [Fact]
    public void Looks_at_no_more_than_128_chunks_of_a_packet()
    {
        var association = Established();
        var chunks = Enumerable
            .Repeat(new byte[] { 0xBF, 0, 0, 4 }, SctpAssociation.MaxChunksPerPacket)
            .ToList();
        chunks.Add(BareChunk.Create(ChunkType.Heartbeat, [0, 1, 0, 4]));

        Give(association, [.. chunks]);

        Take(association).ShouldBeEmpty();
    }

    [Fact]
    public void Queues_no_more_than_64_answers_for_a_caller_that_takes_none()
    {
        var association = Established();
        for (var i = 0; i < 1000; i++)
        {
            Give(association, BareChunk.Create(ChunkType.Heartbeat, [0, 1, 0, 4]));
        }

        Take(association).Count.ShouldBe(SctpAssociation.MaxQueuedControl);
    }

    [Fact]
    public void Drops_packets_with_a_wrong_tag_or_port_or_init_beside_others()
    {
        var association = Established();
        var abort = ErrorChunk.Create(ChunkType.Abort, ErrorCause.UserInitiatedAbort, []);
        association.HandlePacket(_now, PacketBytes.Create(new VerificationTag(_tag.Value ^ 1), abort));
        association.HandlePacket(_now, PacketBytes.Create(PeerTag, abort));
        var wrongPort = PacketBytes.Create(_tag, abort);
        new CommonHeader(5000, 5001, _tag).Write(wrongPort);
        association.HandlePacket(_now, wrongPort);
        association.HandlePacket(_now, PacketBytes.Create(VerificationTag.Zero, InitBytes(), abort));
        association.IsEstablished.ShouldBeTrue();

        // The T bit: the peer shows its own tag
        association.HandlePacket(
            _now,
            PacketBytes.Create(
                PeerTag,
                ErrorChunk.Create(
                    ChunkType.Abort,
                    ErrorCause.UserInitiatedAbort,
                    [],
                    ChunkHeader.TagReflected
                )
            )
        );
        CloseReason(association).ShouldBe(SctpCloseReason.AbortedByPeer);
    }

    [Fact]
    public void Refuses_to_buffer_more_than_the_limit_for_sending()
    {
        var association = new SctpAssociation(
            new SctpOptions { SendBufferLimit = 1000 },
            new SeededEntropy(1)
        );
        association.Send(new StreamId(0), PayloadProtocolIdentifier.Binary, new byte[900], false, _now);

        association.CanBuffer(101).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() =>
            association.Send(new StreamId(0), PayloadProtocolIdentifier.Binary, new byte[101], false, _now)
        );
        Should.Throw<ArgumentException>(() =>
            association.Send(new StreamId(0), PayloadProtocolIdentifier.Binary, [], false, _now)
        );
        association.BufferedAmount(new StreamId(0)).ShouldBe(900);
    }

    private static byte[] InitBytes()
    {
        var chunk = new byte[InitChunk.HeaderSize];
        var writer = new SpanWriter(chunk);
        new InitChunk(PeerTag, 1_000_000, 65535, 65535, new Tsn(0)).Write(ref writer, ChunkType.Init, []);
        return chunk;
    }

    private static byte[] Data(uint tsn, ushort stream, ushort ssn, int flags, byte[] payload)
    {
        var bytes = new byte[DataChunk.HeaderSize + payload.Length];
        var writer = new SpanWriter(bytes);
        new DataChunk
        {
            Flags = (byte)flags,
            Tsn = new Tsn(tsn),
            Stream = new StreamId(stream),
            MessageNumber = new MessageNumber(ssn),
            Ppid = PayloadProtocolIdentifier.Binary,
            Payload = payload,
        }.Write(ref writer);
        return bytes;
    }

    private static byte[] Sack(Tsn cumulative, params GapAckBlock[] blocks)
    {
        var bytes = new byte[SackChunk.SizeOf(blocks.Length, 0)];
        var writer = new SpanWriter(bytes);
        SackChunk.Write(ref writer, cumulative, 1_000_000, blocks, []);
        return bytes;
    }

    private static Tsn FirstTsn(ReadOnlySpan<byte> packet)
    {
        var reader = new ChunkReader(packet[CommonHeader.Size..]);
        while (reader.TryRead(out var header, out var chunk))
        {
            if (header.Type == ChunkType.Data && DataChunk.TryParse(chunk, out var data))
            {
                return data.Tsn;
            }
        }

        throw new InvalidOperationException("No DATA.");
    }

    private static SctpCloseReason CloseReason(SctpAssociation association)
    {
        SctpEvent? last = null;
        while (association.TryTakeEvent(out var e))
        {
            last.ShouldNotBeOfType<SctpEvent.Closed>();
            last = e;
        }

        return last.ShouldBeOfType<SctpEvent.Closed>().Reason;
    }

    /// <summary>An association whose other side is this test, with tag <see cref="PeerTag"/> and first TSN 0.</summary>
    private SctpAssociation Established(SctpOptions? options = null)
    {
        var association = new SctpAssociation(options ?? new SctpOptions(), new SeededEntropy(1));
        association.HandlePacket(_now, PacketBytes.Create(VerificationTag.Zero, InitBytes()));
        association.TryTakeTransmit(_now, out var packet).ShouldBeTrue();
        InitChunk
            .TryParse(packet.Span[CommonHeader.Size..], out var initAck, out var parameters)
            .ShouldBeTrue();
        _tag = initAck.InitiateTag;
        Give(association, BareChunk.Create(ChunkType.CookieEcho, InitParameters.Read(parameters).Cookie));
        Take(association).ShouldBe([ChunkType.CookieAck]);
        association.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new SctpEvent.Connected());
        return association;
    }

    private void Give(SctpAssociation association, params byte[][] chunks) =>
        association.HandlePacket(_now, PacketBytes.Create(_tag, chunks));

    private List<ChunkType> Take(SctpAssociation association)
    {
        var types = new List<ChunkType>();
        while (association.TryTakeTransmit(_now, out var packet))
        {
            types.AddRange(AssociationPair.ChunksOf(packet.ToArray()));
        }

        return types;
    }
}
