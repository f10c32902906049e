using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>Our SCTP alone, one packet a datagram (RFC 6951), with checksums.</summary>
internal sealed class AssociationPeer : LayerPeer
{
    private readonly List<SctpEvent> _events = [];

    /// <summary>Prepares an association.</summary>
    public AssociationPeer(PathQuality path, bool interleaves)
        : base(path)
    {
        var options = new SctpOptions
        {
            InterleavesMessages = interleaves,
            InitialTsn = uint.MaxValue - 20, // its numbers begin anew after the first packets
        };
        Association = new SctpAssociation(options, new SeededEntropy(path.Seed + 1));
    }

    /// <summary>The association.</summary>
    public SctpAssociation Association { get; }

    /// <summary>What it told so far.</summary>
    public IReadOnlyList<SctpEvent> Events => _events;

    /// <summary>The end, once it came.</summary>
    public SctpCloseReason? Closed => Events.OfType<SctpEvent.Closed>().FirstOrDefault()?.Reason;

    /// <inheritdoc/>
    protected override bool IsOver => Closed is not null;

    /// <inheritdoc/>
    protected override Instant? NextDeadline => Association.NextDeadline;

    /// <summary>Begins the handshake.</summary>
    public void Connect() => Association.Connect(Now);

    /// <summary>Sends a message of the pattern.</summary>
    public void Send(ushort stream, int size, SendOptions options = default)
    {
        RunUntil(() => Association.CanBuffer(size));
        Association.Send(
            new StreamId(stream),
            PayloadProtocolIdentifier.Binary,
            MessagePattern.Of(size),
            options,
            Now
        );
    }

    /// <summary>Has a stream begin anew.</summary>
    public void Reset(ushort stream) => Association.ResetStream(new StreamId(stream), Now);

    /// <summary>Ends it once all is acknowledged.</summary>
    public void Shutdown() => Association.Shutdown(Now);

    /// <summary>Ends it at once.</summary>
    public void Abort() => Association.Abort(Now);

    /// <summary>Messages that came on a stream.</summary>
    public string[] Messages(ushort stream) =>
        [
            .. Events
                .OfType<SctpEvent.MessageReceived>()
                .Where(each => each.Stream.Value == stream)
                .Select(each => MessagePattern.Name(each.Payload)),
        ];

    /// <inheritdoc/>
    protected override void HandleDatagram(ReadOnlySpan<byte> datagram) =>
        Association.HandlePacket(Now, datagram);

    /// <inheritdoc/>
    protected override void HandleDeadline() => Association.HandleDeadline(Now);

    /// <inheritdoc/>
    protected override bool TryTakeTransmit(out ReadOnlyMemory<byte> datagram) =>
        Association.TryTakeTransmit(Now, out datagram);

    /// <inheritdoc/>
    protected override void TakeEvents()
    {
        while (Association.TryTakeEvent(out var e))
        {
            _events.Add(e);
        }
    }
}
