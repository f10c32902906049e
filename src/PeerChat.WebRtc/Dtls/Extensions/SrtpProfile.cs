namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>The SRTP profiles that are offered; no SRTP key is ever derived (RFC 5764 section 4.1.2, RFC 7714).</summary>
/// <remarks>Some stacks fail a data-only handshake in which no profile was agreed.</remarks>
internal static class SrtpProfile
{
    /// <summary>SRTP_AEAD_AES_128_GCM.</summary>
    public const ushort AeadAes128Gcm = 0x0007;

    /// <summary>SRTP_AES128_CM_HMAC_SHA1_80.</summary>
    public const ushort Aes128CmHmacSha1 = 0x0001;

    /// <summary>What is offered and accepted, best first.</summary>
    public static readonly ushort[] Offered = [AeadAes128Gcm, Aes128CmHmacSha1];
}
