using System.Security.Cryptography;

namespace PeerChat.Rooms.Crypto;

/// <summary>Points and signatures on P-256 as the specification admits them (crypto.md section 0).</summary>
public static class P256
{
    /// <summary>Bytes of an uncompressed SEC1 point.</summary>
    public const int PointSize = 65;

    /// <summary>Bytes of a signature r‖s (IEEE P1363).</summary>
    public const int SignatureSize = 64;

    private static readonly byte[] Order = Convert.FromHexString(
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
    );

    private static readonly byte[] HalfOrder = Convert.FromHexString(
        "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8"
    );

    /// <summary>Verifies Sign(key, use, message). Refuses a high s, and r or s outside 1..n-1, before asking the library.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey,
        string use,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> signature
    )
    {
        if (signature.Length != SignatureSize || !TryParsePoint(publicKey, out var point))
        {
            return false;
        }

        var r = signature[..32];
        var s = signature[32..];
        if (IsZero(r) || IsZero(s) || r.SequenceCompareTo(Order) >= 0 || s.SequenceCompareTo(HalfOrder) > 0)
        {
            return false;
        }

        try
        {
            return KnownKeys
                .Of(publicKey, point)
                .VerifyHash(
                    HashOf(use, message),
                    signature,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                );
        }
        catch (CryptographicException)
        {
            return false; // not on the curve
        }
    }

    /// <summary>Whether the bytes are an uncompressed point of the curve.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> publicKey)
    {
        if (!TryParsePoint(publicKey, out var point))
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create(
                new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }
            );
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    internal static bool TryParsePoint(ReadOnlySpan<byte> publicKey, out ECPoint point)
    {
        point = default;
        if (publicKey.Length != PointSize || publicKey[0] != 4)
        {
            return false;
        }

        point = new ECPoint { X = publicKey[1..33].ToArray(), Y = publicKey[33..].ToArray() };
        return true;
    }

    internal static byte[] WritePoint(ECPoint point) => [4, .. point.X!, .. point.Y!];

    internal static byte[] HashOf(string use, ReadOnlySpan<byte> message) =>
        SHA256.HashData([.. Label.Of(use), .. message]);

    /// <summary>Turns s into n−s where it is above n/2, so that one signature has one form.</summary>
    internal static void NormalizeLowS(Span<byte> signature)
    {
        var s = signature[32..];
        if (s.SequenceCompareTo(HalfOrder) <= 0)
        {
            return;
        }

        var borrow = 0;
        for (var i = 31; i >= 0; i--)
        {
            var difference = Order[i] - s[i] - borrow;
            borrow = difference < 0 ? 1 : 0;
            s[i] = (byte)(difference + (borrow << 8));
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> number) => number.IndexOfAnyExcept((byte)0) < 0;
}
