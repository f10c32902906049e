using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PeerChat.Server.Host;

/// <summary>A certificate in files, read again when they change: whoever renews it replaces files and tells nobody.</summary>
internal sealed class CertificateFiles
{
    /// <summary>
    /// How often the files are looked at. They are read and compared: a renewal may switch a symbolic link, which no watcher of the file
    /// sees.
    /// </summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private const int MaxFileBytes = 1024 * 1024;
    private readonly string _certificate;
    private readonly string _privateKey;
    private byte[] _hash;

    /// <summary>Reads them.</summary>
    /// <exception cref="ServeException">They cannot be read, or do not belong together.</exception>
    public CertificateFiles(string certificate, string? privateKey)
    {
        (_certificate, _privateKey) = (certificate, privateKey ?? certificate);
        (_hash, Current, Until) = Load();
    }

    /// <summary>What is shown to clients.</summary>
    public SslStreamCertificateContext Current { get; private set; }

    /// <summary>When it ends.</summary>
    public DateTime Until { get; private set; }

    /// <summary>Reads them again if they changed; the old one stays where the new one is of no use.</summary>
    /// <returns>Whether there is a new one.</returns>
    /// <exception cref="ServeException">The new one is of no use; said once for each change.</exception>
    public bool Refresh()
    {
        byte[] hash;
        try
        {
            hash = Hash(Read(_certificate, "certificate"), Read(_privateKey, "private-key"));
        }
        catch (ServeException) when (_hash.Length == 0)
        {
            return false; // said before
        }
        catch (ServeException)
        {
            _hash = [];
            throw;
        }

        if (hash.AsSpan().SequenceEqual(_hash))
        {
            return false;
        }

        _hash = hash;
        (_, Current, Until) = Load();
        return true;
    }

    private static string Read(string file, string problem)
    {
        try
        {
            var info = new FileInfo(file);
            return info is { Exists: true, Length: > MaxFileBytes }
                ? throw new ServeException(problem, file, "it is larger than any certificate")
                : File.ReadAllText(file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ServeException(problem, file, failed.Message);
        }
    }

    private static byte[] Hash(string certificate, string privateKey) =>
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{certificate}\n{privateKey}"));

    private (byte[] Hash, SslStreamCertificateContext Context, DateTime Until) Load()
    {
        var certificate = Read(_certificate, "certificate");
        var privateKey = Read(_privateKey, "private-key");
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificate);
        }
        catch (CryptographicException failed)
        {
            throw new ServeException("certificate", _certificate, failed.Message);
        }

        if (chain.Count == 0)
        {
            throw new ServeException("certificate", _certificate, "there is no certificate in it");
        }

        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificate, privateKey);
            // Windows takes no key that lives in memory alone into TLS
            var usable = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
            chain.RemoveAt(0);
            var context = SslStreamCertificateContext.Create(usable, chain, offline: true);
            return (Hash(certificate, privateKey), context, usable.NotAfter.ToUniversalTime());
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException)
        {
            throw new ServeException("private-key", _privateKey, failed.Message);
        }
    }
}
