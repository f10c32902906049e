using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>The MAP opcode of PCP for UDP over IPv4 (RFC 6887 sections 7 and 11).</summary>
/// <param name="Result">The result code; 0 is success.</param>
/// <param name="Lifetime">How long the mapping, or the error, lasts.</param>
/// <param name="Epoch">Seconds since the gateway began its table.</param>
/// <param name="InternalPort">The own port.</param>
/// <param name="External">The address on the outside.</param>
internal readonly record struct PcpMap(
    byte Result,
    TimeSpan Lifetime,
    uint Epoch,
    ushort InternalPort,
    TransportAddress External
)
{
    /// <summary>Bytes of the nonce that proves who made a mapping.</summary>
    public const int NonceSize = 12;

    /// <summary>The result of a gateway that speaks another version (RFC 6887 section 7.4).</summary>
    public const byte UnsupportedVersion = 1;

    /// <summary>The result where port mapping is switched off or forbidden.</summary>
    public const byte NotAuthorized = 2;

    private const int HeaderSize = 24;
    private const int Size = HeaderSize + 36;
    private const byte Version = 2;
    private const byte Opcode = 1;
    private const byte Response = 0x80;
    private const byte Udp = 17;

    /// <summary>Writes a request.</summary>
    /// <param name="nonce">The nonce; the same as long as the mapping lives.</param>
    /// <param name="local">The own socket.</param>
    /// <param name="suggested">The address on the outside that is wanted; null for the own port at any address.</param>
    /// <param name="lifetime">How long it is wanted; zero ends it.</param>
    public static byte[] WriteRequest(
        ReadOnlySpan<byte> nonce,
        TransportAddress local,
        TransportAddress? suggested,
        TimeSpan lifetime
    )
    {
        var bytes = new byte[Size];
        (bytes[0], bytes[1]) = (Version, Opcode);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)lifetime.TotalSeconds);
        WriteMapped(bytes.AsSpan(8), local);
        nonce[..NonceSize].CopyTo(bytes.AsSpan(HeaderSize));
        bytes[HeaderSize + 12] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(HeaderSize + 16), local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(HeaderSize + 18),
            suggested?.Port ?? (lifetime > TimeSpan.Zero ? local.Port : (ushort)0)
        );
        WriteMapped(bytes.AsSpan(HeaderSize + 20), suggested);
        return bytes;
    }

    /// <summary>Reads an answer to a request with this nonce; false for everything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, ReadOnlySpan<byte> nonce, out PcpMap map)
    {
        map = default;
        if (
            source.Length is < Size or > PortMappingLimits.MaxPcpSize
            || source.Length % 4 != 0
            || source[0] != Version
            || source[1] != (Response | Opcode)
            || !source.Slice(HeaderSize, NonceSize).SequenceEqual(nonce)
            || source[HeaderSize + 12] != Udp
            || !source.Slice(HeaderSize + 20, 10).SequenceEqual(new byte[10]) // IPv4 in an IPv6 address
        )
        {
            return false;
        }

        map = new PcpMap(
            source[3],
            TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(source[4..])),
            BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(source[(HeaderSize + 16)..]),
            TransportAddress.FromBytes(
                source.Slice(HeaderSize + 32, 4),
                BinaryPrimitives.ReadUInt16BigEndian(source[(HeaderSize + 18)..])
            )
        );
        return true;
    }

    // IPv4 in an IPv6 address (RFC 6887 section 5)
    private static void WriteMapped(Span<byte> to, TransportAddress? address)
    {
        (to[10], to[11]) = (0xFF, 0xFF);
        address?.WriteAddress(to[12..]);
    }
}
