namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The kinds of chunks that this implementation acts on (RFC 9260 section 3.2).</summary>
internal enum ChunkType : byte
{
    /// <summary>User data.</summary>
    Data = 0,

    /// <summary>Asks for an association.</summary>
    Init = 1,

    /// <summary>Answers INIT, with a cookie.</summary>
    InitAck = 2,

    /// <summary>Acknowledges DATA.</summary>
    Sack = 3,

    /// <summary>Asks whether the peer is there.</summary>
    Heartbeat = 4,

    /// <summary>Answers HEARTBEAT with its own bytes.</summary>
    HeartbeatAck = 5,

    /// <summary>Ends the association at once.</summary>
    Abort = 6,

    /// <summary>Asks to end the association once all is acknowledged.</summary>
    Shutdown = 7,

    /// <summary>Answers SHUTDOWN.</summary>
    ShutdownAck = 8,

    /// <summary>Reports an error that does not end the association.</summary>
    Error = 9,

    /// <summary>Gives the cookie back.</summary>
    CookieEcho = 10,

    /// <summary>Answers COOKIE ECHO; the association is established.</summary>
    CookieAck = 11,

    /// <summary>Answers SHUTDOWN ACK; the association is gone.</summary>
    ShutdownComplete = 14,

    /// <summary>User data whose messages may be interleaved (RFC 8260 section 2.1).</summary>
    InterleavedData = 64,

    /// <summary>Fills a packet, and says nothing (RFC 4820).</summary>
    Padding = 132,

    /// <summary>Asks to reset streams, or answers that (RFC 6525 section 3.1).</summary>
    Reconfiguration = 130,

    /// <summary>Tells the receiver not to wait for data that was given up (RFC 3758 section 3.2).</summary>
    ForwardTsn = 192,

    /// <summary>FORWARD TSN where messages may be interleaved (RFC 8260 section 2.3.1).</summary>
    InterleavedForwardTsn = 194,
}
