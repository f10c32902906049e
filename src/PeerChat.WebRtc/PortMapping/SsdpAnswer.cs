using System.Text;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>The search for an Internet gateway device, and its answer (UPnP Device Architecture 1.1 section 1.3).</summary>
/// <param name="Location">Where the device describes itself.</param>
internal sealed record SsdpAnswer(Uri Location)
{
    private const string Start = "HTTP/1.1 200";

    /// <summary>The group that devices listen to.</summary>
    public static TransportAddress Group { get; } =
        TransportAddress.FromBytes([239, 255, 255, 250], PortMappingLimits.SearchPort);

    /// <summary>What is sent to the group, and to the gateway alone.</summary>
    public static byte[] WriteSearch() =>
        Encoding.ASCII.GetBytes(
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
                + "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"
        );

    /// <summary>Whether a datagram begins as an answer does.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> datagram) =>
        datagram.StartsWith("HTTP/1.1 200"u8) && datagram.Length <= PortMappingLimits.MaxSearchAnswer;

    /// <summary>Reads an answer of this gateway; a description that lies on another host is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, TransportAddress gateway, out SsdpAnswer answer)
    {
        answer = null!;
        if (!IsAnswer(source) || !Ascii.IsValid(source))
        {
            return false;
        }

        foreach (var line in Encoding.ASCII.GetString(source)[Start.Length..].Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !line[..colon].Trim().Equals("LOCATION", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!GatewayUrl.TryRead(line[(colon + 1)..].Trim(), null, gateway, out var url))
            {
                return false;
            }

            answer = new SsdpAnswer(url);
            return true;
        }

        return false;
    }
}
