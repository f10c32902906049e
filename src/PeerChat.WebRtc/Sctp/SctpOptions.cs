namespace PeerChat.WebRtc.Sctp;

/// <summary>What the two sides agreed on outside SCTP, and the limits of one association.</summary>
internal sealed record SctpOptions
{
    /// <summary>The largest SCTP packet: 1200 bytes of UDP payload work everywhere, less 37 of DTLS, rounded down to four.</summary>
    public const int MaxPacketSize = 1160;

    /// <summary>The datagram of such packets; it fits every path.</summary>
    public const int BaseDatagram = 1200;

    /// <summary>The largest datagram that is tried on any path: a DTLS record carries 16,384 bytes.</summary>
    public const int MaxDatagram = 16_384;

    /// <summary>The port of both sides unless a=sctp-port says otherwise (RFC 8841 section 5).</summary>
    public const ushort DefaultPort = 5000;

    /// <summary>Our port.</summary>
    public ushort LocalPort { get; init; } = DefaultPort;

    /// <summary>The peer's port.</summary>
    public ushort RemotePort { get; init; } = DefaultPort;

    /// <summary>The round trip that ICE measured; null when unknown, and then first timeouts are a second.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Receive buffer in bytes; at 100 ms of round trip 4 MiB allow 335 Mbit/s.</summary>
    public int ReceiveWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes that may wait for the peer's acknowledgement over all streams.</summary>
    public int SendBufferLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>The largest message that we take, as our a=max-message-size says (RFC 8841 section 6).</summary>
    public int MaxReceiveMessageSize { get; init; } = 2 * 1024 * 1024;

    /// <summary>The largest message that the peer takes, as its a=max-message-size says.</summary>
    public int MaxSendMessageSize { get; init; } = 2 * 1024 * 1024;

    /// <summary>Whether we offer to carry messages of several streams at once as I-DATA (RFC 8260).</summary>
    public bool InterleavesMessages { get; init; }

    /// <summary>Whether we offer to go without checksums; only where DTLS protects every packet (RFC 9653).</summary>
    public bool AcceptsZeroChecksum { get; init; }

    /// <summary>The tag of packets to us, not zero; null draws it. It is known before when it goes into a description (SNAP).</summary>
    public uint? InitiateTag { get; init; }

    /// <summary>The largest datagram that may be tried on the path; the base switches the search off.</summary>
    public int MaxDatagramSize { get; init; } = BaseDatagram;

    /// <summary>The first TSN; null draws it. Tests put it just before the end of the circle.</summary>
    public uint? InitialTsn { get; init; }
}
