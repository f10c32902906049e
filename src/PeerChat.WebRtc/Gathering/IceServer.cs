using System.Globalization;
using System.Net;
using System.Text;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc;

/// <summary>A STUN or TURN server that the user named (RFC 7064, 7065).</summary>
/// <param name="IsTurn">Whether it relays; otherwise it only tells addresses.</param>
/// <param name="Transport">How it is reached.</param>
/// <param name="Host">Its name or IP address, an IPv6 one without brackets.</param>
/// <param name="Port">Its port.</param>
/// <param name="Username">Who is to pay for the relay; empty for STUN.</param>
/// <param name="Password">What proves it; never shown.</param>
public sealed record IceServer(
    bool IsTurn,
    IceServerTransport Transport,
    string Host,
    int Port,
    string Username,
    string Password
)
{
    /// <summary>The port of STUN and TURN over UDP and TCP.</summary>
    public const int DefaultPort = 3478;

    /// <summary>The port of TURN over TLS.</summary>
    public const int DefaultTlsPort = 5349;

    private const int MaxLength = 1024;
    private const int MaxHostLength = 253;

    /// <summary>
    /// Whether TCP is tried where UDP brings no answer: the URI says nothing of a transport (RFC 5928 section 3), and many networks let no
    /// UDP pass.
    /// </summary>
    public bool FallsBackToTcp { get; init; }

    /// <summary>Whether it relays only for who has a user name, and none was given with it.</summary>
    public bool NeedsCredentials => IsTurn && Username.Length == 0;

    /// <summary>The server as a URI without user name and password, for the user and for logs.</summary>
    public string Label
    {
        get
        {
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            var scheme =
                !IsTurn ? "stun"
                : Transport == IceServerTransport.Tls ? "turns"
                : "turn";
            return $"{scheme}:{host}:{Port}" + (Transport == IceServerTransport.Tcp ? "?transport=tcp" : "");
        }
    }

    /// <summary>Reads <c>HOST[:PORT]</c> or <c>stun:HOST[:PORT]</c>, or says in English why it is neither.</summary>
    public static bool TryParseStun(string text, out IceServer server, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.StartsWith("stun:", StringComparison.OrdinalIgnoreCase)
            ? text["stun:".Length..]
            : text;
        server = new IceServer(false, IceServerTransport.Udp, "", 0, "", "");
        problem = "must be HOST[:PORT], such as stun.example.org:3478";
        if (text.Length > MaxLength || !TryReadHost(rest, DefaultPort, out var host, out var port))
        {
            return false;
        }

        server = server with { Host = host, Port = port };
        return true;
    }

    /// <summary>
    /// Reads <c>turn:[USER:PASSWORD@]HOST[:PORT][?transport=udp|tcp]</c> or <c>turns:…</c>, or says in English why it is neither. Without a user
    /// it <see cref="NeedsCredentials"/>.
    /// </summary>
    /// <remarks>
    /// RFC 7065 has no place for credentials; they stand where other URIs have them. Characters that mean something in a URI are
    /// written with a percent sign.
    /// </remarks>
    public static bool TryParseTurn(string text, out IceServer server, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        server = new IceServer(true, IceServerTransport.Udp, "", 0, "", "");
        problem = "must be turn:[USER:PASSWORD@]HOST[:PORT][?transport=udp|tcp], or turns: for TLS";
        var isTls = text.StartsWith("turns:", StringComparison.OrdinalIgnoreCase);
        if (
            text.Length > MaxLength
            || (!isTls && !text.StartsWith("turn:", StringComparison.OrdinalIgnoreCase))
        )
        {
            return false;
        }

        var rest = text[(isTls ? "turns:" : "turn:").Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var transport = isTls ? IceServerTransport.Tls : IceServerTransport.Udp;
        var fallsBack = !isTls && query < 0;
        if (query >= 0)
        {
            if (!TryReadTransport(rest[(query + 1)..], isTls, out transport))
            {
                problem = isTls
                    ? "can only have ?transport=tcp after turns:, since there is no TLS over UDP here"
                    : "can only have ?transport=udp or ?transport=tcp behind the host";
                return false;
            }

            rest = rest[..query];
        }

        var at = rest.LastIndexOf('@');
        var colon = at < 0 ? -1 : rest.IndexOf(':', StringComparison.Ordinal);
        if (at >= 0 && (colon <= 0 || colon >= at - 1))
        {
            problem = "needs a user name and password before the @: turn:USER:PASSWORD@HOST";
            return false;
        }

        var username = at < 0 ? "" : Uri.UnescapeDataString(rest[..colon]);
        var password = at < 0 ? "" : Uri.UnescapeDataString(rest[(colon + 1)..at]);
        if (
            Encoding.UTF8.GetByteCount(username) > LongTermCredentials.MaxUsernameBytes
            || username.Any(char.IsControl)
            || password.Any(char.IsControl)
            || !TryReadHost(
                rest[(at + 1)..],
                isTls ? DefaultTlsPort : DefaultPort,
                out var host,
                out var port
            )
        )
        {
            return false;
        }

        server = new IceServer(true, transport, host, port, username, password)
        {
            FallsBackToTcp = fallsBack,
        };
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Label; // so that no log shows the password

    private static bool TryReadTransport(string query, bool isTls, out IceServerTransport transport)
    {
        transport =
            isTls ? IceServerTransport.Tls
            : string.Equals(query, "transport=tcp", StringComparison.OrdinalIgnoreCase)
                ? IceServerTransport.Tcp
            : IceServerTransport.Udp;
        return string.Equals(query, "transport=tcp", StringComparison.OrdinalIgnoreCase)
            || (!isTls && string.Equals(query, "transport=udp", StringComparison.OrdinalIgnoreCase));
    }

    private static bool TryReadHost(string text, int defaultPort, out string host, out int port)
    {
        (host, port) = (text, defaultPort);
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            host = end > 0 ? text[1..end] : "";
            return IPAddress.TryParse(host, out var literal)
                && literal.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
                && TryReadPort(text[(end + 1)..], ref port);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            host = text[..colon];
        }

        return host.Length is > 0 and <= MaxHostLength
            && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            && (colon < 0 || TryReadPort(text[colon..], ref port));
    }

    private static bool TryReadPort(string text, ref int port)
    {
        if (text.Length == 0)
        {
            return true;
        }

        return text[0] == ':'
            && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= ushort.MaxValue;
    }
}
