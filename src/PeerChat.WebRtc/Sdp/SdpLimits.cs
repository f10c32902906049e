namespace PeerChat.WebRtc.Sdp;

/// <summary>How much of a peer's SDP is read. A browser's offer for data channels has 25 lines and 1,200 characters.</summary>
public static class SdpLimits
{
    /// <summary>The longest text in characters: an offer of a large video conference is a third of it.</summary>
    public const int MaxLength = 65_536;

    /// <summary>The most lines; a hundred candidates and a conference's codecs are well below.</summary>
    public const int MaxLines = 1000;

    /// <summary>The longest line in characters; the longest known one, a codec's parameters, has about a thousand.</summary>
    public const int MaxLineLength = 8192;

    /// <summary>The most sections, because each is answered by one of ours.</summary>
    public const int MaxSections = 64;

    /// <summary>The longest identification tag; browsers use one digit, and RFC 8829 section 5.2.1 asks for at most three bytes.</summary>
    public const int MaxMidLength = 64;

    /// <summary>The most candidates behind host names; the rest is not looked at, since each costs a query to the network.</summary>
    public const int MaxHostNames = 10;

    /// <summary>The longest host name (RFC 1035 section 2.3.4).</summary>
    public const int MaxHostNameLength = 253;
}
