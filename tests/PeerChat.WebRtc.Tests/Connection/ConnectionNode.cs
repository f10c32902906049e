using PeerChat.Primitives;
using PeerChat.TestKit;
using Shouldly;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>A connection on the virtual network that remembers its events and checks their order.</summary>
internal sealed class ConnectionNode(bool isOfferer, int seed, params string[] addresses) : INetworkNode
{
    private readonly List<PeerConnectionEvent> _events = [];

    public PeerConnection Connection { get; } =
        new(
            isOfferer,
            WebRtc.Tests.Connection.Addresses.All(addresses),
            new SeededEntropy(seed),
            Instant.Origin
        );

    /// <summary>Where datagrams reach it: its own addresses, and those on relays.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; private set; } =
        WebRtc.Tests.Connection.Addresses.All(addresses);

    /// <summary>Its addresses on relays, as candidates.</summary>
    public List<GatheredCandidate> Relayed { get; } = [];

    public Instant? NextDeadline => Connection.NextDeadline;

    public IReadOnlyList<PeerConnectionEvent> Events
    {
        get
        {
            while (Connection.TryTakeEvent(out var e))
            {
                _events.LastOrDefault().ShouldNotBeOfType<PeerConnectionEvent.Closed>();
                _events.Add(e);
            }

            return _events;
        }
    }

    public bool IsConnected => Events.Any(e => e is PeerConnectionEvent.Connected);

    public CloseReason? Closed => Events.OfType<PeerConnectionEvent.Closed>().SingleOrDefault()?.Reason;

    public IEnumerable<PeerConnectionEvent.MessageReceived> Messages =>
        Events.OfType<PeerConnectionEvent.MessageReceived>();

    /// <summary>An address on a relay, which is a local address here.</summary>
    public void AddRelay(string address, Instant now)
    {
        var relay = WebRtc.Tests.Connection.Addresses.Of(address);
        Addresses = [.. Addresses, relay];
        Relayed.Add(new GatheredCandidate(IceCandidateType.Relayed, relay, relay));
        Connection.AddGatheredCandidates(Relayed, now);
    }

    /// <summary>Its address becomes another one, and it sees that.</summary>
    public void Move(string address, Instant now)
    {
        Addresses = WebRtc.Tests.Connection.Addresses.All(address);
        Connection.SetLocalAddresses(Addresses, [], now);
    }

    public void HandleDeadline(Instant now) => Connection.HandleDeadline(now);

    public void HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        byte[] datagram
    ) => Connection.HandleDatagram(now, local, remote, datagram);

    public bool TryTakeTransmit(out Datagram datagram) => Connection.TryTakeTransmit(out datagram);
}
