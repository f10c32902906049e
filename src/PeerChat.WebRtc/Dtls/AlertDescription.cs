namespace PeerChat.WebRtc.Dtls;

/// <summary>Why an alert was sent (RFC 5246 section 7.2).</summary>
internal enum AlertDescription : byte
{
    /// <summary>The sender leaves.</summary>
    CloseNotify = 0,

    /// <summary>A message came at the wrong point.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record was not authentic; never sent in DTLS.</summary>
    BadRecordMac = 20,

    /// <summary>The two ends have no parameters in common.</summary>
    HandshakeFailure = 40,

    /// <summary>The certificate is not the announced one, or cannot be read.</summary>
    BadCertificate = 42,

    /// <summary>The certificate holds a kind of key that is not supported.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A field has a value that contradicts others or the standard.</summary>
    IllegalParameter = 47,

    /// <summary>A message could not be read.</summary>
    DecodeError = 50,

    /// <summary>A signature or a Finished does not verify.</summary>
    DecryptError = 51,

    /// <summary>The version is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>The peer's parameters are too weak.</summary>
    InsufficientSecurity = 71,

    /// <summary>Something unrelated to the peer went wrong.</summary>
    InternalError = 80,

    /// <summary>Renegotiation is refused; a warning.</summary>
    NoRenegotiation = 100,

    /// <summary>The server answered an extension that was not offered.</summary>
    UnsupportedExtension = 110,
}
