namespace PeerChat.WebRtc.Dtls;

/// <summary>Where a DTLS connection stands.</summary>
internal enum DtlsState
{
    /// <summary>Not started.</summary>
    New,

    /// <summary>Exchanging flights.</summary>
    Handshaking,

    /// <summary>Application data may flow.</summary>
    Connected,

    /// <summary>Over.</summary>
    Closed,
}
