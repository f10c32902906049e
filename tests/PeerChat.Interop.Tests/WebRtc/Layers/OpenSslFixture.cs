using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>Keys and certificates that the openssl program made, one of each kind.</summary>
public sealed class OpenSslFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-openssl-");
    private readonly Dictionary<string, Identity> _identities = new(StringComparer.Ordinal);

    /// <summary>The identity with a kind of key.</summary>
    /// <param name="keyAlgorithm">What <c>openssl req -newkey</c> is told.</param>
    internal Identity Get(string keyAlgorithm)
    {
        if (!_identities.TryGetValue(keyAlgorithm, out var identity))
        {
            _identities[keyAlgorithm] = identity = Make(keyAlgorithm);
        }

        return identity;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private Identity Make(string keyAlgorithm)
    {
        var stem = Path.Combine(_folder.FullName, $"{_identities.Count}");
        var identity = new Identity($"{stem}.pem", $"{stem}.key", []);
        using var program = OpenSsl.Run(
            $"req -x509 -newkey {keyAlgorithm} -nodes -keyout {identity.Key} -out {identity.Certificate} -subj /CN=x -days 2"
        );
        program.WaitForExit().ShouldBe(0, program.Errors);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(identity.Certificate);
        return identity with { Sha256 = SHA256.HashData(certificate.RawData) };
    }

    /// <summary>One key with its certificate.</summary>
    /// <param name="Certificate">Its file.</param>
    /// <param name="Key">Its file.</param>
    /// <param name="Sha256">The certificate's fingerprint.</param>
    internal sealed record Identity(string Certificate, string Key, byte[] Sha256)
    {
        /// <summary>What a server or client is told to use it.</summary>
        public string Arguments => $"-cert {Certificate} -key {Key}";
    }
}
