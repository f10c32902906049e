using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace PeerChat.WebRtc.Stun;

/// <summary>The value of the MESSAGE-INTEGRITY attribute: HMAC-SHA1 of the message before it (RFC 8489 section 14.5).</summary>
internal static class StunIntegrity
{
    /// <summary>Bytes of the value.</summary>
    public const int Size = HMACSHA1.HashSizeInBytes;

    /// <summary>Bytes of the attribute with its header.</summary>
    public const int AttributeSize = 4 + Size;

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
}
