using PeerChat.Primitives;

namespace PeerChat.WebRtc;

/// <summary>How it stands with a port on a gateway.</summary>
/// <param name="Local">The own socket.</param>
/// <param name="Gateway">The gateway, with port 0.</param>
/// <param name="Protocol">By which protocol it answered.</param>
/// <param name="External">The address that leads to the socket; null without.</param>
/// <param name="Problem">Why there is none, as the end of a sentence that begins with the gateway; empty while it is being asked.</param>
public sealed record PortMappingState(
    TransportAddress Local,
    TransportAddress Gateway,
    PortMappingProtocol Protocol,
    TransportAddress? External,
    string Problem
);
