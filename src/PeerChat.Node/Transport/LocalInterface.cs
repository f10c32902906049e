using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace PeerChat.Node.Transport;

/// <summary>A network interface of this machine.</summary>
/// <param name="Index">The system's number for it.</param>
/// <param name="Name">The system's name for it.</param>
/// <param name="IsLoopback">Whether it leads nowhere but to this machine.</param>
/// <param name="IsUp">Whether packets can pass.</param>
/// <param name="Addresses">The addresses that sockets are bound to.</param>
internal sealed record LocalInterface(
    int Index,
    string Name,
    bool IsLoopback,
    bool IsUp,
    IReadOnlyList<LocalAddress> Addresses
)
{
    /// <summary>The IPv4 gateway that leads beyond its network; null for none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Interfaces that are used at once; a host of containers can have hundreds. A guess.</summary>
    public const int MaxInterfaces = 16;

    // One IPv4 or two, a link-local IPv6 address, and a stable and a temporary one per prefix.
    private const int MaxAddresses = 6;

    /// <summary>All interfaces that the system lists, loopback first, then by number.</summary>
    public static IReadOnlyList<LocalInterface> List()
    {
        try
        {
            return
            [
                .. NetworkInterface
                    .GetAllNetworkInterfaces()
                    .Select(Describe)
                    .OrderByDescending(each => each.IsLoopback)
                    .ThenBy(each => each.Index),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static LocalInterface Describe(NetworkInterface source)
    {
        var isLoopback = source.NetworkInterfaceType == NetworkInterfaceType.Loopback;
        var properties = source.GetIPProperties();
        var addresses = properties
            .UnicastAddresses.Where(unicast => IsUsable(unicast.Address, isLoopback))
            .Select(unicast => new LocalAddress(unicast.Address, unicast.PrefixLength))
            .OrderBy(own => own.Address.AddressFamily == AddressFamily.InterNetworkV6)
            .ThenBy(own => own.Address.IsIPv6LinkLocal)
            .Take(isLoopback ? 1 : MaxAddresses)
            .ToList();
        // Loopback and tunnels report "unknown" when they work.
        var isUp = source.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown;
        return new LocalInterface(IndexOf(properties), source.Name, isLoopback, isUp, addresses)
        {
            Gateway = isLoopback ? null : GatewayOf(properties),
        };
    }

    private static IPAddress? GatewayOf(IPInterfaceProperties properties)
    {
        try
        {
            return properties
                .GatewayAddresses.Select(gateway => gateway.Address)
                .FirstOrDefault(address =>
                    address.AddressFamily == AddressFamily.InterNetwork && !address.Equals(IPAddress.Any)
                );
        }
        catch (NetworkInformationException)
        {
            return null; // the table of routes cannot be read: no port is mapped
        }
    }

    private static bool IsUsable(IPAddress address, bool isLoopback) =>
        isLoopback
            // One loopback address is enough to reach every process of the machine.
            ? address.AddressFamily == AddressFamily.InterNetwork && IPAddress.IsLoopback(address)
            : !IPAddress.IsLoopback(address)
                && !address.IsIPv6Multicast
                && !address.Equals(IPAddress.IPv6Any);

    private static int IndexOf(IPInterfaceProperties properties)
    {
        try
        {
            return properties.GetIPv4Properties().Index;
        }
        catch (NetworkInformationException)
        {
            return IndexOf6(properties);
        }
    }

    private static int IndexOf6(IPInterfaceProperties properties)
    {
        try
        {
            return properties.GetIPv6Properties().Index;
        }
        catch (NetworkInformationException)
        {
            return 0;
        }
    }
}
