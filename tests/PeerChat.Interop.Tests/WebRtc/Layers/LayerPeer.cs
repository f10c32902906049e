using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PeerChat.Primitives;
using PeerChat.TestKit;
using Shouldly;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>One layer of our stack on a loopback socket and the real clock, behind a path that may be bad both ways.</summary>
/// <remarks>The test's own thread drives it, while it waits for something.</remarks>
internal abstract class LayerPeer : IDisposable
{
    private const int MaxDatagram = 65_536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // far above what anything takes
    private static readonly TimeSpan PatienceAfterEnd = TimeSpan.FromSeconds(10); // the other side may still be at work
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10); // how late it may see what others have done
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SimulatedPath _inward;
    private readonly SimulatedPath _outward;
    private readonly byte[] _buffer = new byte[MaxDatagram];
    private EndPoint? _remote;

    /// <summary>Opens a port.</summary>
    /// <param name="path">How bad the path is.</param>
    protected LayerPeer(PathQuality path)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        (_inward, _outward) = (path.Direction(inward: true), path.Direction(inward: false));
    }

    /// <summary>Our port.</summary>
    public int Port { get; }

    /// <summary>The longest datagram that we sent.</summary>
    public int LongestSent { get; private set; }

    /// <summary>The present.</summary>
    protected Instant Now => new(_clock.Elapsed.Ticks);

    /// <summary>Whether our side has ended; nothing more happens then but what is under way.</summary>
    protected abstract bool IsOver { get; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    protected abstract Instant? NextDeadline { get; }

    /// <summary>Says where datagrams go; without it they go to whom the first one came from.</summary>
    public void SendTo(int port) => _remote = new IPEndPoint(IPAddress.Loopback, port);

    /// <summary>Sends and receives until something has happened, or fails.</summary>
    public void RunUntil(Func<bool> done, Func<string>? what = null)
    {
        var end = Now + Patience;
        Instant? overSince = null;
        Drain();
        while (!done())
        {
            overSince = IsOver ? overSince ?? Now : null;
            end = overSince is { } over ? Instant.Min(end, over + PatienceAfterEnd) : end;
            (Now < end).ShouldBeTrue(what?.Invoke() ?? "out of patience");
            var next = Instant.Earliest(
                Instant.Earliest(_inward.NextArrival, _outward.NextArrival),
                NextDeadline
            );
            var wait = next is { } at ? at - Now : Glance;
            wait = wait > Glance ? Glance : wait;
            if (_socket.Poll(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, SelectMode.SelectRead))
            {
                Receive();
            }

            while (_inward.TryReceive(Now, out var datagram))
            {
                HandleDatagram(datagram);
            }

            HandleDeadline();
            Drain();
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _socket.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a datagram in.</summary>
    protected abstract void HandleDatagram(ReadOnlySpan<byte> datagram);

    /// <summary>Does what is due.</summary>
    protected abstract void HandleDeadline();

    /// <summary>The next datagram to send.</summary>
    protected abstract bool TryTakeTransmit(out ReadOnlyMemory<byte> datagram);

    /// <summary>Takes events and what was received.</summary>
    protected abstract void TakeEvents();

    private void Receive()
    {
        while (_socket.Available > 0)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            try
            {
                var length = _socket.ReceiveFrom(_buffer, ref from);
                _remote ??= from;
                _inward.Send(Now, _buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // An earlier datagram found nobody: the program does not listen yet. Such is the network.
            }
        }
    }

    private void Drain()
    {
        TakeEvents();
        while (TryTakeTransmit(out var datagram))
        {
            LongestSent = Math.Max(LongestSent, datagram.Length);
            _outward.Send(Now, datagram.Span);
        }

        TakeEvents();
        while (_outward.TryReceive(Now, out var due))
        {
            if (_remote is { } remote)
            {
                try
                {
                    _socket.SendTo(due, remote);
                }
                catch (SocketException)
                {
                    // as above
                }
            }
        }
    }
}
