using System.Net;
using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>A datagram to be sent from port 5353 of one interface.</summary>
/// <param name="InterfaceIndex">The interface by which it must leave.</param>
/// <param name="Destination">One of the two groups, or a single host that is answered alone.</param>
/// <param name="Payload">The bytes; they stay valid.</param>
public readonly record struct MulticastDatagram(
    int InterfaceIndex,
    TransportAddress Destination,
    ReadOnlyMemory<byte> Payload
)
{
    /// <summary>The port of multicast DNS (RFC 6762 section 3).</summary>
    public const int Port = 5353;

    /// <summary>The IPv4 group and port (RFC 6762 section 3).</summary>
    public static TransportAddress Group4 { get; } = new(new IPAddress([224, 0, 0, 251]), Port);

    /// <summary>The IPv6 group and port, without scope (RFC 6762 section 3).</summary>
    public static TransportAddress Group6 { get; } = new(IPAddress.Parse("ff02::fb"), Port);

    /// <summary>Whether it goes to everybody on the link.</summary>
    public bool IsMulticast => Destination == Group4 || Destination == Group6;
}
