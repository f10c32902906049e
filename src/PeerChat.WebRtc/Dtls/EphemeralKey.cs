using System.Security.Cryptography;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The ECDHE key of one handshake, on P-256 (RFC 8422 section 5.10).</summary>
/// <remarks>The key comes from the framework's generator: it must be secret even if injected entropy is not.</remarks>
internal sealed class EphemeralKey : IDisposable
{
    private const int PointSize = 65;
    private const byte Uncompressed = 4;
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes a key.</summary>
    public EphemeralKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicPoint = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>The uncompressed public point.</summary>
    public byte[] PublicPoint { get; }

    /// <summary>The premaster secret; null when the peer's bytes are not a point of the curve.</summary>
    public byte[]? Agree(ReadOnlySpan<byte> peerPoint)
    {
        if (peerPoint.Length != PointSize || peerPoint[0] != Uncompressed)
        {
            return null;
        }

        var point = new ECPoint { X = peerPoint[1..33].ToArray(), Y = peerPoint[33..].ToArray() };
        try
        {
            using var peer = ECDiffieHellman.Create(
                new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }
            );
            return _key.DeriveRawSecretAgreement(peer.PublicKey);
        }
        catch (CryptographicException)
        {
            return null; // the library checks that the point is on the curve
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();
}
