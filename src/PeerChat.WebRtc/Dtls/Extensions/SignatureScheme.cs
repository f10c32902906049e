namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>How a signature is made (RFC 5246 section 7.4.1.4.1, RFC 8446 section 4.2.3); unnamed values can occur.</summary>
internal enum SignatureScheme : ushort
{
    /// <summary>No scheme.</summary>
    None = 0,

    /// <summary>RSA with PKCS #1 v1.5 and SHA-256.</summary>
    RsaPkcs1Sha256 = 0x0401,

    /// <summary>ECDSA with SHA-256; any curve in version 1.2.</summary>
    EcdsaSha256 = 0x0403,

    /// <summary>ECDSA with SHA-384; any curve in version 1.2.</summary>
    EcdsaSha384 = 0x0503,

    /// <summary>RSA-PSS with SHA-256 and an rsaEncryption key.</summary>
    RsaPssRsaeSha256 = 0x0804,
}
