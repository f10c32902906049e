using System.Buffers;
using System.Globalization;
using System.Net;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sdp;

/// <summary>The candidate attribute (RFC 8839 section 5.1), as it stands in an SDP or travels alone when candidates trickle.</summary>
public static class SdpCandidate
{
    private const string Prefix = "candidate:";
    private static readonly SearchValues<char> IPv4Chars = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> NotInIPv6 = SearchValues.Create("%[]/"); // zones, brackets, prefixes

    /// <summary>
    /// Reads <c>candidate:…</c>, with or without <c>a=</c> before it. False for what is no use: another component than
    /// the first, TCP, a name that is not of multicast DNS, an address or number that is none.
    /// </summary>
    /// <param name="text">The attribute.</param>
    /// <param name="candidate">A candidate with an address; null when <paramref name="hostName"/> is given instead.</param>
    /// <param name="hostName">A candidate behind a name.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        out IceCandidate? candidate,
        out SdpHostNameCandidate? hostName
    )
    {
        candidate = null;
        hostName = null;
        text = text.StartsWith("a=", StringComparison.Ordinal) ? text[2..] : text;
        if (
            text.Length > SdpLimits.MaxLineLength
            || !text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }

        var rest = text[Prefix.Length..];
        var foundation = SdpToken.Take(ref rest);
        var component = SdpToken.Take(ref rest);
        var transport = SdpToken.Take(ref rest);
        var priorityText = SdpToken.Take(ref rest);
        var addressText = SdpToken.Take(ref rest);
        var portText = SdpToken.Take(ref rest);
        var typ = SdpToken.Take(ref rest);
        if (
            foundation.Length > IceCandidate.MaxFoundationLength
            || component is not "1"
            || !transport.Equals("udp", StringComparison.OrdinalIgnoreCase)
            || !SdpNumber.TryParse(priorityText, out var priority)
            || priority is 0 or > IceCandidate.MaxPriority
            || !SdpNumber.TryParsePort(portText, out var port)
            || port == 0
            || typ is not "typ"
            || TypeOf(SdpToken.Take(ref rest)) is not { } type
        )
        {
            return false;
        }

        if (TryParseAddress(addressText, port, out var address))
        {
            candidate = new IceCandidate(type, address, (uint)priority, foundation.ToString());
            candidate = candidate.IsWellFormed ? candidate : null;
            return candidate is not null;
        }

        if (
            SdpHostNameCandidate.IsMulticastName(addressText)
            && Ice.IceCredentials.AreIceChars(foundation.ToString())
        )
        {
            hostName = new SdpHostNameCandidate(
                addressText.ToString(),
                port,
                type,
                (uint)priority,
                foundation.ToString()
            );
        }

        return hostName is not null;
    }

    /// <summary>Writes a candidate as <c>candidate:…</c>.</summary>
    /// <remarks>The address behind a reflexive one is not told: nobody needs it (RFC 8829 section 5.2.1).</remarks>
    public static string Write(IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        Span<byte> bytes = stackalloc byte[16];
        var length = candidate.Address.WriteAddress(bytes); // without the zone, which means nothing elsewhere
        var address = new IPAddress(bytes[..length]);
        var related =
            candidate.Type == IceCandidateType.Host ? ""
            : candidate.Address.IsIPv6 ? " raddr :: rport 9"
            : " raddr 0.0.0.0 rport 9";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{candidate.Foundation} 1 udp {candidate.Priority} {address} {candidate.Address.Port} typ {NameOf(candidate.Type)}{related}"
        );
    }

    /// <summary>Writes a candidate behind a name as <c>candidate:…</c>.</summary>
    public static string Write(SdpHostNameCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{candidate.Foundation} 1 udp {candidate.Priority} {candidate.HostName} {candidate.Port} typ {NameOf(candidate.Type)}"
        );
    }

    private static string NameOf(IceCandidateType type) =>
        type switch
        {
            IceCandidateType.PeerReflexive => "prflx",
            IceCandidateType.ServerReflexive => "srflx",
            IceCandidateType.Relayed => "relay",
            _ => "host",
        };

    private static IceCandidateType? TypeOf(ReadOnlySpan<char> name) =>
        name switch
        {
            "host" => IceCandidateType.Host,
            "srflx" => IceCandidateType.ServerReflexive,
            "prflx" => IceCandidateType.PeerReflexive,
            "relay" => IceCandidateType.Relayed,
            _ => null,
        };

    // The framework also reads "1", "0x7f.1" and octal numbers as addresses; here only the written form counts.
    private static bool TryParseAddress(ReadOnlySpan<char> text, ushort port, out TransportAddress address)
    {
        address = default;
        var isIPv6 = text.Contains(':');
        if (isIPv6 ? text.ContainsAny(NotInIPv6) : text.ContainsAnyExcept(IPv4Chars))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = new TransportAddress(parsed, port);
        return isIPv6 || text.Equals(parsed.ToString(), StringComparison.Ordinal);
    }
}
