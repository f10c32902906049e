namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The kinds of handshake messages (RFC 6347 section 4.3.2).</summary>
internal enum HandshakeType : byte
{
    /// <summary>The server asks for a renegotiation; refused.</summary>
    HelloRequest = 0,

    /// <summary>The client's offer.</summary>
    ClientHello = 1,

    /// <summary>The server's choice.</summary>
    ServerHello = 2,

    /// <summary>The server asks to repeat the hello with a cookie.</summary>
    HelloVerifyRequest = 3,

    /// <summary>The sender's certificate chain.</summary>
    Certificate = 11,

    /// <summary>The server's signed ephemeral key.</summary>
    ServerKeyExchange = 12,

    /// <summary>The server asks for a certificate.</summary>
    CertificateRequest = 13,

    /// <summary>The end of the server's flight.</summary>
    ServerHelloDone = 14,

    /// <summary>The client's signature over the handshake so far.</summary>
    CertificateVerify = 15,

    /// <summary>The client's ephemeral key.</summary>
    ClientKeyExchange = 16,

    /// <summary>The sender's check over the whole handshake.</summary>
    Finished = 20,
}
