using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeerChat.Node.Transport;

/// <summary>Socket options that differ between systems; what a system refuses is left out, and the result says so.</summary>
internal static class SocketOptions
{
    // Linux: <asm-generic/socket.h>, <linux/in.h>, <linux/in6.h>
    private const int LinuxSolSocket = 1;
    private const int LinuxReuseAddress = 2;
    private const int LinuxReusePort = 15;
    private const int LinuxBindToDevice = 25;
    private const int LinuxMulticastIf = 32;
    private const int LinuxMulticastAll = 49;
    private const int LinuxMulticastAll6 = 29;
    private const int LinuxMtuDiscover = 10;
    private const int LinuxMtuDiscover6 = 23;
    private const int LinuxReceiveErrors = 11;
    private const int LinuxReceiveErrors6 = 25;
    private const byte LinuxDiscoverWant = 1; // the default: what is longer than the path is known to take is cut up here
    private const byte LinuxDiscoverProbe = 3; // never cut up, whatever the path was known to take
    private const int LinuxUdp = 17; // <linux/udp.h>
    private const int LinuxUdpSegment = 103;
    private const int LinuxUdpGro = 104;

    // macOS: <sys/socket.h>, <netinet/in.h>, <netinet6/in6.h>; not tried on a machine.
    private const int MacSolSocket = 0xFFFF;
    private const int MacReuseAddress = 0x0004;
    private const int MacReusePort = 0x0200;
    private const int MacBoundIf = 25;
    private const int MacBoundIf6 = 125;

    // Windows: <ws2ipdef.h>, <mstcpip.h>; not tried on a machine.
    private const int WindowsUnicastIf = 31;
    private const int WindowsUdpConnectionReset = unchecked((int)0x9800000C); // SIO_UDP_CONNRESET

    private const int ProtocolIPv4 = 0;
    private const int ProtocolIPv6 = 41;

    private static int Protocol(Socket socket) => IsIPv6(socket) ? ProtocolIPv6 : ProtocolIPv4;

    /// <summary>Keeps a socket to one interface, whatever the routing table says.</summary>
    /// <remarks>Linux lets everybody do so since 5.7; before, only the superuser.</remarks>
    public static bool TryPin(Socket socket, LocalInterface to)
    {
        if (OperatingSystem.IsLinux())
        {
            return TrySet(socket, LinuxSolSocket, LinuxBindToDevice, Encoding.UTF8.GetBytes(to.Name + '\0'));
        }

        var index = new byte[4];
        if (OperatingSystem.IsWindows() && !IsIPv6(socket))
        {
            BinaryPrimitives.WriteInt32BigEndian(index, to.Index);
            return TrySet(socket, ProtocolIPv4, WindowsUnicastIf, index);
        }

        BinaryPrimitives.WriteInt32LittleEndian(index, to.Index);
        return OperatingSystem.IsWindows()
            ? TrySet(socket, ProtocolIPv6, WindowsUnicastIf, index)
            : OperatingSystem.IsMacOS()
                && TrySet(socket, Protocol(socket), IsIPv6(socket) ? MacBoundIf6 : MacBoundIf, index);
    }

    /// <summary>Lets other programs, such as the system's own mDNS daemon, use the same port.</summary>
    public static void SharePort(Socket socket)
    {
        socket.ExclusiveAddressUse = false;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        byte[] on = [1, 0, 0, 0];
        if (OperatingSystem.IsLinux())
        {
            TrySet(socket, LinuxSolSocket, LinuxReuseAddress, on);
            TrySet(socket, LinuxSolSocket, LinuxReusePort, on);
        }
        else if (OperatingSystem.IsMacOS())
        {
            TrySet(socket, MacSolSocket, MacReuseAddress, on);
            TrySet(socket, MacSolSocket, MacReusePort, on);
        }
    }

    /// <summary>Sends multicast by one interface and from its address.</summary>
    /// <remarks>
    /// The address counts on Linux: a loopback interface has no address of link scope, so the kernel would
    /// otherwise take one of another interface, or none.
    /// </remarks>
    public static void SetMulticastInterface(Socket socket, LocalInterface by, IPAddress from)
    {
        if (IsIPv6(socket))
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, by.Index);
        }
        else if (OperatingSystem.IsLinux())
        {
            var request = new byte[12]; // struct ip_mreqn: group, address, index
            from.TryWriteBytes(request.AsSpan(4), out _);
            BitConverter.TryWriteBytes(request.AsSpan(8), by.Index);
            socket.SetRawSocketOption(ProtocolIPv4, LinuxMulticastIf, request);
        }
        else
        {
            var index = IPAddress.HostToNetworkOrder(by.Index);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, index);
        }
    }

    /// <summary>On Linux, hears only groups that this very socket joined, not those that others joined elsewhere.</summary>
    public static void HearOwnGroupsOnly(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            var option = IsIPv6(socket) ? LinuxMulticastAll6 : LinuxMulticastAll;
            TrySet(socket, Protocol(socket), option, [0, 0, 0, 0]);
        }
    }

    /// <summary>On Windows, keeps "port unreachable" of one peer from failing the next receive.</summary>
    public static void IgnorePortUnreachable(Socket socket)
    {
        if (OperatingSystem.IsWindows())
        {
            socket.IOControl(WindowsUdpConnectionReset, [0, 0, 0, 0], optionOutValue: null);
        }
    }

    /// <summary>Has the system cut what is sent into datagrams of this length; 0: it sends whole again.</summary>
    /// <remarks>Linux since 4.18. Other systems refuse.</remarks>
    public static bool TrySegment(Socket socket, int size)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(value, size);
        return OperatingSystem.IsLinux() && TrySet(socket, LinuxUdp, LinuxUdpSegment, value);
    }

    /// <summary>Has the system and routers drop what does not fit the path instead of cutting it up; or the default again.</summary>
    public static bool TryForbidFragments(Socket socket, bool forbid)
    {
        if (OperatingSystem.IsLinux())
        {
            return TrySet(
                socket,
                Protocol(socket),
                IsIPv6(socket) ? LinuxMtuDiscover6 : LinuxMtuDiscover,
                [forbid ? LinuxDiscoverProbe : LinuxDiscoverWant, 0, 0, 0]
            );
        }

        if (IsIPv6(socket))
        {
            return false; // .NET has the option for IPv4 alone; not tried on a machine
        }

        try
        {
            socket.DontFragment = forbid;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Has the system keep what is said of datagrams that were sent, for <see cref="ErrorQueue"/>; Linux alone.</summary>
    public static bool TryQueueErrors(Socket socket) =>
        OperatingSystem.IsLinux()
        && TrySet(
            socket,
            Protocol(socket),
            IsIPv6(socket) ? LinuxReceiveErrors6 : LinuxReceiveErrors,
            [1, 0, 0, 0]
        );

    /// <summary>Lets the system join datagrams of one sender that came together, for <see cref="BatchReceiver"/>.</summary>
    /// <remarks>Linux since 5.0. Other systems refuse.</remarks>
    public static bool TryCoalesce(Socket socket) =>
        OperatingSystem.IsLinux() && TrySet(socket, LinuxUdp, LinuxUdpGro, [1, 0, 0, 0]);

    private static bool IsIPv6(Socket socket) => socket.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool TrySet(Socket socket, int level, int option, ReadOnlySpan<byte> value)
    {
        try
        {
            socket.SetRawSocketOption(level, option, value);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
