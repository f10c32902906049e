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

    /// <summary>A name as address; nobody may send it any more, and who does is refused (RFC 9260 section 3.3.2.1).</summary>
    public const ushort HostNameAddress = 11;

    /// <summary>Kinds of addresses; means nothing over DTLS.</summary>
    public const ushort SupportedAddressTypes = 12;

    /// <summary>Asks the peer to take note that the sender's streams begin anew (RFC 6525 section 4.1).</summary>
    public const ushort OutgoingReset = 13;

    /// <summary>Asks the peer to reset its own streams (RFC 6525 section 4.2).</summary>
    public const ushort IncomingReset = 14;

    /// <summary>Asks to begin all TSNs and streams anew (RFC 6525 section 4.3).</summary>
    public const ushort AssociationReset = 15;

    /// <summary>Answers a request of RE-CONFIG (RFC 6525 section 4.4).</summary>
    public const ushort ReconfigurationResponse = 16;

    /// <summary>Asks for more streams to send on (RFC 6525 section 4.5).</summary>
    public const ushort AddOutgoingStreams = 17;

    /// <summary>Asks for more streams to receive on (RFC 6525 section 4.6).</summary>
    public const ushort AddIncomingStreams = 18;

    /// <summary>The sender needs no checksum, because another layer detects errors (RFC 9653 section 4).</summary>
    public const ushort ZeroChecksumAcceptable = 0x8001;

    /// <summary>Chunk types beyond the base protocol that the sender knows (RFC 5061 section 4.2.7).</summary>
    public const ushort SupportedExtensions = 0x8008;

    /// <summary>The sender knows FORWARD TSN (RFC 3758 section 3.1).</summary>
    public const ushort ForwardTsnSupported = 0xC000;

    /// <summary>Set when a stranger goes on with the next parameter.</summary>
    public const ushort SkipBit = 0x8000;

    /// <summary>Set when a stranger reports the parameter.</summary>
    public const ushort ReportBit = 0x4000;
}
