using System.Security.Cryptography;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.Sdp;

/// <summary>What the session or one section says of the connection; of a thing said twice the first counts.</summary>
internal sealed class SdpAttributes
{
    private const string Sha256Prefix = "sha-256 ";

    /// <summary>The identification tag of the section.</summary>
    public string? Mid { get; private set; }

    /// <summary>Of the session: the tags of the sections that share one transport, with spaces around each (RFC 9143).</summary>
    public string Bundle { get; private set; } = "";

    /// <summary>The ICE user name fragment.</summary>
    public string? Ufrag { get; private set; }

    /// <summary>The ICE password.</summary>
    public string? Password { get; private set; }

    /// <summary>The SHA-256 fingerprint, 32 bytes.</summary>
    public byte[]? Fingerprint { get; private set; }

    /// <summary>Whether there are fingerprints, perhaps none that we can use.</summary>
    public bool HasFingerprint { get; private set; }

    /// <summary>The word after <c>setup:</c>.</summary>
    public string? Setup { get; private set; }

    /// <summary>Whether the peer does only the smaller half of ICE (RFC 8445 section 2.5).</summary>
    public bool IsLite { get; private set; }

    /// <summary>The text after <c>sctp-port:</c>.</summary>
    public string? SctpPort { get; private set; }

    /// <summary>The text after <c>max-message-size:</c>.</summary>
    public string? MaxMessageSize { get; private set; }

    /// <summary>What <c>sctp-init:</c> says in base64; null when it is none, or longer than any INIT.</summary>
    public byte[]? SctpInit { get; private set; }

    /// <summary>Whether no more candidates follow (RFC 8840 section 8.2).</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The candidates with addresses.</summary>
    public List<IceCandidate> Candidates { get; } = [];

    /// <summary>The candidates behind names.</summary>
    public List<SdpHostNameCandidate> HostNames { get; } = [];

    /// <summary>Candidates that are no use or too many.</summary>
    public int IgnoredCandidates { get; private set; }

    /// <summary>Takes one attribute in, without <c>a=</c>; what is unknown is nothing.</summary>
    public void Add(ReadOnlySpan<char> attribute)
    {
        var colon = attribute.IndexOf(':');
        var name = colon < 0 ? attribute : attribute[..colon];
        var value = colon < 0 ? [] : attribute[(colon + 1)..].Trim(' ');
        switch (name)
        {
            case "candidate":
                AddCandidate(attribute);
                break;
            case "mid":
                Mid ??= value.ToString();
                break;
            case "group" when value.StartsWith("BUNDLE ", StringComparison.Ordinal):
                Bundle = $"{value["BUNDLE".Length..]} ";
                break;
            case "ice-ufrag":
                Ufrag ??= value.ToString();
                break;
            case "ice-pwd":
                Password ??= value.ToString();
                break;
            case "fingerprint":
                HasFingerprint = true;
                Fingerprint ??= ReadSha256(value);
                break;
            case "setup":
                Setup ??= value.ToString();
                break;
            case "ice-lite":
                IsLite = true;
                break;
            case "sctp-port":
                SctpPort ??= value.ToString();
                break;
            case "sctpmap": // before RFC 8841: "5000 webrtc-datachannel 1024"
                SctpPort ??= SdpToken.Take(ref value).ToString();
                break;
            case "sctp-init":
                SctpInit ??= ReadBase64(value);
                break;
            case "max-message-size":
                MaxMessageSize ??= value.ToString();
                break;
            case "end-of-candidates":
                IsComplete = true;
                break;
            default:
                break; // RFC 8866 section 5.13: what is not known is ignored
        }
    }

    private void AddCandidate(ReadOnlySpan<char> attribute)
    {
        var isUseful = SdpCandidate.TryParse(attribute, out var candidate, out var hostName);
        if (isUseful && candidate is not null && Candidates.Count < SessionDescription.MaxCandidates)
        {
            Candidates.Add(candidate);
        }
        else if (isUseful && hostName is not null && HostNames.Count < SdpLimits.MaxHostNames)
        {
            HostNames.Add(hostName);
        }
        else
        {
            IgnoredCandidates++;
        }
    }

    private static byte[]? ReadBase64(ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[SctpAssociation.MaxDescribedInit];
        return Convert.TryFromBase64Chars(value, bytes, out var length) && length > 0
            ? bytes[..length].ToArray()
            : null;
    }

    private static byte[]? ReadSha256(ReadOnlySpan<char> value)
    {
        const int TextLength = (SHA256.HashSizeInBytes * 3) - 1; // two digits a byte, colons between
        if (!value.StartsWith(Sha256Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = value[Sha256Prefix.Length..].Trim(' ');
        if (text.Length != TextLength)
        {
            return null;
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < hash.Length; i++)
        {
            var at = i * 3;
            if (
                !char.IsAsciiHexDigit(text[at])
                || !char.IsAsciiHexDigit(text[at + 1])
                || (i + 1 < hash.Length && text[at + 2] != ':')
            )
            {
                return null;
            }

            hash[i] = Convert.FromHexString(text.Slice(at, 2))[0];
        }

        return hash;
    }
}
