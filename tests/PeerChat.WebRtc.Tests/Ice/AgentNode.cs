using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Tests.Connection;

namespace PeerChat.WebRtc.Tests.Ice;

/// <summary>An agent on the virtual network.</summary>
internal sealed class AgentNode(bool isControlling, IEntropy entropy, params string[] addresses)
    : INetworkNode
{
    public AgentNode(bool isControlling, int seed, params string[] addresses)
        : this(isControlling, new SeededEntropy(seed), addresses) { }

    public IceAgent Agent { get; } = new(isControlling, Connection.Addresses.All(addresses), entropy);

    public IReadOnlyList<TransportAddress> Addresses { get; } = Connection.Addresses.All(addresses);
    public Instant? NextDeadline => Agent.NextDeadline;

    public void HandleDeadline(Instant now) => Agent.HandleDeadline(now);

    public void HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        byte[] datagram
    ) => Agent.HandleDatagram(now, local, remote, datagram);

    public bool TryTakeTransmit(out Datagram datagram) => Agent.TryTakeTransmit(out datagram);

    public void Meet(AgentNode peer, Instant now) =>
        Agent.SetRemote(peer.Agent.LocalCredentials, peer.Agent.LocalCandidates, now);
}
