namespace PeerChat.Rooms.Crypto;

/// <summary>The AEAD of an HPKE suite (RFC 9180 section 7.3), by its registered number.</summary>
internal enum HpkeAead : ushort
{
    /// <summary>AES-128-GCM; only so that the vectors of RFC 9180 appendix A.3 can be a test.</summary>
    Aes128Gcm = 1,

    /// <summary>AES-256-GCM; the one in use.</summary>
    Aes256Gcm = 2,
}
