using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PeerChat.WebRtc.Sdp;

/// <summary>Writes SDP in the one form that all peers read.</summary>
internal static class SdpWriter
{
    /// <summary>The transport of data channels (RFC 8841 section 4.1).</summary>
    public const string Protocol = "UDP/DTLS/SCTP";

    /// <summary>The format of data channels (RFC 8841 section 4.3).</summary>
    public const string Format = "webrtc-datachannel";

    /// <summary>Writes the sections in their order, the rejected ones with port 0.</summary>
    public static string Write(
        SessionDescription description,
        IReadOnlyList<SdpSection> sections,
        bool isBundled,
        int version,
        bool isComplete
    )
    {
        var text = new StringBuilder(1024);
        // RFC 8829 section 5.2.1 wants a random number of 63 bits that differs from session to session: the certificate does.
        var id = BinaryPrimitives.ReadUInt64BigEndian(description.FingerprintSha256) & long.MaxValue;
        Line(text, "v=0");
        Line(text, $"o=- {id} {version} IN IP4 127.0.0.1");
        Line(text, "s=-");
        Line(text, "t=0 0");
        if (isBundled && sections.FirstOrDefault(section => section.IsDataChannels)?.Mid is { } bundled)
        {
            Line(text, $"a=group:BUNDLE {bundled}");
        }

        foreach (var section in sections)
        {
            WriteSection(text, section, description, isComplete);
        }

        return text.ToString();
    }

    private static void WriteSection(
        StringBuilder text,
        SdpSection section,
        SessionDescription description,
        bool isComplete
    )
    {
        var isOldForm =
            section.IsDataChannels && !string.Equals(section.Format, Format, StringComparison.Ordinal);
        var format = isOldForm ? description.SctpPort.ToString(CultureInfo.InvariantCulture) : section.Format;
        // Port 9 stands for "see the candidates", port 0 for "no" (RFC 8829 sections 5.2.1 and 5.3.1).
        Line(text, $"m={section.Media} {(section.IsDataChannels ? 9 : 0)} {section.Protocol} {format}");
        Line(text, "c=IN IP4 0.0.0.0");
        if (section.Mid is { } mid)
        {
            Line(text, $"a=mid:{mid}");
        }

        if (!section.IsDataChannels)
        {
            return;
        }

        Line(text, $"a=ice-ufrag:{description.Ufrag}");
        Line(text, $"a=ice-pwd:{description.Password}");
        Line(text, "a=ice-options:trickle");
        Line(text, $"a=fingerprint:sha-256 {Colons(description.FingerprintSha256)}");
        Line(text, $"a=setup:{NameOf(description.Setup)}");
        // RFC 8841, or the older form when the peer asked in it.
        Line(
            text,
            isOldForm
                ? $"a=sctpmap:{description.SctpPort} {Format} 65535"
                : (FormattableString)$"a=sctp-port:{description.SctpPort}"
        );
        Line(text, $"a=max-message-size:{description.MaxMessageSize}");
        if (description.SctpInit is { } init)
        {
            Line(text, $"a=sctp-init:{Convert.ToBase64String(init)}");
        }

        foreach (var candidate in description.Candidates)
        {
            Line(text, $"a={SdpCandidate.Write(candidate)}");
        }

        foreach (var hidden in description.HostNames)
        {
            Line(text, $"a={SdpCandidate.Write(hidden)}");
        }

        if (isComplete)
        {
            Line(text, "a=end-of-candidates"); // RFC 8840 section 8.2
        }
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        Line(text, line.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    private static string Colons(byte[] hash) => BitConverter.ToString(hash).Replace('-', ':');

    private static string NameOf(DtlsSetup setup) =>
        setup switch
        {
            DtlsSetup.Active => "active",
            DtlsSetup.Passive => "passive",
            _ => "actpass",
        };
}
