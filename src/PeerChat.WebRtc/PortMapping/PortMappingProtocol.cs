namespace PeerChat.WebRtc;

/// <summary>How a gateway is asked for a port.</summary>
public enum PortMappingProtocol
{
    /// <summary>Not at all, or it does not answer.</summary>
    None,

    /// <summary>Port Control Protocol (RFC 6887).</summary>
    Pcp,

    /// <summary>NAT Port Mapping Protocol (RFC 6886).</summary>
    NatPmp,

    /// <summary>UPnP Internet Gateway Device.</summary>
    Upnp,
}
