namespace PeerChat.WebRtc.Dtls;

/// <summary>Which message a handshake waits for. Client and server walk their part from top to bottom.</summary>
internal enum HandshakeState
{
    /// <summary>Nothing was sent yet.</summary>
    NotStarted,

    /// <summary>Server: the client's offer.</summary>
    AwaitsClientHello,

    /// <summary>Client: the server's choice, or a cookie.</summary>
    AwaitsServerHello,

    /// <summary>Both: the peer's certificate.</summary>
    AwaitsCertificate,

    /// <summary>Client: the server's signed key.</summary>
    AwaitsServerKeyExchange,

    /// <summary>Client: the wish for a certificate.</summary>
    AwaitsCertificateRequest,

    /// <summary>Client: the end of the server's flight.</summary>
    AwaitsServerHelloDone,

    /// <summary>Server: the client's key.</summary>
    AwaitsClientKeyExchange,

    /// <summary>Server: the client's proof that it holds the key of its certificate.</summary>
    AwaitsCertificateVerify,

    /// <summary>Both: the peer's Finished, under the new keys.</summary>
    AwaitsFinished,

    /// <summary>Both Finished verified.</summary>
    Done,

    /// <summary>Failed.</summary>
    Failed,
}
