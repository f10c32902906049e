using System.Security.Cryptography;
using System.Text;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The pseudorandom function of version 1.2 (RFC 5246 section 5).</summary>
internal static class Prf
{
    /// <summary>Fills <paramref name="destination"/> with P_hash(secret, label ‖ seed).</summary>
    public static void Expand(
        HashAlgorithmName hash,
        ReadOnlySpan<byte> secret,
        string label,
        ReadOnlySpan<byte> seed,
        Span<byte> destination
    )
    {
        byte[] labelAndSeed = [.. Encoding.ASCII.GetBytes(label), .. seed];
        var a = CryptographicOperations.HmacData(hash, secret, labelAndSeed);
        while (!destination.IsEmpty)
        {
            var block = CryptographicOperations.HmacData(hash, secret, [.. a, .. labelAndSeed]);
            var count = Math.Min(block.Length, destination.Length);
            block.AsSpan(0, count).CopyTo(destination);
            destination = destination[count..];
            a = CryptographicOperations.HmacData(hash, secret, a);
            CryptographicOperations.ZeroMemory(block);
        }
    }
}
