using System.Buffers.Binary;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <summary>Extensions that one side announced in INIT or INIT ACK.</summary>
/// <param name="ForwardTsn">It takes FORWARD TSN (RFC 3758), so that messages can be given up.</param>
/// <param name="Reconfiguration">It takes RE-CONFIG (RFC 6525), so that streams can be reset.</param>
/// <param name="Interleaving">It takes I-DATA (RFC 8260), so that a long message does not hold up others.</param>
/// <param name="ZeroChecksum">It takes packets without a checksum inside DTLS (RFC 9653).</param>
internal readonly record struct PeerFeatures(
    bool ForwardTsn,
    bool Reconfiguration,
    bool Interleaving,
    bool ZeroChecksum
)
{
    private const uint DtlsDetectsErrors = 1; // RFC 9653 section 8.3: error detection method identifier
    private const int ZeroChecksumSize = ParameterReader.HeaderSize + sizeof(uint);

    /// <summary>What we announce.</summary>
    public static PeerFeatures Own(SctpOptions options) =>
        new(
            ForwardTsn: true,
            Reconfiguration: true,
            options.InterleavesMessages,
            options.AcceptsZeroChecksum
        );

    /// <summary>What both sides announced.</summary>
    public PeerFeatures And(PeerFeatures other) =>
        new(
            ForwardTsn && other.ForwardTsn,
            Reconfiguration && other.Reconfiguration,
            Interleaving && other.Interleaving,
            ZeroChecksum && other.ZeroChecksum
        );

    /// <summary>These, and what one more parameter announces; null when it is not about extensions.</summary>
    /// <param name="type">The parameter's type.</param>
    /// <param name="parameter">All of it with its header.</param>
    public PeerFeatures? With(ushort type, ReadOnlySpan<byte> parameter) =>
        type switch
        {
            ParameterType.ForwardTsnSupported => this with { ForwardTsn = true },
            ParameterType.SupportedExtensions => WithExtensions(parameter[ParameterReader.HeaderSize..]),
            ParameterType.ZeroChecksumAcceptable => this with
            {
                ZeroChecksum =
                    ZeroChecksum
                    || (
                        parameter.Length == ZeroChecksumSize
                        && BinaryPrimitives.ReadUInt32BigEndian(parameter[ParameterReader.HeaderSize..])
                            == DtlsDetectsErrors
                    ),
            },
            _ => null,
        };

    /// <summary>The parameters that announce these, padded.</summary>
    public byte[] ToParameters()
    {
        var extensions = new List<byte>();
        var parameters = new List<byte>();
        if (ForwardTsn)
        {
            extensions.Add((byte)ChunkType.ForwardTsn);
            Add(parameters, ParameterType.ForwardTsnSupported, []);
        }

        if (Reconfiguration)
        {
            extensions.Add((byte)ChunkType.Reconfiguration);
        }

        if (Interleaving)
        {
            extensions.Add((byte)ChunkType.InterleavedData);
            extensions.Add((byte)ChunkType.InterleavedForwardTsn);
        }

        Add(parameters, ParameterType.SupportedExtensions, [.. extensions]);
        if (ZeroChecksum)
        {
            Add(parameters, ParameterType.ZeroChecksumAcceptable, [0, 0, 0, (byte)DtlsDetectsErrors]);
        }

        return [.. parameters];
    }

    private static void Add(List<byte> parameters, ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> header = stackalloc byte[ParameterReader.HeaderSize];
        BinaryPrimitives.WriteUInt16BigEndian(header, type);
        BinaryPrimitives.WriteUInt16BigEndian(
            header[sizeof(ushort)..],
            (ushort)(header.Length + value.Length)
        );
        parameters.AddRange(header);
        parameters.AddRange(value);
        parameters.AddRange(new byte[Padding.RoundUp(value.Length) - value.Length]);
    }

    private PeerFeatures WithExtensions(ReadOnlySpan<byte> types) =>
        this with
        {
            ForwardTsn = ForwardTsn || types.Contains((byte)ChunkType.ForwardTsn),
            Reconfiguration = Reconfiguration || types.Contains((byte)ChunkType.Reconfiguration),
            Interleaving = Interleaving || types.Contains((byte)ChunkType.InterleavedData),
        };
}
