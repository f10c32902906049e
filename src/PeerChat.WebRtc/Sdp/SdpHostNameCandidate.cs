namespace PeerChat.WebRtc.Sdp;

/// <summary>A candidate that hides its address behind a name to be resolved by multicast DNS (draft-ietf-mmusic-mdns-ice-candidates).</summary>
/// <remarks>
/// Whoever can resolve it makes an <see cref="IceCandidate"/> of it. Nothing is lost without: the peer's own check shows its
/// address. Such a name is never to be looked up by ordinary DNS, which would tell strangers about it.
/// </remarks>
/// <param name="HostName">One label of letters, digits and hyphens, and <c>.local</c>.</param>
/// <param name="Port">The UDP port.</param>
/// <param name="Type">How the candidate was learnt.</param>
/// <param name="Priority">As in <see cref="IceCandidate"/>.</param>
/// <param name="Foundation">As in <see cref="IceCandidate"/>.</param>
public sealed record SdpHostNameCandidate(
    string HostName,
    ushort Port,
    IceCandidateType Type,
    uint Priority,
    string Foundation
)
{
    private const string LocalDomain = ".local";
    private const int MaxLabelLength = 63; // RFC 1035 section 2.3.4

    /// <summary>Whether every part is what it may be.</summary>
    public bool IsWellFormed =>
        Enum.IsDefined(Type)
        && Port != 0
        && Priority is > 0 and <= IceCandidate.MaxPriority
        && Foundation is { Length: > 0 and <= IceCandidate.MaxFoundationLength }
        && Ice.IceCredentials.AreIceChars(Foundation)
        && IsMulticastName(HostName);

    /// <summary>The candidate with an address that the name was resolved to; its port is not looked at.</summary>
    public IceCandidate At(Primitives.TransportAddress address) =>
        new(Type, address.WithPort(Port), Priority, Foundation);

    /// <summary>Whether a text is a name that multicast DNS alone resolves, of the form that candidates have.</summary>
    public static bool IsMulticastName(ReadOnlySpan<char> text)
    {
        if (
            text.Length > SdpLimits.MaxHostNameLength
            || !text.EndsWith(LocalDomain, StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }

        var label = text[..^LocalDomain.Length];
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return label.Length is > 0 and <= MaxLabelLength;
    }
}
