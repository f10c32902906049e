using System.Buffers.Binary;

namespace PeerChat.WebRtc.Stun;

/// <summary>The fixed start of every STUN message: type, length, magic cookie, transaction id (RFC 8489 section 5).</summary>
/// <param name="Type">Class and method.</param>
/// <param name="BodyLength">Bytes of attributes that follow the header; a multiple of four.</param>
/// <param name="TransactionId">What ties a response to its request.</param>
internal readonly record struct StunHeader(
    StunMessageType Type,
    ushort BodyLength,
    StunTransactionId TransactionId
)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 20;

    /// <summary>The constant that marks STUN since RFC 5389 (RFC 8489 section 5).</summary>
    public const uint MagicCookie = 0x2112_A442;

    private const ushort LargestType = 0x3FFF; // the two top bits are zero

    /// <summary>Reads a header whose body fills the rest of the datagram exactly.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out StunHeader header)
    {
        header = default;
        if (source.Length < Size)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(source);
        var bodyLength = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        var cookie = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (
            type > LargestType
            || cookie != MagicCookie
            || bodyLength % 4 != 0
            || bodyLength != source.Length - Size
        )
        {
            return false;
        }

        header = new StunHeader((StunMessageType)type, bodyLength, StunTransactionId.Read(source[8..]));
        return true;
    }

    /// <summary>Writes the header into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], BodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], MagicCookie);
        TransactionId.Write(destination[8..]);
    }
}
