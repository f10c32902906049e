using PeerChat.Primitives;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>A state machine with addresses, as the virtual network drives it.</summary>
internal interface INetworkNode
{
    IReadOnlyList<TransportAddress> Addresses { get; }
    Instant? NextDeadline { get; }
    void HandleDeadline(Instant now);
    void HandleDatagram(Instant now, TransportAddress local, TransportAddress remote, byte[] datagram);
    bool TryTakeTransmit(out Datagram datagram);
}
