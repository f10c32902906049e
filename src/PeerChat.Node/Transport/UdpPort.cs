using System.Net;
using System.Net.Sockets;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>One UDP socket bound to one address of this machine, with a thread that does nothing but receive.</summary>
internal sealed class UdpPort : IDisposable
{
    // A window of a fast peer; systems cap it at what they allow, Linux at net.core.rmem_max.
    private const int SocketBufferSize = 4 * 1024 * 1024;
    private const int ThreadStackSize = 1024 * 1024; // turns run on it, storage and all
    private const int MaxReadsPerTurn = 16; // then what is to be sent must not wait longer (guess)
    private const int PatientErrors = 16; // a receive that fails this often in a row is not about one datagram
    private const long ReportInterval = 100; // milliseconds: the same is not told more often
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly DatagramPool _pool;
    private readonly DatagramSink _sink;
    private readonly AddressBook _destinations;
    private readonly BatchReceiver? _receiver;
    private readonly ErrorQueue? _errorQueue;
    private readonly PathErrorSink? _errorSink;
    private readonly Lock _reporting = new();
    private (TransportAddress Remote, long At) _lastReport = (default, long.MinValue / 2);
    private readonly SendBatch _batch = new();
    private readonly Thread _thread;
    private bool _segments; // whether the system cuts batches
    private int _segmentSize; // what it was told last
    private long _dropped;
    private long _sendFailures;
    private volatile bool _isClosed;

    private UdpPort(
        Socket socket,
        LocalInterface on,
        bool isPinned,
        DatagramPool pool,
        DatagramSink sink,
        PathErrorSink? errorSink
    )
    {
        _errorSink = errorSink;
        _socket = socket;
        _pool = pool;
        _sink = sink;
        _destinations = new AddressBook(socket.AddressFamily);
        Interface = on;
        IsPinned = isPinned;
        _segments = SocketOptions.TrySegment(socket, 0);
        _receiver = BatchReceiver.TryCreate(socket);
        _errorQueue = _receiver is not null && errorSink is not null ? ErrorQueue.TryCreate(socket) : null;
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
    /// <param name="errorSink">Who hears what could not be sent, or was sent in vain.</param>
    public static UdpPort? TryOpen(
        LocalInterface on,
        IPAddress address,
        int preferredPort,
        bool pin,
        DatagramPool pool,
        DatagramSink sink,
        PathErrorSink? errorSink = null
    )
    {
        if (
            preferredPort != 0
            && TryBind(on, address, preferredPort, pin, pool, sink, errorSink) is { } preferred
        )
        {
            return preferred;
        }

        return TryBind(on, address, port: 0, pin, pool, sink, errorSink);
    }

    /// <summary>Sends at once; false when the system refuses, which is never more than a lost datagram. One thread at a time.</summary>
    public bool Send(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        if (_segmentSize > 0 && payload.Length > _segmentSize)
        {
            SetSegmentSize(0);
        }

        if (TrySend(remote, payload, out var error))
        {
            return true;
        }

        Interlocked.Increment(ref _sendFailures);
        ReportUnsent(remote, error);
        return false;
    }

    /// <summary>
    /// Sends what nobody on the way may cut up, after what was queued; where that cannot be asked for, it does not leave. A link that
    /// is too small for it refuses, which is the answer that was looked for.
    /// </summary>
    public void SendWhole(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        Flush();
        if (SocketOptions.TryForbidFragments(_socket, forbid: true))
        {
            SetSegmentSize(0);
            TrySend(remote, payload, out _);
            SocketOptions.TryForbidFragments(_socket, forbid: false);
        }
    }

    /// <summary>Sends with the next <see cref="Flush"/>, or before; together with others to the same address where the system can.</summary>
    public void Queue(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        if (!_segments)
        {
            Send(remote, payload);
            return;
        }

        if (_batch.TryAdd(remote, payload))
        {
            return;
        }

        Flush();
        if (!_batch.TryAdd(remote, payload))
        {
            Send(remote, payload); // too long for any batch
        }
    }

    /// <summary>Sends what was queued.</summary>
    public void Flush()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        if (_batch.Count == 1)
        {
            Send(_batch.Remote, _batch.Bytes);
        }
        else if (!TrySendBatch())
        {
            for (var rest = _batch.Bytes; !rest.IsEmpty; )
            {
                var length = Math.Min(_batch.Size, rest.Length);
                Send(_batch.Remote, rest[..length]);
                rest = rest[length..];
            }
        }

        _batch.Clear();
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
        DatagramSink sink,
        PathErrorSink? errorSink
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
            return new UdpPort(socket, on, isPinned, pool, sink, errorSink);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    /// <summary>False when the system does not cut batches for this path; then it is not asked again.</summary>
    private bool TrySendBatch()
    {
        if (_segmentSize != _batch.Size)
        {
            SetSegmentSize(_batch.Size);
        }

        if (_segments && !TrySend(_batch.Remote, _batch.Bytes, out var error))
        {
            if (IsAboutPath(error))
            {
                Interlocked.Add(ref _sendFailures, _batch.Count);
                ReportUnsent(_batch.Remote, error);
                return true;
            }

            // EIO, EINVAL or EMSGSIZE: the device cannot, or the path takes only shorter packets.
            _segments = false;
            SetSegmentSize(0);
        }

        return _segments;
    }

    private void SetSegmentSize(int size)
    {
        _segments &= SocketOptions.TrySegment(_socket, size);
        _segmentSize = size;
    }

    private static bool IsAboutPath(SocketError error) =>
        error
            is SocketError.Success
                or SocketError.NetworkDown
                or SocketError.NetworkUnreachable
                or SocketError.HostUnreachable
                or SocketError.AccessDenied
                or SocketError.ConnectionRefused
                or SocketError.NoBufferSpaceAvailable;

    /// <summary>
    /// What the system heard of an earlier datagram it says at the next call, whatever that is for, and sends nothing: once more then.
    /// </summary>
    private bool TrySend(TransportAddress remote, ReadOnlySpan<byte> payload, out SocketError error)
    {
        if (TrySendOnce(remote, payload, out error))
        {
            return true;
        }

        if (_errorQueue is null || _isClosed)
        {
            return false;
        }

        DrainErrors();
        return TrySendOnce(remote, payload, out error);
    }

    private void ReportUnsent(TransportAddress remote, SocketError error)
    {
        if (
            error
            is SocketError.NetworkDown
                or SocketError.NetworkUnreachable
                or SocketError.HostUnreachable
                or SocketError.AddressNotAvailable
                or SocketError.InvalidArgument // Linux, where the address of the socket is gone
        )
        {
            Report(remote, isRefused: false);
        }
    }

    private void DrainErrors()
    {
        if (!_isClosed)
        {
            _errorQueue?.Drain(remote => Report(remote, isRefused: true));
        }
    }

    // A datagram that cannot be sent is seldom alone
    private void Report(TransportAddress remote, bool isRefused)
    {
        var now = Environment.TickCount64;
        lock (_reporting)
        {
            if (_lastReport.Remote == remote && now - _lastReport.At <= ReportInterval)
            {
                return;
            }

            _lastReport = (remote, now);
        }

        _errorSink?.Invoke(Local, remote, isRefused);
    }

    private bool TrySendOnce(TransportAddress remote, ReadOnlySpan<byte> payload, out SocketError error)
    {
        error = SocketError.Success;
        if (_isClosed || remote.IsIPv6 != Local.IsIPv6)
        {
            return false;
        }

        try
        {
            var destination = _destinations.ToSocket(remote, Local.ScopeId);
            return _socket.SendTo(payload, SocketFlags.None, destination) == payload.Length;
        }
        catch (SocketException refused)
        {
            // No route, interface down, firewall, buffer full: the sender's timers will try again.
            error = refused.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            // Closed by another thread just now.
        }

        return false;
    }

    private void Receive()
    {
        var book = new AddressBook(_socket.AddressFamily);
        var from = book.NewSocketAddress();
        byte[]? buffer = null;
        var (errors, reads) = (0, 0);
        while (!_isClosed)
        {
            buffer ??= _pool.Rent();
            if (!TryReceive(buffer, from, out var length, out var size))
            {
                KeepPromise(ref reads);
                DrainErrors();
                errors++;
                if (errors > PatientErrors)
                {
                    Thread.Sleep(ErrorPause);
                }

                continue;
            }

            errors = 0;
            if (length > 0 && size < DatagramPool.MaxDatagram)
            {
                var remote = book.FromSocket(from);
                reads = HasMore() && reads < MaxReadsPerTurn ? reads + 1 : 0;
                var received = new ReceivedDatagram(
                    buffer,
                    length,
                    Local,
                    remote,
                    Interface.Index,
                    isMulticastDns: false,
                    _pool,
                    size
                )
                {
                    MoreFollows = reads > 0,
                };
                if (_sink(received))
                {
                    buffer = null;
                    continue;
                }
            }
            else
            {
                KeepPromise(ref reads);
            }

            Interlocked.Increment(ref _dropped);
        }

        KeepPromise(ref reads);
        if (buffer is not null)
        {
            _pool.Return(buffer);
        }
    }

    // It was said that more follows, and nothing does that counts: the turn must end all the same.
    private void KeepPromise(ref int reads)
    {
        if (reads > 0)
        {
            reads = 0;
            _sink(ReceivedDatagram.None(Local));
        }
    }

    private bool HasMore()
    {
        try
        {
            return _socket.Available > 0;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private bool TryReceive(byte[] buffer, SocketAddress from, out int length, out int size)
    {
        (length, size) = (0, 0);
        try
        {
            if (_receiver is not null)
            {
                length = _receiver.Receive(buffer, from, out size);
                return length >= 0;
            }

            size = length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
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
