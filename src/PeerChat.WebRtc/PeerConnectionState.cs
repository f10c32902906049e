namespace PeerChat.WebRtc;

/// <summary>How far a connection has come; it only goes forward.</summary>
public enum PeerConnectionState
{
    /// <summary>The peer's description is not here yet.</summary>
    New,

    /// <summary>Paths to the peer are being checked (ICE).</summary>
    Checking,

    /// <summary>A path works; keys are being agreed on (DTLS).</summary>
    Securing,

    /// <summary>Channels can be opened and used.</summary>
    Connected,

    /// <summary>Over.</summary>
    Closed,
}
