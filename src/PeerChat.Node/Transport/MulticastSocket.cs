using System.Net;
using System.Net.Sockets;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;

namespace PeerChat.Node.Transport;

/// <summary>A socket on port 5353 that hears and speaks multicast DNS on one interface in one address family.</summary>
internal sealed class MulticastSocket : IDisposable
{
    private const int TimeToLive = 255; // RFC 6762 section 11
    private const int MaxDatagram = 9000; // RFC 6762 section 17
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly DatagramSink _sink;
    private readonly TransportAddress _local;
    private long _dropped;
    private long _sendFailures;
    private volatile bool _isClosed;

    private MulticastSocket(Socket socket, LocalInterface on, IPAddress address, DatagramSink sink)
    {
        _socket = socket;
        _sink = sink;
        _local = new TransportAddress(address, MulticastDatagram.Port);
        Interface = on;
        Address = address;
        // Not here: what has come already would be handed on from inside whatever opens the socket.
        Completion = Task.Run(ReceiveAsync);
    }

    /// <summary>The interface.</summary>
    public LocalInterface Interface { get; }

    /// <summary>The address from which it speaks.</summary>
    public IPAddress Address { get; }

    /// <summary>Ends when the socket is closed.</summary>
    public Task Completion { get; }

    /// <summary>Datagrams from another interface, or for which the sink had no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Datagrams that the system would not send.</summary>
    public long SendFailures => Interlocked.Read(ref _sendFailures);

    /// <summary>Opens a socket and joins the group; null when the system refuses.</summary>
    public static MulticastSocket? TryOpen(LocalInterface on, IPAddress address, DatagramSink sink)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            SocketOptions.SharePort(socket);
            SocketOptions.HearOwnGroupsOnly(socket);
            SocketOptions.TryPin(socket, on);
            SocketOptions.IgnorePortUnreachable(socket);
            var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            if (isIPv6)
            {
                socket.DualMode = false;
            }

            var level = isIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            socket.SetSocketOption(level, SocketOptionName.PacketInformation, optionValue: true);
            socket.Bind(new IPEndPoint(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, MulticastDatagram.Port));
            Join(socket, on, isIPv6);
            SocketOptions.SetMulticastInterface(socket, on, address);
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, TimeToLive);
            // Other processes of this machine must hear us too.
            socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, optionValue: true);
            socket.Ttl = TimeToLive;
            return new MulticastSocket(socket, on, address, sink);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    /// <summary>Sends to the group or to a host; false when the system refuses.</summary>
    public bool Send(TransportAddress destination, ReadOnlySpan<byte> payload)
    {
        try
        {
            return _socket.SendTo(payload, SocketFlags.None, destination.ToIPEndPoint()) == payload.Length;
        }
        catch (SocketException)
        {
            // The interface went down, or a firewall forbids it; discovery repeats itself.
        }
        catch (ObjectDisposedException)
        {
            // Closed just now.
        }

        Interlocked.Increment(ref _sendFailures);
        return false;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private static void Join(Socket socket, LocalInterface on, bool isIPv6)
    {
        if (isIPv6)
        {
            var group = new IPv6MulticastOption(MulticastDatagram.Group6.ToIPAddress(), on.Index);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, group);
        }
        else
        {
            var group = new MulticastOption(MulticastDatagram.Group4.ToIPAddress(), on.Index);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, group);
        }
    }

    private async Task ReceiveAsync()
    {
        var isIPv6 = _socket.AddressFamily == AddressFamily.InterNetworkV6;
        var any = new IPEndPoint(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var buffer = new byte[MaxDatagram];
        while (!_isClosed)
        {
            try
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any);
                if (!TryDeliver(buffer.AsSpan(0, received.ReceivedBytes), received))
                {
                    Interlocked.Increment(ref _dropped);
                }
            }
            catch (SocketException) when (!_isClosed)
            {
                await Task.Delay(ErrorPause);
            }
            catch (SocketException)
            {
                // Closed while waiting.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private bool TryDeliver(ReadOnlySpan<byte> payload, SocketReceiveMessageFromResult received)
    {
        // Where pinning is refused, the group may be heard on interfaces that another program joined.
        if (received.PacketInformation.Interface != Interface.Index || payload.IsEmpty)
        {
            return false;
        }

        var remote = new TransportAddress((IPEndPoint)received.RemoteEndPoint);
        return _sink(
            new ReceivedDatagram(
                payload.ToArray(),
                payload.Length,
                _local,
                remote,
                Interface.Index,
                isMulticastDns: true,
                pool: null
            )
        );
    }
}
