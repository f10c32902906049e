using System.Net;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>The URLs that a gateway names: they lead to the gateway itself, by plain HTTP, or nowhere.</summary>
/// <remarks>
/// Otherwise anybody who can answer a search, or write into a description, could have this machine post to any service of its network
/// (as CVE-2020-12695 and others did).
/// </remarks>
internal static class GatewayUrl
{
    /// <summary>Reads a URL, relative to another one where that is given.</summary>
    public static bool TryRead(string text, Uri? relativeTo, TransportAddress gateway, out Uri url)
    {
        url = null!;
        if (text.Length is 0 or > PortMappingLimits.MaxUrlLength || text.Any(char.IsControl))
        {
            return false;
        }

        // On Unix a path would be read as the URI of a file.
        var isAbsolute = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        var isRead =
            isAbsolute ? Uri.TryCreate(text, UriKind.Absolute, out var found)
            : relativeTo is null ? Fail(out found)
            : Uri.TryCreate(relativeTo, text.StartsWith('/') ? text : "/" + text, out found);
        if (
            !isRead
            || found is not { Scheme: "http", HostNameType: UriHostNameType.IPv4, UserInfo: "" }
            || !IPAddress.TryParse(found.Host, out var host)
            || new TransportAddress(host, 0) != gateway.WithPort(0)
            || found.Port is <= 0 or > ushort.MaxValue
            || found.AbsoluteUri.Length > PortMappingLimits.MaxUrlLength
        )
        {
            return false;
        }

        url = found;
        return true;
    }

    private static bool Fail(out Uri? none)
    {
        none = null;
        return false;
    }
}
