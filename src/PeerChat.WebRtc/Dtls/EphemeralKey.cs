using System.Security.Cryptography;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The ECDHE key of one handshake, on P-256 or P-384 (RFC 8422 section 5.10).</summary>
/// <remarks>The key comes from the framework's generator: it must be secret even if injected entropy is not.</remarks>
internal sealed class EphemeralKey : IDisposable
{
    /// <summary>The groups that are offered and accepted, best first.</summary>
    /// <remarks>P-384 is there because a peer with a certificate on it takes its absence for a refusal (RFC 8422 section 5.1.1).</remarks>
    public static readonly NamedGroup[] Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1];

    private const byte Uncompressed = 4;
    private readonly ECCurve _curve;
    private readonly int _coordinateSize;
    private readonly ECDiffieHellman _key;

    /// <summary>Makes a key.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    public EphemeralKey(NamedGroup group)
    {
        (_curve, _coordinateSize) =
            group == NamedGroup.Secp384r1
                ? (ECCurve.NamedCurves.nistP384, 48)
                : (ECCurve.NamedCurves.nistP256, 32);
        _key = ECDiffieHellman.Create(_curve);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicPoint = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>The uncompressed public point.</summary>
    public byte[] PublicPoint { get; }

    /// <summary>The premaster secret; null when the peer's bytes are not a point of the curve.</summary>
    public byte[]? Agree(ReadOnlySpan<byte> peerPoint)
    {
        if (peerPoint.Length != PublicPoint.Length || peerPoint[0] != Uncompressed)
        {
            return null;
        }

        var point = new ECPoint
        {
            X = peerPoint[1..(1 + _coordinateSize)].ToArray(),
            Y = peerPoint[(1 + _coordinateSize)..].ToArray(),
        };
        try
        {
            using var peer = ECDiffieHellman.Create(new ECParameters { Curve = _curve, Q = point });
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
