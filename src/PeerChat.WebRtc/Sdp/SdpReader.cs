namespace PeerChat.WebRtc.Sdp;

/// <summary>Reads the lines of one SDP and keeps what the connection needs.</summary>
internal sealed class SdpReader
{
    private const int DefaultMaxMessageSize = 65_536; // RFC 8841 section 6.1: when the peer says nothing
    private readonly List<SdpSection> _sections = [];
    private SdpAttributes _current;

    /// <summary>A reader that has read nothing.</summary>
    public SdpReader() => _current = Session;

    /// <summary>What stands before the first section.</summary>
    public SdpAttributes Session { get; } = new();

    /// <summary>What stands in the section for data channels; null without one.</summary>
    public SdpAttributes? DataChannels { get; private set; }

    /// <summary>The sections so far.</summary>
    public IReadOnlyList<SdpSection> Sections => _sections;

    /// <summary>Reads a whole text; null, or what is wrong with it.</summary>
    public string? Read(ReadOnlySpan<char> text)
    {
        if (text.Length > SdpLimits.MaxLength)
        {
            return "the SDP is too long";
        }

        var number = 0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            line = line.EndsWith('\r') ? line[..^1] : line;
            number++;
            if (FaultOf(line, number) is { } fault)
            {
                return fault;
            }

            if (!line.IsEmpty && ReadLine(line[0], line[2..]) is { } reason)
            {
                return reason;
            }
        }

        FinishSection();
        return number == 0 ? "the SDP is empty" : null;
    }

    /// <summary>What was read as a description; a reason when it is none.</summary>
    public string? TryDescribe(out SessionDescription? description)
    {
        description = null;
        if (DataChannels is not { } media)
        {
            return "the SDP has no section for data channels, or refuses it";
        }

        if (media.IsLite || Session.IsLite)
        {
            return "the peer does only ICE lite, which needs a full agent that leads; that is not built";
        }

        if (media.Fingerprint is null && (media.HasFingerprint || Session.Fingerprint is null))
        {
            return "the SDP has no SHA-256 fingerprint of a certificate";
        }

        if (SetupOf(media.Setup ?? Session.Setup) is not { } setup)
        {
            return "the SDP does not say who starts DTLS";
        }

        if (!TryReadPort(media.SctpPort, out var sctpPort))
        {
            return "the SCTP port is out of range";
        }

        if (!TryReadSize(media.MaxMessageSize, out var maxMessageSize))
        {
            return "the largest message size is no number";
        }

        // Fragment and password belong together: never one of the section and one of the session.
        var ice = media.Ufrag is null && media.Password is null ? Session : media;
        if (
            SessionDescription.TryCreate(
                ice.Ufrag ?? "",
                ice.Password ?? "",
                media.Fingerprint ?? Session.Fingerprint,
                setup,
                media.Candidates,
                maxMessageSize,
                out var created,
                out var reason
            )
        )
        {
            description = created with { SctpPort = sctpPort, SctpInit = media.SctpInit };
        }

        return reason;
    }

    private static string? FaultOf(ReadOnlySpan<char> line, int number)
    {
        if (number > SdpLimits.MaxLines)
        {
            return "the SDP has too many lines";
        }

        if (line.Length > SdpLimits.MaxLineLength)
        {
            return "a line of the SDP is too long";
        }

        if (number == 1)
        {
            return line is "v=0" ? null : "the SDP does not begin with its version, 0";
        }

        return line.IsEmpty || (line.Length >= 2 && line[1] == '=' && char.IsAsciiLetterLower(line[0]))
            ? null
            : "a line of the SDP is not a letter, an equals sign and a value";
    }

    private string? ReadLine(char type, ReadOnlySpan<char> value)
    {
        switch (type)
        {
            case 'm':
                FinishSection();
                return BeginSection(value);
            case 'a':
                _current.Add(value);
                return null;
            default:
                return null; // origin, name, times, bandwidth, connection: nothing in them is for ICE
        }
    }

    // "application 9 UDP/DTLS/SCTP webrtc-datachannel"
    private string? BeginSection(ReadOnlySpan<char> value)
    {
        var media = SdpToken.Take(ref value);
        var port = SdpToken.Take(ref value);
        var protocol = SdpToken.Take(ref value);
        var format = SdpToken.Take(ref value);
        if (
            !SdpToken.IsToken(media)
            || !SdpNumber.TryParsePort(port, out var number)
            || !SdpToken.IsProtocol(protocol)
            || !SdpToken.IsToken(format)
        )
        {
            return "a section of the SDP does not begin as one";
        }

        if (_sections.Count == SdpLimits.MaxSections)
        {
            return "the SDP has too many sections";
        }

        var couldBe =
            DataChannels is null
            && number != 0
            && media is "application"
            && protocol is (SdpWriter.Protocol or "TCP/DTLS/SCTP" or "DTLS/SCTP");
        _current = new SdpAttributes();
        if (couldBe && IsDataChannelFormat(protocol, format))
        {
            DataChannels = _current;
        }

        _sections.Add(
            new SdpSection(
                media.ToString(),
                protocol.ToString(),
                format.ToString(),
                Mid: null,
                IsDataChannels: ReferenceEquals(DataChannels, _current)
            )
        );
        return null;
    }

    // Before RFC 8841 the format was the SCTP port, and sctpmap said the rest.
    private static bool IsDataChannelFormat(ReadOnlySpan<char> protocol, ReadOnlySpan<char> format) =>
        protocol is "DTLS/SCTP"
            ? SdpNumber.TryParsePort(format, out var port) && port != 0
            : format is SdpWriter.Format;

    private void FinishSection()
    {
        if (_sections.Count > 0)
        {
            _sections[^1] = _sections[^1] with { Mid = MidOf(_current) };
        }
    }

    // The tag is repeated in the answer, so it has to be one.
    private static string? MidOf(SdpAttributes attributes) =>
        attributes.Mid is { Length: <= SdpLimits.MaxMidLength } mid && SdpToken.IsToken(mid) ? mid : null;

    private static DtlsSetup? SetupOf(string? name) =>
        name switch
        {
            "actpass" => DtlsSetup.ActPass,
            "active" => DtlsSetup.Active,
            "passive" => DtlsSetup.Passive,
            _ => null, // "holdconn" means: not now
        };

    private static bool TryReadPort(string? text, out ushort port)
    {
        port = Sctp.SctpOptions.DefaultPort;
        return text is null || (SdpNumber.TryParsePort(text, out port) && port != 0);
    }

    private static bool TryReadSize(string? text, out int size)
    {
        size = DefaultMaxMessageSize;
        if (text is null)
        {
            return true;
        }

        var isNumber = SdpNumber.TryParse(text, out var value);
        size = (int)Math.Min(value, int.MaxValue);
        return isNumber;
    }
}
