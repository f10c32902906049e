using System.Net;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>Which addresses may be checked at all, and which two may form a pair (RFC 8445 sections 5.1.1.1 and 6.1.2.2).</summary>
internal static class IceAddressRules
{
    /// <summary>Whether an address can be that of one host: not unspecified, multicast or broadcast, and with a port.</summary>
    public static bool IsUnicast(TransportAddress address)
    {
        if (address.Port == 0)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteAddress(bytes);
        bytes = bytes[..length];
        if (address.IsIPv6)
        {
            return bytes[0] != 0xFF && bytes.ContainsAnyExcept((byte)0);
        }

        // 0.0.0.0/8 is "this network", 224.0.0.0/4 multicast, 240.0.0.0/4 reserved with 255.255.255.255 in it
        return bytes[0] is not (0 or >= 224);
    }

    /// <summary>Whether packets can pass between two addresses: one family, one scope.</summary>
    /// <remarks>A peer that names a loopback address can so never make us send to our own services from the outside.</remarks>
    public static bool CanPair(TransportAddress local, TransportAddress remote) =>
        local.IsIPv6 == remote.IsIPv6
        && VirtualAddress.CanPair(local, remote)
        && local.IsLoopback == remote.IsLoopback
        && IsLinkLocalIPv6(local) == IsLinkLocalIPv6(remote);

    /// <summary>Whether a relay can be asked to reach that address: one on the public network knows nothing of private ones.</summary>
    /// <remarks>Some relays drop the whole allocation when one datagram cannot be sent on.</remarks>
    public static bool CanRelay(TransportAddress relayed, TransportAddress remote) =>
        CanPair(relayed, remote) && (IsNearby(relayed) || !IsNearby(remote));

    /// <summary>The remote address as the local socket sees it: a link-local one gets the socket's interface.</summary>
    public static TransportAddress InScopeOf(TransportAddress local, TransportAddress remote)
    {
        if (!IsLinkLocalIPv6(remote) || remote.ScopeId == local.ScopeId)
        {
            return remote;
        }

        Span<byte> bytes = stackalloc byte[16];
        remote.WriteAddress(bytes);
        return new TransportAddress(new IPAddress(bytes, local.ScopeId), remote.Port);
    }

    /// <summary>Whether an address is loopback, link-local or private, so that round trips to it are short.</summary>
    public static bool IsNearby(TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddress(bytes);
        if (address.IsIPv6)
        {
            return address.IsLoopback || IsLinkLocalIPv6(address) || (bytes[0] & 0xFE) == 0xFC;
        }

        return (bytes[0], bytes[1]) switch
        {
            (127 or 10, _) => true,
            (172, >= 16 and < 32) => true,
            (192, 168) or (169, 254) => true,
            _ => false,
        };
    }

    /// <summary>Whether an address is in fe80::/10.</summary>
    public static bool IsLinkLocalIPv6(TransportAddress address)
    {
        if (!address.IsIPv6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddress(bytes);
        return bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
    }
}
