using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Stun;

/// <summary>The value of the XOR-MAPPED-ADDRESS attribute (RFC 8489 section 14.2).</summary>
internal static class XorMappedAddress
{
    /// <summary>Bytes of the value for IPv6, the larger one.</summary>
    public const int MaxSize = 4 + 16;

    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;

    /// <summary>Reads an address; the transaction id masks the last twelve bytes of IPv6.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> value,
        in StunTransactionId transactionId,
        out TransportAddress address
    )
    {
        address = default;
        if (value.Length < 4)
        {
            return false;
        }

        var expected = value[1] switch
        {
            FamilyIPv4 => 8,
            FamilyIPv6 => 20,
            _ => 0,
        };
        if (value.Length != expected)
        {
            return false;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunHeader.MagicCookie >> 16);
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(expected - 4)];
        value[4..].CopyTo(bytes);
        Mask(bytes, transactionId);
        address = TransportAddress.FromBytes(bytes, (int)port);
        return true;
    }

    /// <summary>Writes an address; returns how many bytes were written.</summary>
    public static int Write(
        Span<byte> destination,
        TransportAddress address,
        in StunTransactionId transactionId
    )
    {
        destination[0] = 0;
        destination[1] = address.IsIPv6 ? FamilyIPv6 : FamilyIPv4;
        var port = (ushort)(address.Port ^ (StunHeader.MagicCookie >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], port);
        var length = address.WriteAddress(destination[4..]);
        Mask(destination.Slice(4, length), transactionId);
        return 4 + length;
    }

    private static void Mask(Span<byte> bytes, in StunTransactionId transactionId)
    {
        Span<byte> mask = stackalloc byte[4 + StunTransactionId.Size];
        BinaryPrimitives.WriteUInt32BigEndian(mask, StunHeader.MagicCookie);
        transactionId.Write(mask[4..]);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= mask[i];
        }
    }
}
