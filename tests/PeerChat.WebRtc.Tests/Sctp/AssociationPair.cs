using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Two associations joined by simulated paths, in virtual time.</summary>
internal sealed class AssociationPair
{
    private readonly SimulatedPath _toRight;
    private readonly SimulatedPath _toLeft;

    public AssociationPair(
        int seed = 1,
        TimeSpan? minDelay = null,
        TimeSpan? maxDelay = null,
        double loss = 0,
        double duplication = 0,
        SctpOptions? options = null,
        SctpOptions? rightOptions = null
    )
    {
        options ??= new SctpOptions();
        Left = new SctpAssociation(options, new SeededEntropy(seed));
        Right = new SctpAssociation(rightOptions ?? options, new SeededEntropy(seed + 10_000));
        minDelay ??= TimeSpan.FromMilliseconds(10);
        _toRight = new SimulatedPath(seed, minDelay, maxDelay, loss, duplication);
        _toLeft = new SimulatedPath(seed + 1, minDelay, maxDelay, loss, duplication);
    }

    public Instant Now { get; private set; } = Instant.Origin;

    public TimeSpan Elapsed => Now - Instant.Origin;

    public SctpAssociation Left { get; }

    public SctpAssociation Right { get; }

    public List<SctpEvent> LeftEvents { get; } = [];

    public List<SctpEvent> RightEvents { get; } = [];

    /// <summary>Whether events of the right side are taken; while not, its window fills.</summary>
    public bool RightReads { get; set; } = true;

    /// <summary>Sees each packet before the path does; false loses it.</summary>
    public Func<bool, byte[], bool> Filter { get; set; } = static (_, _) => true;

    public bool LeftReads { get; set; } = true;

    public int Packets { get; private set; }

    public int LargestPacket { get; private set; }

    public int RightMessageCount { get; private set; }

    public IEnumerable<byte[]> RightMessages =>
        RightEvents.OfType<SctpEvent.MessageReceived>().Select(message => message.Payload.ToArray());

    public static IEnumerable<ChunkType> ChunksOf(byte[] packet)
    {
        var types = new List<ChunkType>();
        var reader = new ChunkReader(packet.AsSpan(CommonHeader.Size));
        while (reader.TryRead(out var header, out _))
        {
            types.Add(header.Type);
        }

        return types;
    }

    public AssociationPair Connect(bool bothSides = true)
    {
        Left.Connect(Now);
        if (bothSides)
        {
            Right.Connect(Now);
        }

        RunUntil(() => Left.IsEstablished && Right.IsEstablished);
        return this;
    }

    public void SendLeft(byte[] message, ushort stream = 0, bool unordered = false) =>
        Left.Send(new StreamId(stream), PayloadProtocolIdentifier.Binary, message, unordered, Now);

    public void SendLeft(byte[] message, SendOptions options, ushort stream = 0) =>
        Left.Send(new StreamId(stream), PayloadProtocolIdentifier.Binary, message, options, Now);

    /// <summary>Runs until the condition holds; false when time or events ran out before.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        var end = Now + (limit ?? TimeSpan.FromSeconds(300));
        Drain();
        while (!condition())
        {
            var next = Instant.Earliest(
                Instant.Earliest(_toRight.NextArrival, _toLeft.NextArrival),
                Instant.Earliest(Left.NextDeadline, Right.NextDeadline)
            );
            if (next is not { } instant || instant > end)
            {
                Now = next is null ? Now : end;
                return false;
            }

            Now = Instant.Max(Now, instant);
            Step();
        }

        return true;
    }

    public void RunFor(TimeSpan span) => RunUntil(static () => false, span);

    public void Drain()
    {
        Drain(Left, LeftEvents, _toRight, fromLeft: true, LeftReads);
        Drain(Right, RightEvents, _toLeft, fromLeft: false, RightReads);
    }

    private void Step()
    {
        while (_toRight.TryReceive(Now, out var packet))
        {
            Right.HandlePacket(Now, packet);
            Drain();
        }

        while (_toLeft.TryReceive(Now, out var packet))
        {
            Left.HandlePacket(Now, packet);
            Drain();
        }

        Left.HandleDeadline(Now);
        Right.HandleDeadline(Now);
        Drain();
    }

    private void Drain(
        SctpAssociation association,
        List<SctpEvent> events,
        SimulatedPath path,
        bool fromLeft,
        bool reads
    )
    {
        while (reads && association.TryTakeEvent(out var e))
        {
            events.Add(e);
            RightMessageCount += !fromLeft && e is SctpEvent.MessageReceived ? 1 : 0;
        }

        while (association.TryTakeTransmit(Now, out var packet))
        {
            Packets++;
            LargestPacket = Math.Max(LargestPacket, packet.Length);
            var bytes = packet.ToArray();
            if (Filter(fromLeft, bytes))
            {
                path.Send(Now, bytes);
            }
        }
    }
}
