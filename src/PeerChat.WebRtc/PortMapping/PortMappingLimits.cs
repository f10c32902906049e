namespace PeerChat.WebRtc.PortMapping;

/// <summary>The limits and times of port mapping, each with its origin.</summary>
internal static class PortMappingLimits
{
    /// <summary>Own sockets for which gateways are asked: a machine with a cable, a wireless and a telephone's network has three (guess).</summary>
    public const int MaxSockets = 4;

    /// <summary>Where gateways take requests of PCP and NAT-PMP (RFC 6887 section 19.1).</summary>
    public const int GatewayPort = 5351;

    /// <summary>Where gateways announce that they begin anew (RFC 6887 section 19.1, RFC 6886 section 3.2.1).</summary>
    public const int AnnouncementPort = 5350;

    /// <summary>Where UPnP devices are searched for (UPnP Device Architecture 1.1 section 1.3.2).</summary>
    public const int SearchPort = 1900;

    /// <summary>The longest message of PCP (RFC 6887 section 7).</summary>
    public const int MaxPcpSize = 1100;

    /// <summary>The longest answer to a search: one Ethernet frame, which devices keep to.</summary>
    public const int MaxSearchAnswer = 1500;

    /// <summary>The longest description or answer by HTTP; those of routers have 2 to 20 KB.</summary>
    public const int MaxHttpBody = 64 * 1024;

    /// <summary>How deep elements of a description are nested at most; real ones stay below 12.</summary>
    public const int MaxXmlDepth = 32;

    /// <summary>The longest path of a URL that a gateway names (guess).</summary>
    public const int MaxUrlLength = 512;

    /// <summary>Connection services of one gateway that are tried, one after the other.</summary>
    public const int MaxServices = 4;

    /// <summary>External ports that are tried where others have taken them.</summary>
    public const int MaxPortAttempts = 4;

    /// <summary>How often a request of PCP or NAT-PMP is sent before there is no such gateway: with the waits below 1.75 s. The RFCs' minutes would be longer than anybody waits.</summary>
    public const int MaxAttempts = 3;

    /// <summary>The first wait for an answer (RFC 6886 section 3.1); it doubles.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    /// <summary>UPnP is tried where the other two have brought nothing so long.</summary>
    public static readonly TimeSpan UpnpDelay = TimeSpan.FromMilliseconds(400);

    /// <summary>A search is answered within MX = 1 second; it is repeated once and given up after this.</summary>
    public static readonly TimeSpan SearchWait = TimeSpan.FromMilliseconds(1200);

    /// <summary>An exchange by HTTP takes at most this long.</summary>
    public static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>An offer waits for gateways so long at most: those that map ports answer at once, and those that do not never do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    /// <summary>The life of a mapping that is asked for (RFC 6886 section 3.3 recommends it); it is renewed at half of it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(7200);

    /// <summary>A gateway that grants less than this would be asked all the time; renewals keep this distance.</summary>
    public static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(30);

    /// <summary>UPnP has no way to say that a gateway began anew that routers keep to, so mappings are renewed this often (guess).</summary>
    public static readonly TimeSpan UpnpRenewal = TimeSpan.FromMinutes(10);

    /// <summary>Where no gateway answered or it refused, it is asked again after this: a router is restarted, a setting changed.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);

    /// <summary>After a gateway announced that it begins anew, requests go out within this time by chance (RFC 6887 section 14.1.3 has 5 s for large networks).</summary>
    public static readonly TimeSpan RestartSpread = TimeSpan.FromSeconds(1);

    /// <summary>Announcements of one gateway count once in so long: whoever invents them cannot make us send more.</summary>
    public static readonly TimeSpan AnnouncementPause = TimeSpan.FromSeconds(10);
}
