using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>Requests and answers of NAT-PMP for UDP (RFC 6886 section 3).</summary>
/// <param name="IsMap">Whether it answers for a port; otherwise for the external address.</param>
/// <param name="Result">The result code; 0 is success.</param>
/// <param name="Epoch">Seconds since the gateway began its table.</param>
/// <param name="External">The external address with port 0.</param>
/// <param name="InternalPort">The own port.</param>
/// <param name="ExternalPort">The port on the outside.</param>
/// <param name="Lifetime">How long it lasts.</param>
internal readonly record struct NatPmpAnswer(
    bool IsMap,
    ushort Result,
    uint Epoch,
    TransportAddress External,
    ushort InternalPort,
    ushort ExternalPort,
    TimeSpan Lifetime
)
{
    /// <summary>The result where port mapping is switched off.</summary>
    public const ushort NotAuthorized = 2;

    private const byte AddressResponse = 128;
    private const byte MapUdpResponse = 129;
    private const byte MapUdp = 1;

    /// <summary>Asks for the external address.</summary>
    public static byte[] WriteAddressRequest() => new byte[2];

    /// <summary>Asks for a port; a lifetime of zero ends it, and the external port is zero then.</summary>
    public static byte[] WriteMapRequest(ushort internalPort, ushort externalPort, TimeSpan lifetime)
    {
        var bytes = new byte[12];
        bytes[1] = MapUdp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(6),
            lifetime > TimeSpan.Zero ? externalPort : (ushort)0
        );
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)lifetime.TotalSeconds);
        return bytes;
    }

    /// <summary>Reads an answer; one that says no may lack what else it has.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out NatPmpAnswer answer)
    {
        answer = default;
        if (source.Length < 8 || source[0] != 0 || source[1] is not (AddressResponse or MapUdpResponse))
        {
            return false;
        }

        var isMap = source[1] == MapUdpResponse;
        var result = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        var epoch = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (source.Length != (isMap ? 16 : 12))
        {
            answer = new NatPmpAnswer(isMap, result, epoch, default, 0, 0, default);
            return result != 0;
        }

        answer = isMap
            ? new NatPmpAnswer(
                isMap,
                result,
                epoch,
                default,
                BinaryPrimitives.ReadUInt16BigEndian(source[8..]),
                BinaryPrimitives.ReadUInt16BigEndian(source[10..]),
                TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(source[12..]))
            )
            : new NatPmpAnswer(
                isMap,
                result,
                epoch,
                TransportAddress.FromBytes(source.Slice(8, 4), 0),
                0,
                0,
                default
            );
        return true;
    }
}
