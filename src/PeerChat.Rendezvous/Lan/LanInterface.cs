using System.Net;
using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>A network interface of this machine, as far as discovery needs to know it.</summary>
/// <param name="Index">The system's number for the interface.</param>
/// <param name="Name">The system's name for it.</param>
/// <param name="IsLoopback">Whether it leads nowhere but to this machine.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record LanInterface(
    int Index,
    string Name,
    bool IsLoopback,
    IReadOnlyList<LanAddress> Addresses
)
{
    private static readonly LanAddress LinkLocal4 = new(
        new TransportAddress(IPAddress.Parse("169.254.0.0"), 0),
        16
    );
    private static readonly LanAddress LinkLocal6 = new(
        new TransportAddress(IPAddress.Parse("fe80::"), 0),
        10
    );
    private static readonly LanAddress Loopback4 = new(
        new TransportAddress(IPAddress.Parse("127.0.0.0"), 0),
        8
    );
    private static readonly LanAddress Loopback6 = new(new TransportAddress(IPAddress.IPv6Loopback, 0), 128);

    /// <summary>
    /// Whether a host with this address is a neighbour on this interface (RFC 6762 section 11): within a
    /// prefix of the interface, or link-local; on loopback, the machine itself and nothing else.
    /// </summary>
    public bool IsOnLink(TransportAddress remote)
    {
        var isSelf = Covers(Loopback4, remote) || Covers(Loopback6, remote);
        return IsLoopback || isSelf
            ? IsLoopback && isSelf
            : Covers(LinkLocal4, remote)
                || Covers(LinkLocal6, remote)
                || Addresses.Any(own => own.PrefixLength > 0 && Covers(own, remote));
    }

    /// <summary>Whether the interface has an address of the family.</summary>
    internal bool Speaks(bool ipv6) => Addresses.Any(own => own.Address.IsIPv6 == ipv6);

    private static bool Covers(LanAddress network, TransportAddress remote)
    {
        if (network.Address.IsIPv6 != remote.IsIPv6)
        {
            return false;
        }

        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        var size = network.Address.WriteAddress(left);
        remote.WriteAddress(right);
        var bits = Math.Min(network.PrefixLength, size * 8);
        var whole = bits / 8;
        if (!left[..whole].SequenceEqual(right[..whole]))
        {
            return false;
        }

        var rest = bits % 8;
        return rest == 0 || (left[whole] ^ right[whole]) >> (8 - rest) == 0;
    }
}
