using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.Rooms.Crypto;

/// <summary>SHA-256, HMAC and HKDF as the specification writes them (crypto.md section 0; RFC 5869).</summary>
public static class Digest
{
    // The longest header with its label (crypto.md section 3) fits.
    private const int MaxStackBytes = 2304;

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
        var label = Label.Of(use);
        var size = Join(label, parts, []);
        Span<byte> joined = size <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[size];
        Join(label, parts, joined);
        return Hash(joined[..size]);
    }

    /// <summary>HMAC-SHA256(key, L(use) ‖ parts), 32 bytes.</summary>
    public static byte[] Mac(
        ReadOnlySpan<byte> key,
        string use,
        params ReadOnlySpan<ReadOnlyMemory<byte>> parts
    )
    {
        var label = Label.Of(use);
        var size = Join(label, parts, []);
        Span<byte> joined = size <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[size];
        Join(label, parts, joined);
        return HMACSHA256.HashData(key, joined[..size]);
    }

    // One call over the joined bytes: the system's library makes and frees a context of its own for each hash in steps, which costs
    // more than hashing an entry's header.
    private static int Join(
        ReadOnlySpan<byte> label,
        ReadOnlySpan<ReadOnlyMemory<byte>> parts,
        Span<byte> target
    )
    {
        var size = label.Length;
        _ = !target.IsEmpty && label.TryCopyTo(target);
        foreach (var part in parts)
        {
            _ = !target.IsEmpty && part.Span.TryCopyTo(target[size..]);
            size += part.Length;
        }

        return size;
    }

    /// <summary>sub(K, use) = HKDF-Expand-SHA256(K, L(use), 32).</summary>
    public static byte[] Sub(ReadOnlySpan<byte> key, string use) => Expand(key, Label.Of(use), 32);

    /// <summary>HKDF-Expand-SHA256 of a 32-byte uniform key (RFC 5869 section 2.3).</summary>
    /// <remarks>
    /// Written out over HMAC: the system's library looks its HKDF up by name for each call, which takes longer than the two blocks that
    /// an entry's key needs.
    /// </remarks>
    public static byte[] Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> info, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, byte.MaxValue * Bytes32.Size);
        var output = new byte[length];
        var size = Bytes32.Size + info.Length + 1; // T(i-1) ‖ info ‖ i
        Span<byte> input = size <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[size];
        info.CopyTo(input[Bytes32.Size..]);
        Span<byte> block = stackalloc byte[Bytes32.Size];
        for (var (at, count) = (0, 1); at < length; at += Bytes32.Size, count++)
        {
            input[size - 1] = (byte)count;
            HMACSHA256.HashData(key, input[(at == 0 ? Bytes32.Size : 0)..size], block);
            block[..Math.Min(Bytes32.Size, length - at)].CopyTo(output.AsSpan(at));
            block.CopyTo(input);
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(input);
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
