using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PeerChat.Node.Transport;

/// <summary>Whose certificates servers may have.</summary>
internal static class CertificateTrust
{
    /// <summary>Those that a file names, instead of the system's; null, which means the system's, without one.</summary>
    /// <exception cref="CryptographicException">The file holds none.</exception>
    public static X509ChainPolicy? Of(string? authority)
    {
        if (authority is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }
}
