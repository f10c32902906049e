using System.Globalization;
using System.Net;

namespace PeerChat.Server.Host;

/// <summary>Where to listen, as settings say it.</summary>
/// <param name="Host">The address; null for all of both families.</param>
/// <param name="Port">The port; 0 for any.</param>
internal sealed record ListenAddress(IPAddress? Host, int Port)
{
    /// <summary>Reads <c>HOST:PORT</c>; null where it is none.</summary>
    public static ListenAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (
            colon <= 0
            || !ushort.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var port
            )
        )
        {
            return null;
        }

        var host = text[..colon];
        if (host == "*")
        {
            return new ListenAddress(null, port);
        }

        if (host == "localhost")
        {
            return new ListenAddress(IPAddress.Loopback, port);
        }

        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        return
            IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address)
            && isBracketed == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            ? new ListenAddress(address, port)
            : null;
    }
}
