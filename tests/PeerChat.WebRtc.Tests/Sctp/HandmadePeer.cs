using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>An established association whose other side is the test: its packets are made by hand.</summary>
internal sealed class HandmadePeer
{
    /// <summary>The tag of the test's side; its first TSN is 0.</summary>
    public static readonly VerificationTag PeerTag = new(0xCAFE);

    public static readonly PeerFeatures AllButInterleaving = new(
        ForwardTsn: true,
        Reconfiguration: true,
        Interleaving: false,
        ZeroChecksum: true
    );

    private readonly VerificationTag _tag;

    public HandmadePeer(SctpOptions? options = null, PeerFeatures? features = null)
    {
        options = (options ?? new SctpOptions()) with { InitialTsn = 0xFFFF_FFFE };
        Association = new SctpAssociation(options, new SeededEntropy(1));
        var announced = (features ?? AllButInterleaving).ToParameters();
        Association.HandlePacket(Now, PacketBytes.Create(VerificationTag.Zero, InitBytes(announced)));
        Association.TryTakeTransmit(Now, out var packet).ShouldBeTrue();
        InitChunk
            .TryParse(packet.Span[CommonHeader.Size..], out var initAck, out var parameters)
            .ShouldBeTrue();
        _tag = initAck.InitiateTag;
        Parameters = InitParameters.Read(parameters);
        Give(BareChunk.Create(ChunkType.CookieEcho, Parameters.Cookie));
        TakeTypes().ShouldBe([ChunkType.CookieAck]);
        Association.TryTakeEvent(out var e).ShouldBeTrue();
        e.ShouldBe(new SctpEvent.Connected());
    }

    public SctpAssociation Association { get; }

    /// <summary>What INIT ACK said.</summary>
    public InitParameters Parameters { get; }

    public Instant Now { get; set; } = Instant.Origin;

    /// <summary>The first TSN of the association; the second wraps.</summary>
    public static Tsn FirstTsn => new(0xFFFF_FFFE);

    public static byte[] InitBytes(byte[] parameters)
    {
        var chunk = new byte[InitChunk.HeaderSize + parameters.Length];
        var writer = new SpanWriter(chunk);
        new InitChunk(PeerTag, 1_000_000, 65535, 65535, new Tsn(0)).Write(
            ref writer,
            ChunkType.Init,
            parameters
        );
        return chunk;
    }

    public static byte[] Data(
        uint tsn,
        ushort stream,
        uint number,
        int flags,
        byte[] payload,
        uint? fragment = null
    )
    {
        var isInterleaved = fragment is not null;
        var bytes = new byte[DataChunk.HeaderSizeOf(isInterleaved) + payload.Length];
        var writer = new SpanWriter(bytes);
        new DataChunk
        {
            IsInterleaved = isInterleaved,
            Flags = (byte)flags,
            Tsn = new Tsn(tsn),
            Stream = new StreamId(stream),
            MessageNumber = new MessageNumber(number),
            FragmentNumber = fragment ?? 0,
            Ppid = PayloadProtocolIdentifier.Binary,
            Payload = payload,
        }.Write(ref writer);
        return bytes;
    }

    public static byte[] Forward(uint tsn, params (ushort Stream, ushort Number)[] skipped)
    {
        var bytes = new byte[1000];
        var writer = new SpanWriter(bytes);
        ForwardTsnChunk.Write(
            ref writer,
            isInterleaved: false,
            new Tsn(tsn),
            [
                .. skipped.Select(s => new SkippedStream(
                    new StreamId(s.Stream),
                    false,
                    new MessageNumber(s.Number)
                )),
            ]
        );
        return bytes[..writer.Position];
    }

    public static byte[] Sack(Tsn cumulative, params GapAckBlock[] blocks)
    {
        var bytes = new byte[SackChunk.SizeOf(blocks.Length, 0)];
        var writer = new SpanWriter(bytes);
        SackChunk.Write(ref writer, cumulative, 1_000_000, blocks, []);
        return bytes;
    }

    public void Give(params byte[][] chunks) =>
        Association.HandlePacket(Now, PacketBytes.Create(_tag, chunks));

    /// <summary>All chunks that the association has to send, without padding.</summary>
    public List<(ChunkType Type, byte[] Bytes)> Take()
    {
        var chunks = new List<(ChunkType, byte[])>();
        while (Association.TryTakeTransmit(Now, out var packet))
        {
            var reader = new ChunkReader(packet.Span[CommonHeader.Size..]);
            while (reader.TryRead(out var header, out var chunk))
            {
                chunks.Add((header.Type, chunk.ToArray()));
            }
        }

        return chunks;
    }

    public List<ChunkType> TakeTypes() => [.. Take().Select(chunk => chunk.Type)];

    /// <summary>The cumulative TSN ack of the last SACK that the association sends now.</summary>
    public uint TakeCumulativeAck()
    {
        var bytes = Take().Last(chunk => chunk.Type == ChunkType.Sack).Bytes;
        SackChunk.TryParse(bytes, out var sack).ShouldBeTrue();
        return sack.CumulativeTsnAck.Value;
    }

    public List<SctpEvent> TakeEvents()
    {
        var events = new List<SctpEvent>();
        while (Association.TryTakeEvent(out var e))
        {
            events.Add(e);
        }

        return events;
    }

    /// <summary>The first bytes of the messages that came.</summary>
    public List<int> TakeMessages() =>
        [.. TakeEvents().OfType<SctpEvent.MessageReceived>().Select(e => (int)e.Payload.Span[0])];

    /// <summary>Lets the association do what is due within this time, and gives what it sends meanwhile.</summary>
    public List<(ChunkType Type, byte[] Bytes)> Wait(TimeSpan span)
    {
        var end = Now + span;
        var chunks = Take();
        while (Association.NextDeadline is { } deadline && deadline <= end)
        {
            Now = Instant.Max(Now, deadline);
            Association.HandleDeadline(Now);
            chunks.AddRange(Take());
        }

        Now = end;
        return chunks;
    }
}
