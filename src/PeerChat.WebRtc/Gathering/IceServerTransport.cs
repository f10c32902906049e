namespace PeerChat.WebRtc;

/// <summary>How a STUN or TURN server is reached.</summary>
public enum IceServerTransport
{
    /// <summary>By UDP.</summary>
    Udp,

    /// <summary>By TCP.</summary>
    Tcp,

    /// <summary>By TLS over TCP.</summary>
    Tls,
}
