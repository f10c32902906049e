using System.Security.Cryptography;

namespace PeerChat.Rooms.Crypto;

/// <summary>Public keys that the library has taken in, so that it need not do so for each signature: that takes longer than to verify one.</summary>
/// <remarks>Each thread has its own, as the library's objects are not for several at once. A key that is not here is taken in again.</remarks>
internal static class KnownKeys
{
    /// <summary>Keys that a thread keeps, one for each first byte of a point modulo this: a busy room's authors, at some 2 KB each.</summary>
    public const int Places = 64;

    [ThreadStatic]
    private static (byte[] Point, ECDsa Key)[]? _known;

    /// <summary>The key of a point.</summary>
    /// <param name="publicKey">Its 65 bytes.</param>
    /// <param name="point">The same, taken apart.</param>
    /// <exception cref="CryptographicException">It is not on the curve.</exception>
    public static ECDsa Of(ReadOnlySpan<byte> publicKey, ECPoint point)
    {
        _known ??= new (byte[], ECDsa)[Places];
        ref var place = ref _known[publicKey[1] % Places];
        if (place.Key is null || !publicKey.SequenceEqual(place.Point))
        {
            var made = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            place.Key?.Dispose();
            place = (publicKey.ToArray(), made);
        }

        return place.Key;
    }
}
