using System.Security.Cryptography;

namespace PeerChat.WebRtc.Dtls;

/// <summary>A cipher suite that this endpoint can use (RFC 5289 section 3.2).</summary>
/// <param name="Id">The number on the wire.</param>
/// <param name="KeyLength">Bytes of an AES key.</param>
/// <param name="Hash">The hash of the PRF and of the transcript.</param>
/// <param name="ServerKeyIsEcdsa">Whether the server signs with ECDSA; otherwise with RSA.</param>
internal sealed record CipherSuite(ushort Id, int KeyLength, HashAlgorithmName Hash, bool ServerKeyIsEcdsa)
{
    /// <summary>Says that the client knows RFC 5746; not a suite (section 3.3 there).</summary>
    public const ushort EmptyRenegotiationInfoScsv = 0x00FF;

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.</summary>
    public static readonly CipherSuite EcdheEcdsaAes256Gcm = new(0xC02C, 32, HashAlgorithmName.SHA384, true);

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, which RFC 8827 section 6.5 requires.</summary>
    public static readonly CipherSuite EcdheEcdsaAes128Gcm = new(0xC02B, 16, HashAlgorithmName.SHA256, true);

    /// <summary>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, for servers with an RSA certificate.</summary>
    public static readonly CipherSuite EcdheRsaAes128Gcm = new(0xC02F, 16, HashAlgorithmName.SHA256, false);

    /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, for servers with an RSA certificate that want nothing less.</summary>
    public static readonly CipherSuite EcdheRsaAes256Gcm = new(0xC030, 32, HashAlgorithmName.SHA384, false);

    /// <summary>What a client offers, best first.</summary>
    /// <remarks>
    /// Servers that follow the client's order land on AES-128-GCM, which every stack has and has tested most, and never
    /// on ChaCha20 or CBC. Our own server takes AES-256 wherever it is offered (<see cref="Select"/>), so it is what two
    /// peers of this stack use.
    /// </remarks>
    public static readonly IReadOnlyList<CipherSuite> Offered =
    [
        EcdheEcdsaAes128Gcm,
        EcdheEcdsaAes256Gcm,
        EcdheRsaAes128Gcm,
        EcdheRsaAes256Gcm,
    ];

    // Our own certificate is always ECDSA.
    private static readonly CipherSuite[] Served = [EcdheEcdsaAes256Gcm, EcdheEcdsaAes128Gcm];

    /// <summary>The suite that a server selects from a client's offer; null when there is none. Our order decides.</summary>
    public static CipherSuite? Select(ReadOnlySpan<ushort> offer)
    {
        foreach (var suite in Served)
        {
            if (offer.Contains(suite.Id))
            {
                return suite;
            }
        }

        return null;
    }

    /// <summary>The suite that we offered under this number; null for any other.</summary>
    public static CipherSuite? FindOffered(ushort id) => Offered.FirstOrDefault(suite => suite.Id == id);
}
