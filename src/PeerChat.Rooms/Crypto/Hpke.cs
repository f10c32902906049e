using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PeerChat.Rooms.Crypto;

/// <summary>Single-shot HPKE in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-GCM (RFC 9180 section 6.1).</summary>
internal static class Hpke
{
    /// <summary>Bytes of an encapsulated key (RFC 9180 section 7.1, Nenc of DHKEM(P-256)).</summary>
    public const int EncapsulatedKeySize = P256.PointSize;

    /// <summary>Bytes that sealing adds (Nt of AES-GCM).</summary>
    public const int TagSize = 16;

    private const ushort Kem = 0x0010;
    private const ushort Kdf = 0x0001;
    private const byte BaseMode = 0;
    private const int HashSize = 32;
    private const int NonceSize = 12;

    /// <summary>Seals to a public key with an ephemeral key from <paramref name="keys"/>; null when it is no point of the curve.</summary>
    public static (byte[] EncapsulatedKey, byte[] Ciphertext)? Seal(
        IKeySource keys,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        HpkeAead aead = HpkeAead.Aes256Gcm
    )
    {
        var ephemeral = keys.NewAgreementKey();
        if (ephemeral.DeriveSharedSecret(recipient) is not { } shared)
        {
            return null;
        }

        var encapsulated = ephemeral.PublicKey.ToArray();
        var (key, nonce) = Schedule(Decapsulated(shared, encapsulated, recipient), info, aead);
        var ciphertext = new byte[plaintext.Length + TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            nonce,
            plaintext,
            ciphertext.AsSpan(0, plaintext.Length),
            ciphertext.AsSpan(plaintext.Length),
            associatedData
        );
        CryptographicOperations.ZeroMemory(key);
        return (encapsulated, ciphertext);
    }

    /// <summary>Opens what <see cref="Seal"/> made for this key; null when anything differs.</summary>
    public static byte[]? Open(
        IAgreementKey recipient,
        ReadOnlySpan<byte> encapsulatedKey,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext,
        HpkeAead aead = HpkeAead.Aes256Gcm
    )
    {
        if (
            ciphertext.Length < TagSize
            || encapsulatedKey.Length != EncapsulatedKeySize
            || recipient.DeriveSharedSecret(encapsulatedKey) is not { } shared
        )
        {
            return null;
        }

        var (key, nonce) = Schedule(
            Decapsulated(shared, encapsulatedKey, recipient.PublicKey.Span),
            info,
            aead
        );
        var plaintext = new byte[ciphertext.Length - TagSize];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(nonce, ciphertext[..^TagSize], ciphertext[^TagSize..], plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // ExtractAndExpand of RFC 9180 section 4.1.
    private static byte[] Decapsulated(
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> encapsulatedKey,
        ReadOnlySpan<byte> recipient
    )
    {
        byte[] suite = [.. "KEM"u8, 0, (byte)Kem];
        var extracted = Extract(suite, [], "eae_prk", shared);
        return Expand(suite, extracted, "shared_secret", [.. encapsulatedKey, .. recipient], HashSize);
    }

    // KeySchedule of RFC 9180 section 5.1 with empty psk and psk_id; the nonce of sequence number 0 is the base nonce.
    private static (byte[] Key, byte[] Nonce) Schedule(
        ReadOnlySpan<byte> sharedSecret,
        ReadOnlySpan<byte> info,
        HpkeAead aead
    )
    {
        byte[] suite = [.. "HPKE"u8, 0, (byte)Kem, 0, (byte)Kdf, 0, (byte)aead];
        byte[] context =
        [
            BaseMode,
            .. Extract(suite, [], "psk_id_hash", []),
            .. Extract(suite, [], "info_hash", info),
        ];
        var secret = Extract(suite, sharedSecret, "secret", []);
        var keySize = aead == HpkeAead.Aes128Gcm ? 16 : 32;
        return (
            Expand(suite, secret, "key", context, keySize),
            Expand(suite, secret, "base_nonce", context, NonceSize)
        );
    }

    // LabeledExtract and LabeledExpand of RFC 9180 section 4.
    private static byte[] Extract(
        ReadOnlySpan<byte> suite,
        ReadOnlySpan<byte> salt,
        string label,
        ReadOnlySpan<byte> inputKeyMaterial
    )
    {
        byte[] labelled = [.. "HPKE-v1"u8, .. suite, .. Encoding.ASCII.GetBytes(label), .. inputKeyMaterial];
        var output = new byte[HashSize];
        HKDF.Extract(HashAlgorithmName.SHA256, labelled, salt, output);
        return output;
    }

    private static byte[] Expand(
        ReadOnlySpan<byte> suite,
        ReadOnlySpan<byte> key,
        string label,
        ReadOnlySpan<byte> info,
        int length
    )
    {
        Span<byte> size = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)length);
        return Digest.Expand(
            key,
            [.. size, .. "HPKE-v1"u8, .. suite, .. Encoding.ASCII.GetBytes(label), .. info],
            length
        );
    }
}
