using System.Buffers.Binary;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <summary>What the parameters of INIT or INIT ACK say to us (RFC 9260 section 3.2.1).</summary>
/// <param name="Cookie">The state cookie; null when there is none.</param>
/// <param name="Features">The extensions that the peer announced.</param>
/// <param name="Unrecognized">Parameters to report, each whole and padded.</param>
/// <param name="HasHostName">Whether a host name stands for an address, for which the association must be refused.</param>
internal sealed record InitParameters(
    byte[]? Cookie,
    PeerFeatures Features,
    IReadOnlyList<byte[]> Unrecognized,
    bool HasHostName
)
{
    /// <summary>Parameters looked at; known implementations send fewer than ten.</summary>
    public const int MaxParameters = 32;

    /// <summary>Bytes of reports; what an answer has room for beside its own fields.</summary>
    public const int MaxReportBytes = 512;

    /// <summary>Looks at the parameters; those after one that is malformed or says stop are not seen.</summary>
    public static InitParameters Read(ReadOnlySpan<byte> parameters)
    {
        byte[]? cookie = null;
        var features = default(PeerFeatures);
        var unrecognized = new List<byte[]>();
        var reportBytes = 0;
        var reader = new ParameterReader(parameters);
        for (var i = 0; i < MaxParameters && reader.TryRead(out var type, out var parameter); i++)
        {
            if (type == ParameterType.StateCookie)
            {
                cookie ??= parameter[ParameterReader.HeaderSize..].ToArray();
                continue;
            }

            if (features.With(type, parameter) is { } more)
            {
                features = more;
                continue;
            }

            if (type == ParameterType.HostNameAddress)
            {
                return new InitParameters(cookie, features, unrecognized, HasHostName: true);
            }

            if (IsKnown(type))
            {
                continue;
            }

            if ((type & ParameterType.ReportBit) != 0)
            {
                reportBytes += ParameterReader.HeaderSize + Padding.RoundUp(parameter.Length);
                if (reportBytes > MaxReportBytes)
                {
                    break;
                }

                var report = new byte[Padding.RoundUp(parameter.Length)];
                parameter.CopyTo(report);
                unrecognized.Add(report);
            }

            if ((type & ParameterType.SkipBit) == 0)
            {
                break;
            }
        }

        return new InitParameters(cookie, features, unrecognized, HasHostName: false);
    }

    /// <summary>The parameters of an INIT ACK: a cookie, our extensions, and what we did not know of the INIT.</summary>
    public static byte[] ForInitAck(
        ReadOnlySpan<byte> cookie,
        PeerFeatures own,
        IReadOnlyList<byte[]> unrecognized
    )
    {
        var announced = own.ToParameters();
        var size = ParameterReader.HeaderSize + Padding.RoundUp(cookie.Length);
        size += unrecognized.Sum(parameter => ParameterReader.HeaderSize + parameter.Length);
        var parameters = new byte[size + announced.Length];
        var rest = Write(parameters, ParameterType.StateCookie, cookie);
        announced.CopyTo(rest);
        rest = rest[announced.Length..];
        foreach (var parameter in unrecognized)
        {
            rest = Write(rest, ParameterType.UnrecognizedParameter, parameter);
        }

        return parameters;
    }

    private static Span<byte> Write(Span<byte> destination, ushort type, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        BinaryPrimitives.WriteUInt16BigEndian(
            destination[2..],
            (ushort)(ParameterReader.HeaderSize + value.Length)
        );
        value.CopyTo(destination[ParameterReader.HeaderSize..]);
        return destination[(ParameterReader.HeaderSize + Padding.RoundUp(value.Length))..];
    }

    private static bool IsKnown(ushort type) =>
        type
            is ParameterType.HeartbeatInfo
                or ParameterType.Ipv4Address
                or ParameterType.Ipv6Address
                or ParameterType.UnrecognizedParameter
                or ParameterType.CookiePreservative
                or ParameterType.SupportedAddressTypes;
}
