using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>One association in any state of RFC 9260 section 4, whose other end is the test, packet by packet.</summary>
internal sealed class Wire
{
    /// <summary>The tag that the test's side announces.</summary>
    public static readonly VerificationTag PeerTag = new(0xCAFE);

    /// <summary>The first TSN of the test's side.</summary>
    public static readonly Tsn PeerTsn = new(1000);

    /// <summary>The cookie that the test's side gives out.</summary>
    public static readonly byte[] Cookie = [1, 2, 3, 4, 5, 6, 7, 8];

    private Wire(SctpOptions? options, int seed) =>
        Association = new SctpAssociation(options ?? new SctpOptions(), new SeededEntropy(seed));

    public SctpAssociation Association { get; }

    public Instant Now { get; set; } = Instant.Origin;

    /// <summary>The tag of the association, from its INIT or INIT ACK.</summary>
    public VerificationTag Tag { get; private set; }

    /// <summary>The first TSN of the association.</summary>
    public Tsn FirstTsn { get; private set; }

    /// <summary>Nothing was sent.</summary>
    public static Wire Closed(SctpOptions? options = null, int seed = 1) => new(options, seed);

    /// <summary>INIT was sent and taken.</summary>
    public static Wire CookieWait(SctpOptions? options = null, int seed = 1)
    {
        var wire = Closed(options, seed);
        wire.Association.Connect(wire.Now);
        wire.Learn(wire.Take().ShouldHaveSingleItem(), ChunkType.Init);
        return wire;
    }

    /// <summary>COOKIE ECHO was sent and taken.</summary>
    public static Wire CookieEchoed(SctpOptions? options = null)
    {
        var wire = CookieWait(options);
        wire.Give(InitAck());
        wire.Take().ShouldHaveSingleItem().Types.ShouldBe([ChunkType.CookieEcho]);
        return wire;
    }

    /// <summary>Data flows.</summary>
    public static Wire Established(SctpOptions? options = null)
    {
        var wire = CookieEchoed(options);
        wire.Give(BareChunk.Create(ChunkType.CookieAck));
        wire.TakeEvents().ShouldBe([new SctpEvent.Connected()]);
        wire.Take().ShouldBeEmpty();
        return wire;
    }

    /// <summary>Our end was asked for while one message is under way.</summary>
    public static Wire ShutdownPending()
    {
        var wire = Established();
        wire.Send([1]);
        wire.Take().ShouldHaveSingleItem().Types.ShouldBe([ChunkType.Data]);
        wire.Association.Shutdown(wire.Now);
        wire.Take().ShouldBeEmpty();
        return wire;
    }

    /// <summary>SHUTDOWN was sent and taken.</summary>
    public static Wire ShutdownSent()
    {
        var wire = Established();
        wire.Association.Shutdown(wire.Now);
        wire.Take().ShouldHaveSingleItem().Types.ShouldBe([ChunkType.Shutdown]);
        return wire;
    }

    /// <summary>The peer's SHUTDOWN came while one message of ours is under way.</summary>
    public static Wire ShutdownReceived()
    {
        var wire = Established();
        wire.Send([1]);
        wire.Take().ShouldHaveSingleItem().Types.ShouldBe([ChunkType.Data]);
        wire.Give(Shutdown(wire.FirstTsn.Previous));
        wire.Take().ShouldBeEmpty();
        return wire;
    }

    /// <summary>SHUTDOWN ACK was sent and taken.</summary>
    public static Wire ShutdownAckSent()
    {
        var wire = Established();
        wire.Give(Shutdown(wire.FirstTsn.Previous));
        wire.Take().ShouldHaveSingleItem().Types.ShouldBe([ChunkType.ShutdownAck]);
        return wire;
    }

    /// <summary>Brings a fresh association into a state by the name of its method here.</summary>
    public static Wire In(string state) =>
        state switch
        {
            nameof(Closed) => Closed(),
            nameof(CookieWait) => CookieWait(),
            nameof(CookieEchoed) => CookieEchoed(),
            nameof(Established) => Established(),
            nameof(ShutdownPending) => ShutdownPending(),
            nameof(ShutdownSent) => ShutdownSent(),
            nameof(ShutdownReceived) => ShutdownReceived(),
            nameof(ShutdownAckSent) => ShutdownAckSent(),
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    public static byte[] Init(
        ChunkType type = ChunkType.Init,
        uint? tag = null,
        uint window = 1_000_000,
        ushort outbound = 65_535,
        ushort inbound = 65_535,
        byte[]? parameters = null
    )
    {
        parameters ??= type == ChunkType.Init ? AllParameters() : CookieParameter();
        var chunk = new byte[InitChunk.HeaderSize + parameters.Length];
        var writer = new SpanWriter(chunk);
        new InitChunk(new VerificationTag(tag ?? PeerTag.Value), window, outbound, inbound, PeerTsn).Write(
            ref writer,
            type,
            parameters
        );
        return chunk;
    }

    public static byte[] InitAck(byte[]? parameters = null, uint? tag = null, ushort inbound = 65_535) =>
        Init(ChunkType.InitAck, tag, inbound: inbound, parameters: parameters);

    /// <summary>A cookie, and all extensions but I-DATA.</summary>
    public static byte[] CookieParameter() =>
        InitParameters.ForInitAck(Cookie, HandmadePeer.AllButInterleaving, []);

    public static byte[] AllParameters() => HandmadePeer.AllButInterleaving.ToParameters();

    public static byte[] Shutdown(Tsn cumulative)
    {
        var chunk = new byte[ShutdownChunk.Size];
        var writer = new SpanWriter(chunk);
        new ShutdownChunk(cumulative).Write(ref writer);
        return chunk;
    }

    /// <summary>A whole message of the peer.</summary>
    public static byte[] Data(int offset, ushort stream = 0, uint number = 0, int flags = 3, int size = 1) =>
        HandmadePeer.Data(PeerTsn.Add(offset).Value, stream, number, flags, new byte[size]);

    public void Send(byte[] message, ushort stream = 0, bool unordered = false) =>
        Association.Send(new StreamId(stream), PayloadProtocolIdentifier.Binary, message, unordered, Now);

    public void Give(params byte[][] chunks) => GiveAs(Tag, chunks);

    public void GiveAs(VerificationTag tag, params byte[][] chunks) =>
        Association.HandlePacket(Now, PacketBytes.Create(tag, chunks));

    /// <summary>The packets that go out now.</summary>
    public List<Packet> Take()
    {
        var packets = new List<Packet>();
        while (Association.TryTakeTransmit(Now, out var bytes))
        {
            CommonHeader.TryParse(bytes.Span, out var header).ShouldBeTrue();
            var chunks = new List<byte[]>();
            var reader = new ChunkReader(bytes.Span[CommonHeader.Size..]);
            while (reader.TryRead(out _, out var chunk))
            {
                chunks.Add(chunk.ToArray());
            }

            packets.Add(new Packet(header.VerificationTag, chunks, bytes.Length));
        }

        return packets;
    }

    public List<ChunkType> TakeTypes() => [.. Take().SelectMany(packet => packet.Types)];

    public List<SctpEvent> TakeEvents()
    {
        var events = new List<SctpEvent>();
        while (Association.TryTakeEvent(out var e))
        {
            events.Add(e);
        }

        return events;
    }

    /// <summary>Why the association ended; null when it did not.</summary>
    public SctpCloseReason? TakeCloseReason() =>
        TakeEvents().OfType<SctpEvent.Closed>().SingleOrDefault()?.Reason;

    /// <summary>Lets time pass, and gives what is sent meanwhile with the time of each.</summary>
    public List<(TimeSpan At, Packet Packet)> Wait(TimeSpan span)
    {
        var (start, end) = (Now, Now + span);
        var sent = Take().ConvertAll(packet => (TimeSpan.Zero, packet));
        while (Association.NextDeadline is { } deadline && deadline <= end)
        {
            Now = Instant.Max(Now, deadline);
            Association.HandleDeadline(Now);
            sent.AddRange(Take().ConvertAll(packet => (Now - start, packet)));
        }

        Now = end;
        return sent;
    }

    private void Learn(Packet packet, ChunkType type)
    {
        packet.Types.ShouldBe([type]);
        InitChunk.TryParse(packet.Chunks[0], out var init, out _).ShouldBeTrue();
        (Tag, FirstTsn) = (init.InitiateTag, init.InitialTsn);
    }

    /// <summary>Lets the peer's INIT come, and gives the association's answer with its parameters.</summary>
    public InitParameters GiveInit(byte[]? init = null)
    {
        GiveAs(VerificationTag.Zero, init ?? Init());
        var answer = Take().ShouldHaveSingleItem();
        Learn(answer, ChunkType.InitAck);
        answer.Tag.ShouldBe(PeerTag);
        InitChunk.TryParse(answer.Chunks[0], out _, out var parameters).ShouldBeTrue();
        return InitParameters.Read(parameters);
    }

    /// <summary>One packet that the association sent.</summary>
    internal sealed record Packet(VerificationTag Tag, List<byte[]> Chunks, int Length)
    {
        public List<ChunkType> Types => Chunks.ConvertAll(chunk => (ChunkType)chunk[0]);

        public byte[] Of(ChunkType type) => Chunks.Single(chunk => chunk[0] == (byte)type);

        public bool Has(ChunkType type) => Types.Contains(type);

        public List<Tsn> Tsns =>
            [
                .. Chunks
                    .Where(chunk => chunk[0] == (byte)ChunkType.Data)
                    .Select(chunk => new Tsn(
                        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(chunk.AsSpan(4))
                    )),
            ];
    }
}
