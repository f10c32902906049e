using System.Net;
using System.Net.Sockets;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>One UDP socket bound to one address of this machine, with a thread that does nothing but receive.</summary>
internal sealed class UdpPort : IDisposable
{
    // A window of a fast peer; systems cap it at what they allow, Linux at net.core.rmem_max.
    private const int SocketBufferSize = 4 * 1024 * 1024;
    private const int ThreadStackSize = 256 * 1024; // measured: the receive loop needs a tenth of it
    private const int PatientErrors = 16; // a receive that fails this often in a row is not about one datagram
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly DatagramPool _pool;
    private readonly DatagramSink _sink;
    private readonly AddressBook _destinations;
    private readonly Thread _thread;
    private long _dropped;
    private long _sendFailures;
    private volatile bool _isClosed;

    private UdpPort(Socket socket, LocalInterface on, bool isPinned, DatagramPool pool, DatagramSink sink)
    {
        _socket = socket;
        _pool = pool;
        _sink = sink;
        _destinations = new AddressBook(socket.AddressFamily);
        Interface = on;
        IsPinned = isPinned;
        Local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
        _thread = new Thread(Receive, ThreadStackSize) { IsBackground = true, Name = $"udp {Local}" };
        _thread.Start();
    }

    /// <summary>The address and port it is bound to.</summary>
    public TransportAddress Local { get; }

    /// <summary>The interface that has the address.</summary>
    public LocalInterface Interface { get; }

    /// <summary>Whether the system keeps its packets to that interface.</summary>
    public bool IsPinned { get; }

    /// <summary>Datagrams that were too long or for which the sink had no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Datagrams that the system would not send.</summary>
    public long SendFailures => Interlocked.Read(ref _sendFailures);

    /// <summary>Opens a port; null when the address cannot be bound, as one that has just gone or is still being checked.</summary>
    /// <param name="on">The interface that has the address.</param>
    /// <param name="address">The address.</param>
    /// <param name="preferredPort">The port to take if it is free; otherwise, or for 0, any.</param>
    /// <param name="pin">Whether packets must not leave by another interface.</param>
    /// <param name="pool">Where buffers come from.</param>
    /// <param name="sink">Who takes what is received, on the port's own thread.</param>
    public static UdpPort? TryOpen(
        LocalInterface on,
        IPAddress address,
        int preferredPort,
        bool pin,
        DatagramPool pool,
        DatagramSink sink
    )
    {
        if (preferredPort != 0 && TryBind(on, address, preferredPort, pin, pool, sink) is { } preferred)
        {
            return preferred;
        }

        return TryBind(on, address, port: 0, pin, pool, sink);
    }

    /// <summary>Sends; false when the system refuses, which is never more than a lost datagram. One thread at a time.</summary>
    public bool Send(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        if (!_isClosed && remote.IsIPv6 == Local.IsIPv6)
        {
            try
            {
                var destination = _destinations.ToSocket(remote, Local.ScopeId);
                return _socket.SendTo(payload, SocketFlags.None, destination) == payload.Length;
            }
            catch (SocketException)
            {
                // No route, interface down, firewall, buffer full: the sender's timers will try again.
            }
            catch (ObjectDisposedException)
            {
                // Closed by another thread just now.
            }
        }

        Interlocked.Increment(ref _sendFailures);
        return false;
    }

    /// <summary>Closes the socket; its thread ends by itself.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private static UdpPort? TryBind(
        LocalInterface on,
        IPAddress address,
        int port,
        bool pin,
        DatagramPool pool,
        DatagramSink sink
    )
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.ReceiveBufferSize = SocketBufferSize;
            socket.SendBufferSize = SocketBufferSize;
            SocketOptions.IgnorePortUnreachable(socket);
            // Loopback addresses are reachable by no other way, so there is nothing to pin.
            var isPinned = on.IsLoopback || (pin && SocketOptions.TryPin(socket, on));
            socket.Bind(new IPEndPoint(address, port));
            return new UdpPort(socket, on, isPinned, pool, sink);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    private void Receive()
    {
        var book = new AddressBook(_socket.AddressFamily);
        var from = book.NewSocketAddress();
        byte[]? buffer = null;
        var errors = 0;
        while (!_isClosed)
        {
            buffer ??= _pool.Rent();
            if (!TryReceive(buffer, from, out var length))
            {
                errors++;
                if (errors > PatientErrors)
                {
                    Thread.Sleep(ErrorPause);
                }

                continue;
            }

            errors = 0;
            // A full buffer means that the rest was cut off.
            if (length > 0 && length < buffer.Length)
            {
                var remote = book.FromSocket(from);
                if (_sink(new ReceivedDatagram(buffer, length, Local, remote, Interface.Index, false, _pool)))
                {
                    buffer = null;
                    continue;
                }
            }

            Interlocked.Increment(ref _dropped);
        }

        if (buffer is not null)
        {
            _pool.Return(buffer);
        }
    }

    private bool TryReceive(byte[] buffer, SocketAddress from, out int length)
    {
        length = 0;
        try
        {
            length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
            return true;
        }
        catch (SocketException)
        {
            // ICMP errors of earlier sends, or the socket is being closed.
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
