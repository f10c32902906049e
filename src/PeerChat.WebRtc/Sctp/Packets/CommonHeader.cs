using System.Buffers.Binary;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The first twelve bytes of every SCTP packet (RFC 9260 section 3.1).</summary>
/// <param name="SourcePort">The sender's port; in WebRTC the one of a=sctp-port.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="VerificationTag">The receiver's tag.</param>
internal readonly record struct CommonHeader(
    ushort SourcePort,
    ushort DestinationPort,
    VerificationTag VerificationTag
)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 12;

    /// <summary>Where the checksum stands; it is little-endian, unlike all else.</summary>
    public const int ChecksumOffset = 8;

    /// <summary>Reads the header of a whole packet, and checks the packet's checksum.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="header">The header.</param>
    /// <param name="acceptsZeroChecksum">Whether a checksum of zero is right too (RFC 9653 section 5.3).</param>
    public static bool TryParse(
        ReadOnlySpan<byte> packet,
        out CommonHeader header,
        bool acceptsZeroChecksum = false
    )
    {
        header = default;
        if (packet.Length < Size)
        {
            return false;
        }

        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(packet[ChecksumOffset..]);
        if (!(acceptsZeroChecksum && checksum == 0) && checksum != Crc32C.OfPacket(packet))
        {
            return false;
        }

        header = new CommonHeader(
            BinaryPrimitives.ReadUInt16BigEndian(packet),
            BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(packet[4..]))
        );
        return true;
    }

    /// <summary>Writes the header over the first bytes of a packet whose chunks are all there.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="hasChecksum">False writes zero instead of the checksum (RFC 9653 section 5.2).</param>
    public void Write(Span<byte> packet, bool hasChecksum = true)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], VerificationTag.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(
            packet[ChecksumOffset..],
            hasChecksum ? Crc32C.OfPacket(packet) : 0
        );
    }
}
