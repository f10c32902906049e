using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.Rooms.Crypto;

/// <summary>SHA-256, HMAC and HKDF as the specification writes them (crypto.md section 0; RFC 5869).</summary>
public static class Digest
{
    /// <summary>H(x) over the bytes as they are.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(data, hash);
        return new Bytes32(hash);
    }

    /// <summary>H(L(use) ‖ parts).</summary>
    public static Bytes32 Labelled(string use, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Label.Of(use));
        foreach (var part in parts)
        {
            hash.AppendData(part.Span);
        }

        return new Bytes32(hash.GetHashAndReset());
    }

    /// <summary>HMAC-SHA256(key, L(use) ‖ parts), 32 bytes.</summary>
    public static byte[] Mac(
        ReadOnlySpan<byte> key,
        string use,
        params ReadOnlySpan<ReadOnlyMemory<byte>> parts
    )
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Label.Of(use));
        foreach (var part in parts)
        {
            mac.AppendData(part.Span);
        }

        return mac.GetHashAndReset();
    }

    /// <summary>sub(K, use) = HKDF-Expand-SHA256(K, L(use), 32).</summary>
    public static byte[] Sub(ReadOnlySpan<byte> key, string use) => Expand(key, Label.Of(use), 32);

    /// <summary>HKDF-Expand-SHA256 of a 32-byte uniform key (RFC 5869 section 2.3).</summary>
    public static byte[] Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> info, int length)
    {
        var output = new byte[length];
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, info);
        return output;
    }

    /// <summary>HKDF-SHA256 with an empty salt (RFC 5869 section 2.2 and 2.3).</summary>
    public static byte[] Derive(ReadOnlySpan<byte> inputKeyMaterial, ReadOnlySpan<byte> info, int length)
    {
        var output = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKeyMaterial, output, [], info);
        return output;
    }
}
