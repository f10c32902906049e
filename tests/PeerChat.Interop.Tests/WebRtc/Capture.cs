using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A capture file (pcap) of packets that need not have passed a network. It may be written to by several threads.</summary>
internal sealed class Capture
{
    /// <summary>Its packets begin with an IP header (LINKTYPE_RAW).</summary>
    public const int Ip = 101;

    /// <summary>Its packets begin with an SCTP header (LINKTYPE_SCTP).</summary>
    public const int Sctp = 248;

    private const int FileHeaderSize = 24;
    private const int PacketHeaderSize = 16;
    private const int IPv4Size = 20;
    private const int UdpSize = 8;
    private readonly List<byte> _file = []; // under its own lock
    private int _count;

    /// <summary>Starts an empty one.</summary>
    public Capture(int linkType)
    {
        var header = new byte[FileHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), ushort.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), linkType);
        _file.AddRange(header);
    }

    /// <summary>Adds a datagram, both addresses of IPv4.</summary>
    public void Add(Instant now, TransportAddress from, TransportAddress to, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[IPv4Size + UdpSize + payload.Length];
        var ip = packet.AsSpan();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)packet.Length);
        ip[8] = 64; // time to live
        ip[9] = 17; // UDP
        from.ToIPEndPoint().Address.TryWriteBytes(ip[12..], out _);
        to.ToIPEndPoint().Address.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], HeaderChecksum(ip[..IPv4Size]));
        var udp = ip[IPv4Size..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpSize + payload.Length)); // checksum 0: none
        payload.CopyTo(udp[UdpSize..]);
        Add(now, packet);
    }

    /// <summary>Adds a packet of the file's kind.</summary>
    public void Add(Instant now, ReadOnlySpan<byte> packet)
    {
        var time = now - Instant.Origin;
        var header = new byte[PacketHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)time.TotalSeconds);
        BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(4),
            (uint)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond)
        );
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), packet.Length);
        lock (_file)
        {
            _count++;
            _file.AddRange(header);
            _file.AddRange(packet);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <returns>How many packets are in it.</returns>
    public int Save(string path)
    {
        lock (_file)
        {
            File.WriteAllBytes(path, [.. _file]);
            return _count;
        }
    }

    private static ushort HeaderChecksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
