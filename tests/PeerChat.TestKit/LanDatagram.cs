using PeerChat.Primitives;

namespace PeerChat.TestKit;

/// <summary>A datagram under way on a <see cref="SimulatedLan"/>.</summary>
/// <param name="From">The socket it left from.</param>
/// <param name="To">The socket or group it goes to.</param>
/// <param name="IsMulticast">Whether everybody on the segment gets it.</param>
/// <param name="Payload">The bytes; the receiver may change them.</param>
public sealed record LanDatagram(
    TransportAddress From,
    TransportAddress To,
    bool IsMulticast,
    byte[] Payload
);
