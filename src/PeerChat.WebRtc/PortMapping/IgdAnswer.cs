using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>The actions of WANIPConnection and WANPPPConnection that map a port, and their answers (WANIPConnection:1 section 2.4).</summary>
/// <param name="Error">The error code; 0 for success.</param>
/// <param name="External">The external address with port 0, where it was asked for.</param>
internal readonly record struct IgdAnswer(int Error, TransportAddress? External)
{
    /// <summary>Somebody else has this external port.</summary>
    public const int Conflict = 718;

    /// <summary>The gateway wants the same port inside and outside.</summary>
    public const int SamePortRequired = 724;

    /// <summary>The gateway knows mappings without end alone.</summary>
    public const int OnlyPermanentLeases = 725;

    /// <summary>The gateway does not allow it.</summary>
    public const int NotAuthorized = 606;

    /// <summary>An answer that says no and not why.</summary>
    public const int Unknown = 501;

    /// <summary>Asks for the external address.</summary>
    public static string WriteGetExternalIPAddress(string type) => Write(type, "GetExternalIPAddress");

    /// <summary>Asks for a port.</summary>
    public static string WriteAddPortMapping(
        string type,
        int external,
        TransportAddress local,
        TimeSpan lease
    ) =>
        Write(
            type,
            "AddPortMapping",
            ("NewRemoteHost", ""),
            ("NewExternalPort", Number(external)),
            ("NewProtocol", "UDP"),
            ("NewInternalPort", Number(local.Port)),
            ("NewInternalClient", local.ToIPAddress().ToString()),
            ("NewEnabled", "1"),
            ("NewPortMappingDescription", "PeerChat"),
            ("NewLeaseDuration", Number((int)lease.TotalSeconds))
        );

    /// <summary>Gives a port back.</summary>
    public static string WriteDeletePortMapping(string type, int external) =>
        Write(
            type,
            "DeletePortMapping",
            ("NewRemoteHost", ""),
            ("NewExternalPort", Number(external)),
            ("NewProtocol", "UDP")
        );

    /// <summary>The value of the header SOAPAction.</summary>
    public static string ActionHeader(string type, string action) => $"\"{type}#{action}\"";

    /// <summary>Reads an answer.</summary>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="source">UTF-8.</param>
    /// <param name="answer">What it says.</param>
    public static bool TryParse(int status, ReadOnlySpan<byte> source, out IgdAnswer answer)
    {
        answer = default;
        if (status is not (200 or 500))
        {
            return false; // a redirection among them: a gateway sends nobody elsewhere
        }

        var error = 0;
        TransportAddress? external = null;
        if (
            !GatewayXml.TryRead(
                source,
                (name, text) =>
                {
                    if (
                        name == "errorCode"
                        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                    )
                    {
                        error = code;
                    }
                    else if (
                        name == "NewExternalIPAddress"
                        && IPAddress.TryParse(text, out var address)
                        && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                    )
                    {
                        external = new TransportAddress(address, 0);
                    }
                },
                _ => { }
            )
        )
        {
            return false;
        }

        answer = new IgdAnswer(
            status == 200 ? 0
                : error == 0 ? Unknown
                : error,
            external
        );
        return true;
    }

    private static string Write(string type, string action, params (string Name, string Value)[] arguments)
    {
        var text = new StringBuilder(
            "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
                + "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
        );
        text.Append(CultureInfo.InvariantCulture, $"<u:{action} xmlns:u=\"{type}\">");
        foreach (var (name, value) in arguments)
        {
            text.Append(CultureInfo.InvariantCulture, $"<{name}>{SecurityElement.Escape(value)}</{name}>");
        }

        return text.Append(CultureInfo.InvariantCulture, $"</u:{action}></s:Body></s:Envelope>\r\n")
            .ToString();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
