using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.WebRtc;

namespace PeerChat.Node.Transport;

/// <summary>Hears what gateways of PCP and NAT-PMP say to all when they begin anew (RFC 6887 section 14.1, RFC 6886 section 3.2.1).</summary>
internal sealed class GatewayAnnouncements : IDisposable
{
    /// <summary>More are not listened to in one moment: a gateway says it a few times, an attacker all the time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int MaxSize = 1100; // RFC 6887 section 7

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<Action<NodeEngine>> _goOn;
    private readonly NodeClock _clock;

    private GatewayAnnouncements(Action<Action<NodeEngine>> goOn, NodeClock clock)
    {
        (_goOn, _clock) = (goOn, clock);
        // Others of this machine, and of this program, listen too.
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _socket.Bind(new IPEndPoint(IPAddress.Any, PortMapper.AnnouncementPort));
    }

    /// <summary>Begins to listen; null where another program keeps the port to itself: a new start is then noticed with the next renewal.</summary>
    public static GatewayAnnouncements? TryOpen(Action<Action<NodeEngine>> goOn, NodeClock clock)
    {
        try
        {
            var opened = new GatewayAnnouncements(goOn, clock);
            _ = Task.Run(opened.ListenAsync);
            return opened;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Ends.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _socket.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[MaxSize];
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(
                    buffer,
                    SocketFlags.None,
                    new IPEndPoint(IPAddress.Any, 0),
                    _ended.Token
                );
                var remote = new TransportAddress((IPEndPoint)received.RemoteEndPoint);
                var bytes = buffer.AsSpan(0, received.ReceivedBytes).ToArray();
                _goOn(engine => engine.HandleGatewayAnnouncement(remote, bytes, _clock.Now, _clock.WallNow));
                await Task.Delay(Pause, _ended.Token);
            }
            catch (SocketException)
            {
                await Task.Delay(Pause); // one that was too long, or a network that went away
            }
            catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
