using System.Buffers.Binary;
using System.Security.Cryptography;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Hello;

/// <summary>The proof in the first flight that a peer knows the secret of this context (crypto.md section 2).</summary>
internal static class Knock
{
    private const int Size = 16;

    /// <summary>HMAC-SHA256(K, L("knock") ‖ role ‖ CB)[0..16]; zeros without a key.</summary>
    internal static UInt128 Compute(ReadOnlySpan<byte> key, byte role, ChannelBinding channel) =>
        key.IsEmpty
            ? UInt128.Zero
            : BinaryPrimitives.ReadUInt128BigEndian(
                Digest.Mac(key, "knock", new byte[] { role }, channel.Value.ToArray())
            );

    /// <summary>Compares in constant time.</summary>
    internal static bool Matches(UInt128 left, UInt128 right)
    {
        Span<byte> a = stackalloc byte[Size];
        Span<byte> b = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(a, left);
        BinaryPrimitives.WriteUInt128BigEndian(b, right);
        return CryptographicOperations.FixedTimeEquals(a, b);
    }
}
