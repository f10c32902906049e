using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The public key in the peer's certificate: ECDSA on P-256 or P-384, or RSA.</summary>
/// <remarks>Chain, names, dates and key usage mean nothing in WebRTC: the fingerprint decides (RFC 8827 section 6.5).</remarks>
internal sealed class PeerCertificate : IDisposable
{
    /// <summary>The schemes in which a peer may sign, best first.</summary>
    public static readonly SignatureScheme[] Schemes =
    [
        SignatureScheme.EcdsaSha256,
        SignatureScheme.EcdsaSha384,
        SignatureScheme.RsaPssRsaeSha256,
        SignatureScheme.RsaPkcs1Sha256,
    ];

    private const int MinRsaBits = 2048; // RFC 8827 leaves it open; NIST SP 800-57 has it as the least
    private const int MaxRsaBits = 8192; // a longer key only costs time (guess)
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";
    private readonly ECDsa? _ecdsa;
    private readonly RSA? _rsa;

    private PeerCertificate(ECDsa? ecdsa, RSA? rsa)
    {
        _ecdsa = ecdsa;
        _rsa = rsa;
    }

    /// <summary>Whether the key is ECDSA; otherwise RSA.</summary>
    public bool IsEcdsa => _ecdsa is not null;

    /// <summary>Reads a certificate; false when it is malformed or its key is of an unsupported kind.</summary>
    public static bool TryLoad(ReadOnlySpan<byte> der, [NotNullWhen(true)] out PeerCertificate? certificate)
    {
        certificate = null;
        try
        {
            using var x509 = X509CertificateLoader.LoadCertificate(der);
            var ecdsa = x509.GetECDsaPublicKey();
            var rsa = ecdsa is null ? x509.GetRSAPublicKey() : null;
            if (IsSupported(ecdsa) || rsa?.KeySize is >= MinRsaBits and <= MaxRsaBits)
            {
                certificate = new PeerCertificate(ecdsa, rsa);
                return true;
            }

            ecdsa?.Dispose();
            rsa?.Dispose();
            return false;
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or ArgumentException)
        {
            return false; // the library's ways to say that bytes are no certificate
        }
    }

    /// <summary>Whether the signature over the message is good and of a scheme that fits the key.</summary>
    public bool Verifies(SignatureScheme scheme, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            return scheme switch
            {
                SignatureScheme.EcdsaSha256 => VerifiesEcdsa(message, signature, HashAlgorithmName.SHA256),
                SignatureScheme.EcdsaSha384 => VerifiesEcdsa(message, signature, HashAlgorithmName.SHA384),
                SignatureScheme.RsaPssRsaeSha256 => VerifiesRsa(message, signature, RSASignaturePadding.Pss),
                SignatureScheme.RsaPkcs1Sha256 => VerifiesRsa(message, signature, RSASignaturePadding.Pkcs1),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false; // a signature that is no DER
        }
    }

    /// <summary>Frees the key.</summary>
    public void Dispose()
    {
        _ecdsa?.Dispose();
        _rsa?.Dispose();
    }

    private static bool IsSupported(ECDsa? key)
    {
        if (key is null)
        {
            return false;
        }

        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && curve.Oid.Value is P256 or P384;
    }

    private bool VerifiesEcdsa(
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> signature,
        HashAlgorithmName hash
    ) =>
        _ecdsa is not null
        && _ecdsa.VerifyData(message, signature, hash, DSASignatureFormat.Rfc3279DerSequence);

    private bool VerifiesRsa(
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> signature,
        RSASignaturePadding padding
    ) => _rsa is not null && _rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, padding);
}
