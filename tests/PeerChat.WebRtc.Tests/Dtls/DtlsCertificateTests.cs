using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Extensions;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class DtlsCertificateTests
{
    [Fact]
    public void Is_fresh_and_tells_nothing_but_its_key_and_serial_number()
    {
        var entropy = new SeededEntropy(1);
        using var one = DtlsCertificate.Create(entropy);
        using var two = DtlsCertificate.Create(entropy);
        using var first = X509CertificateLoader.LoadCertificate(one.Der);
        using var second = X509CertificateLoader.LoadCertificate(two.Der);

        first.SerialNumberBytes.Length.ShouldBe(20);
        first.SerialNumberBytes.Span[0].ShouldBeLessThan((byte)0x80);
        first.SerialNumberBytes.ToArray().ShouldNotBe(second.SerialNumberBytes.ToArray());
        first.GetPublicKey().ShouldNotBe(second.GetPublicKey());
        first.Subject.ShouldBe(second.Subject);
        first.Issuer.ShouldBe(first.Subject);
        first.NotBefore.ShouldBe(second.NotBefore);
        first.NotAfter.ShouldBe(second.NotAfter);
        one.Sha256.ShouldBe(SHA256.HashData(one.Der));
    }

    [Fact]
    public void Signs_what_its_public_half_verifies()
    {
        using var certificate = DtlsCertificate.Create(new SeededEntropy(1));
        PeerCertificate.TryLoad(certificate.Der, out var peer).ShouldBeTrue();
        using (peer)
        {
            var signature = certificate.Sign("message"u8);
            peer.Verifies(SignatureScheme.EcdsaSha256, "message"u8, signature).ShouldBeTrue();
            peer.Verifies(SignatureScheme.EcdsaSha256, "massage"u8, signature).ShouldBeFalse();
            peer.Verifies(SignatureScheme.EcdsaSha384, "message"u8, signature).ShouldBeFalse();
            peer.Verifies(SignatureScheme.RsaPssRsaeSha256, "message"u8, signature).ShouldBeFalse();
            peer.Verifies((SignatureScheme)0x0203, "message"u8, signature).ShouldBeFalse();
            peer.Verifies(SignatureScheme.EcdsaSha256, "message"u8, []).ShouldBeFalse();
            peer.Verifies(SignatureScheme.EcdsaSha256, "message"u8, [0x30, 1]).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", true)]
    [InlineData("1.3.132.0.34", true)]
    [InlineData("1.3.132.0.35", false)]
    [InlineData("1.3.132.0.10", false)]
    public void Admits_P_256_and_P_384_keys_of_peers_only(string curve, bool admitted)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        PeerCertificate.TryLoad(certificate.RawData, out var peer).ShouldBe(admitted);
        peer?.Dispose();
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2048, true)]
    public void Admits_RSA_keys_of_2048_bits_and_more(int bits, bool admitted)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest(
            "CN=x",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        PeerCertificate.TryLoad(certificate.RawData, out var peer).ShouldBe(admitted);
        peer?.Dispose();
    }

    [Fact]
    public void Garbage_is_no_certificate()
    {
        using var certificate = DtlsCertificate.Create(new SeededEntropy(1));
        PeerCertificate.TryLoad([], out _).ShouldBeFalse();
        PeerCertificate.TryLoad([0x30, 0x03, 0x02, 0x01], out _).ShouldBeFalse();
        for (var i = 0; i < certificate.Der.Length; i++)
        {
            var changed = certificate.Der.ToArray();
            changed[i] ^= 0x55;
            _ = PeerCertificate.TryLoad(changed, out var peer);
            peer?.Dispose();
        }
    }
}
