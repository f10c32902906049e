using System.Net;
using System.Net.Sockets;

namespace PeerChat.Server.Host;

/// <summary>Whom a connection counts for.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>The address where it is IPv4; the /64 where it is IPv6, because every host has a whole one to itself.</summary>
    public static string GroupOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>
    /// The address that a reverse proxy on this machine speaks for: the last of X-Forwarded-For, which is the one the proxy itself
    /// added; what stands before it, anybody can have written.
    /// </summary>
    public static IPAddress? Of(IPAddress? remote, string? forwardedFor, bool isBehindProxy)
    {
        if (!isBehindProxy || remote is null || !IPAddress.IsLoopback(remote) || forwardedFor is null)
        {
            return remote;
        }

        var last = forwardedFor[(forwardedFor.LastIndexOf(',') + 1)..].Trim();
        return IPAddress.TryParse(last, out var client) ? client : remote;
    }
}
