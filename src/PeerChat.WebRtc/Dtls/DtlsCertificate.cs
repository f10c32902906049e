using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls;

/// <summary>A fresh self-signed ECDSA P-256 certificate with its key (RFC 8827 section 6.5).</summary>
/// <remarks>
/// Nothing in it tells two users apart but the key and the serial number: name and validity are the same for all.
/// The key comes from the framework's generator, not from the given entropy: a weak one must not weaken keys.
/// </remarks>
internal sealed class DtlsCertificate : IDisposable
{
    private const string Name = "CN=WebRTC";
    private const int SerialNumberSize = 20; // RFC 5280 section 4.1.2.2: at most 20

    // Constant, so that no clock is needed and none is shown; peers compare the fingerprint and ignore dates.
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2049, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key;

    private DtlsCertificate(ECDsa key, byte[] der)
    {
        _key = key;
        Der = der;
        Sha256 = SHA256.HashData(der);
    }

    /// <summary>The certificate as it stands on the wire.</summary>
    public byte[] Der { get; }

    /// <summary>Its fingerprint.</summary>
    public byte[] Sha256 { get; }

    /// <summary>Makes a certificate; the entropy gives its serial number.</summary>
    public static DtlsCertificate Create(IEntropy entropy)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serialNumber = entropy.Bytes(SerialNumberSize);
        serialNumber[0] = (byte)((serialNumber[0] & 0x7F) | 0x40); // positive, and never shorter
        var name = new X500DistinguishedName(Name);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            name,
            key,
            HashAlgorithmName.SHA256
        );
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        using var certificate = request.Create(name, generator, NotBefore, NotAfter, serialNumber);
        return new DtlsCertificate(key, certificate.RawData);
    }

    /// <summary>Signs with ECDSA and SHA-256; the signature is DER as TLS wants it.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) =>
        _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();
}
