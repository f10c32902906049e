using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace PeerChat.WebRtc.Stun;

/// <summary>The values of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 sections 14.5 and 14.6).</summary>
internal static class StunIntegrity
{
    /// <summary>Bytes of the value.</summary>
    public const int Size = HMACSHA1.HashSizeInBytes;

    /// <summary>Bytes of the attribute with its header.</summary>
    public const int AttributeSize = 4 + Size;

    /// <summary>Bytes of the longer value in full.</summary>
    public const int Sha256Size = HMACSHA256.HashSizeInBytes;

    /// <summary>The longer value may be cut to this; always to a multiple of four.</summary>
    public const int MinSha256Size = 16;

    /// <summary>Computes the value over a message of at most <see cref="StunMessage.MaxSize"/> bytes.</summary>
    /// <remarks>The length in the hashed header ends with this attribute, whatever follows it on the wire.</remarks>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 8445 section 7.1 prescribes HMAC-SHA1.")]
    public static void Compute(
        ReadOnlySpan<byte> messageBeforeAttribute,
        ReadOnlySpan<byte> key,
        Span<byte> destination
    )
    {
        Span<byte> hashed = stackalloc byte[StunMessage.MaxSize];
        hashed = hashed[..messageBeforeAttribute.Length];
        messageBeforeAttribute.CopyTo(hashed);
        var length = messageBeforeAttribute.Length - StunHeader.Size + AttributeSize;
        BinaryPrimitives.WriteUInt16BigEndian(hashed[2..], (ushort)length);
        HMACSHA1.HashData(key, hashed, destination);
    }

    /// <summary>Computes the longer value over a message of at most <see cref="StunMessage.MaxSize"/> bytes.</summary>
    /// <param name="messageBeforeAttribute">What is signed.</param>
    /// <param name="key">The key.</param>
    /// <param name="size">Bytes of the value on the wire: the hashed header counts them.</param>
    /// <param name="destination">Takes the value in full.</param>
    public static void ComputeSha256(
        ReadOnlySpan<byte> messageBeforeAttribute,
        ReadOnlySpan<byte> key,
        int size,
        Span<byte> destination
    )
    {
        Span<byte> hashed = stackalloc byte[StunMessage.MaxSize];
        hashed = hashed[..messageBeforeAttribute.Length];
        messageBeforeAttribute.CopyTo(hashed);
        var length = messageBeforeAttribute.Length - StunHeader.Size + 4 + size;
        BinaryPrimitives.WriteUInt16BigEndian(hashed[2..], (ushort)length);
        HMACSHA256.HashData(key, hashed, destination);
    }
}
