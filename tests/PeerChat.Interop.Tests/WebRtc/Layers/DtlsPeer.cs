using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>Our DTLS alone.</summary>
internal sealed class DtlsPeer : LayerPeer
{
    private readonly DtlsCertificate _certificate;

    /// <summary>Begins a handshake as soon as it is driven.</summary>
    /// <param name="isClient">Whether it says hello.</param>
    /// <param name="theirs">The SHA-256 of the other side's certificate.</param>
    /// <param name="path">How bad the path is.</param>
    /// <param name="port">Where the other side listens; 0: it comes by itself.</param>
    public DtlsPeer(bool isClient, byte[] theirs, PathQuality path, int port)
        : base(path)
    {
        var entropy = new SeededEntropy(path.Seed + 1);
        _certificate = DtlsCertificate.Create(entropy);
        Connection = new DtlsConnection(isClient, _certificate, theirs, entropy);
        if (port != 0)
        {
            SendTo(port);
        }

        Connection.Start(Now, TimeSpan.FromMilliseconds(25));
    }

    /// <summary>The connection.</summary>
    public DtlsConnection Connection { get; }

    /// <summary>Whether the handshake succeeded.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>The end, once it came.</summary>
    public DtlsEvent.Closed? Closed { get; private set; }

    /// <summary>What came, a record each.</summary>
    public List<byte[]> Received { get; } = [];

    /// <inheritdoc/>
    protected override bool IsOver => Closed is not null;

    /// <inheritdoc/>
    protected override Instant? NextDeadline => Connection.NextDeadline;

    /// <inheritdoc/>
    public override void Dispose()
    {
        Connection.Dispose();
        _certificate.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void HandleDatagram(ReadOnlySpan<byte> datagram) =>
        Connection.HandleDatagram(Now, datagram);

    /// <inheritdoc/>
    protected override void HandleDeadline() => Connection.HandleDeadline(Now);

    /// <inheritdoc/>
    protected override bool TryTakeTransmit(out ReadOnlyMemory<byte> datagram) =>
        Connection.TryTakeTransmit(out datagram);

    /// <inheritdoc/>
    protected override void TakeEvents()
    {
        while (Connection.TryTakeEvent(out var e))
        {
            IsConnected |= e is DtlsEvent.Connected;
            Closed = e as DtlsEvent.Closed ?? Closed;
        }

        while (Connection.TryTakeReceived(out var plaintext))
        {
            Received.Add(plaintext.ToArray());
        }
    }
}
