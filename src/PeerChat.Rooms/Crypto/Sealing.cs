using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.Rooms.Crypto;

/// <summary>The only bulk encryption: a fresh salt and a key of its own per sealing, committing (crypto.md section 0).</summary>
/// <remarks>
/// Output is salt 32 ‖ commitment 32 ‖ AES-256-GCM(k, nonce 0, aad, plaintext) ‖ tag 16. Each key encrypts once, so no
/// accident with sequence numbers can repeat a nonce, and one ciphertext has one plaintext.
/// </remarks>
public static class Sealing
{
    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = SaltSize + CommitmentSize + TagSize;

    private const int SaltSize = 32;
    private const int CommitmentSize = 32;
    private const int TagSize = 16;
    private const int NonceSize = 12;

    /// <summary>Seals a plaintext.</summary>
    /// <param name="entropy">Where the salt comes from.</param>
    /// <param name="key">32 uniform bytes.</param>
    /// <param name="use">The label of this use.</param>
    /// <param name="context">What the key is bound to beside the label.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="plaintext">What to hide.</param>
    public static byte[] Seal(
        IEntropy entropy,
        ReadOnlySpan<byte> key,
        string use,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext
    )
    {
        var output = new byte[Overhead + plaintext.Length];
        var salt = output.AsSpan(0, SaltSize);
        entropy.Fill(salt);
        var keys = DeriveKeys(key, use, salt, context);
        keys.AsSpan(32).CopyTo(output.AsSpan(SaltSize));
        using var aes = new AesGcm(keys.AsSpan(0, 32), TagSize);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        var cipher = output.AsSpan(SaltSize + CommitmentSize, plaintext.Length);
        aes.Encrypt(nonce, plaintext, cipher, output.AsSpan(output.Length - TagSize), associatedData);
        CryptographicOperations.ZeroMemory(keys);
        return output;
    }

    /// <summary>Opens what <see cref="Seal"/> made; null when key, context, data or bytes differ in anything.</summary>
    public static byte[]? Open(
        ReadOnlySpan<byte> key,
        string use,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> sealedBytes
    )
    {
        if (sealedBytes.Length < Overhead)
        {
            return null;
        }

        var keys = DeriveKeys(key, use, sealedBytes[..SaltSize], context);
        if (!CommitmentHolds(keys, sealedBytes))
        {
            return null;
        }

        var plaintext = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(keys.AsSpan(0, 32), TagSize);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        var cipher = sealedBytes.Slice(SaltSize + CommitmentSize, plaintext.Length);
        try
        {
            aes.Decrypt(nonce, cipher, sealedBytes[^TagSize..], plaintext, associatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        CryptographicOperations.ZeroMemory(keys);
        return plaintext;
    }

    /// <summary>The key k of one sealing, without its commitment: who is given it can open these bytes and nothing else.</summary>
    public static byte[]? KeyOf(
        ReadOnlySpan<byte> key,
        string use,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> sealedBytes
    )
    {
        if (sealedBytes.Length < Overhead)
        {
            return null;
        }

        var keys = DeriveKeys(key, use, sealedBytes[..SaltSize], context);
        return CommitmentHolds(keys, sealedBytes) ? keys[..32] : null;
    }

    /// <summary>Opens with the key k of this sealing; the commitment cannot be checked with it. Null when anything differs.</summary>
    public static byte[]? OpenWithKey(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> sealedBytes
    )
    {
        if (sealedBytes.Length < Overhead || key.Length != 32)
        {
            return null;
        }

        var plaintext = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        var cipher = sealedBytes.Slice(SaltSize + CommitmentSize, plaintext.Length);
        try
        {
            aes.Decrypt(nonce, cipher, sealedBytes[^TagSize..], plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether bytes were sealed under this key and context, without decrypting them; for a rate limit between the two.
    /// </summary>
    public static bool HasCommitment(
        ReadOnlySpan<byte> key,
        string use,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> sealedBytes
    ) =>
        sealedBytes.Length >= Overhead
        && CommitmentHolds(DeriveKeys(key, use, sealedBytes[..SaltSize], context), sealedBytes);

    private static bool CommitmentHolds(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> sealedBytes) =>
        CryptographicOperations.FixedTimeEquals(keys[32..], sealedBytes.Slice(SaltSize, CommitmentSize));

    private static byte[] DeriveKeys(
        ReadOnlySpan<byte> key,
        string use,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> context
    ) => Digest.Expand(key, [.. Label.Of(use), .. salt, .. context], 64);
}
