using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>The description of an Internet gateway device: the services that map ports (UPnP Device Architecture 1.1 section 2.3).</summary>
/// <param name="Services">Their types and where they are controlled, in the order of the document.</param>
internal sealed record IgdDescription(IReadOnlyList<(string Type, Uri Control)> Services)
{
    private static readonly string[] Types =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>Reads a description that a gateway gave; false where it is no XML, has a DTD, or names no service that maps ports.</summary>
    /// <param name="source">UTF-8.</param>
    /// <param name="location">Where it was.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="description">What it says.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> source,
        Uri location,
        TransportAddress gateway,
        out IgdDescription description
    )
    {
        description = null!;
        var services = new List<(string Type, Uri Control)>();
        var at = location;
        string? type = null;
        string? control = null;
        var isRead = GatewayXml.TryRead(
            source,
            (name, text) =>
            {
                switch (name)
                {
                    case "URLBase" when GatewayUrl.TryRead(text, null, gateway, out var named):
                        at = named;
                        break;
                    case "serviceType":
                        type = text;
                        break;
                    case "controlURL":
                        control = text;
                        break;
                    default:
                        break;
                }
            },
            name =>
            {
                if (name != "service")
                {
                    return;
                }

                if (
                    services.Count < PortMappingLimits.MaxServices
                    && Array.Find(Types, known => known == type) is { } wanted
                    && GatewayUrl.TryRead(control ?? "", at, gateway, out var url)
                )
                {
                    services.Add((wanted, url));
                }

                (type, control) = (null, null);
            }
        );
        description = new IgdDescription(services);
        return isRead && services.Count > 0;
    }
}
