namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Types of INIT parameters (RFC 9260 section 3.3.2.1); the two top bits say what a stranger does with them.</summary>
internal static class ParameterType
{
    /// <summary>What HEARTBEAT carries.</summary>
    public const ushort HeartbeatInfo = 1;

    /// <summary>An IPv4 address; means nothing over DTLS (RFC 8261 section 6.1).</summary>
    public const ushort Ipv4Address = 5;

    /// <summary>An IPv6 address; means nothing over DTLS.</summary>
    public const ushort Ipv6Address = 6;

    /// <summary>The cookie of INIT ACK.</summary>
    public const ushort StateCookie = 7;

    /// <summary>A parameter that came back because its receiver did not know it.</summary>
    public const ushort UnrecognizedParameter = 8;

    /// <summary>Asks for a longer cookie life.</summary>
    public const ushort CookiePreservative = 9;

    /// <summary>Kinds of addresses; means nothing over DTLS.</summary>
    public const ushort SupportedAddressTypes = 12;

    /// <summary>Set when a stranger goes on with the next parameter.</summary>
    public const ushort SkipBit = 0x8000;

    /// <summary>Set when a stranger reports the parameter.</summary>
    public const ushort ReportBit = 0x4000;
}
