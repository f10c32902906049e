namespace PeerChat.WebRtc.Dtls;

/// <summary>What a record carries (RFC 5246 section 6.2.1).</summary>
internal enum ContentType : byte
{
    /// <summary>The switch to the negotiated keys.</summary>
    ChangeCipherSpec = 20,

    /// <summary>A warning or the reason of the end.</summary>
    Alert = 21,

    /// <summary>Fragments of handshake messages.</summary>
    Handshake = 22,

    /// <summary>What the application sends.</summary>
    ApplicationData = 23,
}
