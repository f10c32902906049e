using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using Shouldly;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>A client and a server over two simulated directions in virtual time.</summary>
internal sealed class DtlsPair : IDisposable
{
    private readonly SimulatedPath _toServer;
    private readonly SimulatedPath _toClient;

    public DtlsPair(
        int seed = 1,
        SimulatedPath? toServer = null,
        SimulatedPath? toClient = null,
        byte[]? fingerprintOfServer = null,
        byte[]? fingerprintOfClient = null
    )
    {
        var entropy = new SeededEntropy(seed);
        ClientCertificate = DtlsCertificate.Create(entropy);
        ServerCertificate = DtlsCertificate.Create(entropy);
        Client = new Side(
            new DtlsConnection(
                true,
                ClientCertificate,
                fingerprintOfServer ?? ServerCertificate.Sha256,
                entropy
            )
        );
        Server = new Side(
            new DtlsConnection(
                false,
                ServerCertificate,
                fingerprintOfClient ?? ClientCertificate.Sha256,
                entropy
            )
        );
        _toServer = toServer ?? new SimulatedPath(seed);
        _toClient = toClient ?? new SimulatedPath(seed + 1_000_000);
    }

    public Instant Now { get; private set; } = Instant.Origin;

    public DtlsCertificate ClientCertificate { get; }

    public DtlsCertificate ServerCertificate { get; }

    public Side Client { get; }

    public Side Server { get; }

    public static DtlsPair Connected(int seed = 1)
    {
        var pair = new DtlsPair(seed);
        pair.Start();
        pair.Run(TimeSpan.FromSeconds(5));
        pair.Client.IsConnected.ShouldBeTrue();
        pair.Server.IsConnected.ShouldBeTrue();
        return pair;
    }

    public void Start(TimeSpan? roundTripTime = null)
    {
        Server.Connection.Start(Now, roundTripTime);
        Client.Connection.Start(Now, roundTripTime);
        Flush();
    }

    /// <summary>Runs until nothing is under way, both are connected, or the time is up.</summary>
    public void Run(TimeSpan atMost)
    {
        var end = Now + atMost;
        while (true)
        {
            var next = Instant.Earliest(_toServer.NextArrival, _toClient.NextArrival);
            next = Instant.Earliest(next, Client.Connection.NextDeadline);
            next = Instant.Earliest(next, Server.Connection.NextDeadline);
            if (next is not { } at || at > end)
            {
                return;
            }

            Now = Instant.Max(Now, at);
            Deliver(_toServer, Server);
            Deliver(_toClient, Client);
            Client.Connection.HandleDeadline(Now);
            Server.Connection.HandleDeadline(Now);
            Flush();
        }
    }

    public void Flush()
    {
        foreach (var datagram in Client.Drain())
        {
            _toServer.Send(Now, datagram);
        }

        foreach (var datagram in Server.Drain())
        {
            _toClient.Send(Now, datagram);
        }
    }

    public void Dispose()
    {
        Client.Connection.Dispose();
        Server.Connection.Dispose();
        ClientCertificate.Dispose();
        ServerCertificate.Dispose();
    }

    private void Deliver(SimulatedPath path, Side side)
    {
        while (path.TryReceive(Now, out var datagram))
        {
            side.Connection.HandleDatagram(Now, datagram);
            side.Drain(keep: true);
        }
    }

    /// <summary>One end with everything that it gave.</summary>
    internal sealed class Side(DtlsConnection connection)
    {
        private readonly List<byte[]> _pending = [];

        public DtlsConnection Connection { get; } = connection;

        public List<DtlsEvent> Events { get; } = [];

        public List<byte[]> Received { get; } = [];

        public bool IsConnected => Events.OfType<DtlsEvent.Connected>().Any();

        public DtlsCloseReason? CloseReason => Events.OfType<DtlsEvent.Closed>().SingleOrDefault()?.Reason;

        /// <summary>Takes events and plaintexts, and the datagrams to send.</summary>
        public List<byte[]> Drain(bool keep = false)
        {
            while (Connection.TryTakeEvent(out var e))
            {
                Events.Add(e);
            }

            while (Connection.TryTakeReceived(out var plaintext))
            {
                Received.Add(plaintext.ToArray());
            }

            while (Connection.TryTakeTransmit(out var datagram))
            {
                _pending.Add(datagram.ToArray());
            }

            if (keep)
            {
                return [];
            }

            List<byte[]> result = [.. _pending];
            _pending.Clear();
            return result;
        }
    }
}
