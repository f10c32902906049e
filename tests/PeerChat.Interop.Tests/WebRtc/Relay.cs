using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Transport;
using PeerChat.TestKit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A bad path between two real stacks: it drops, delays, reorders and doubles datagrams.</summary>
/// <remarks>
/// Each side gets the relay's address in the place of the other's, in the description that passes through here. The kernel's own
/// means for this (netem) is not in every kernel.
/// </remarks>
internal sealed class Relay : IDisposable
{
    private const int MaxDatagram = 65_536;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20); // how late it may see that it is over

    private readonly NodeClock _clock = new();
    private readonly Leg _ours;
    private readonly Leg _theirs;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <summary>Opens two ports on an address.</summary>
    /// <param name="on">An address that both sides reach.</param>
    /// <param name="seed">Which datagrams suffer.</param>
    /// <param name="loss">The part of the datagrams that is dropped, in each direction.</param>
    /// <param name="minDelay">The least delay, one way.</param>
    /// <param name="maxDelay">The longest; the difference is what reorders.</param>
    /// <param name="duplication">The part of the datagrams that comes twice.</param>
    public Relay(
        IPAddress on,
        int seed,
        double loss,
        TimeSpan minDelay,
        TimeSpan maxDelay,
        double duplication
    )
    {
        _ours = new Leg(on, new SimulatedPath(seed, minDelay, maxDelay, loss, duplication));
        _theirs = new Leg(on, new SimulatedPath(~seed, minDelay, maxDelay, loss, duplication));
        _thread = new Thread(Loop) { IsBackground = true, Name = "relay" };
        _thread.Start();
    }

    /// <summary>Datagrams that went in so far, both ways.</summary>
    public int Datagrams => _ours.Datagrams + _theirs.Datagrams;

    /// <summary>Our description as they may see it.</summary>
    public string FromUs(string description) => Redirect(description, _ours, _theirs);

    /// <summary>Their description as we may see it.</summary>
    public string FromThem(string description) => Redirect(description, _theirs, _ours);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _ours.Socket.Dispose();
        _theirs.Socket.Dispose();
    }

    // The first address of who describes itself is where its datagrams go; the one at the other leg takes its place.
    private static string Redirect(string description, Leg describer, Leg other)
    {
        List<string> lines = [];
        foreach (var line in description.Split("\r\n"))
        {
            if (!line.StartsWith("a=candidate:", StringComparison.Ordinal))
            {
                lines.Add(line);
                continue;
            }

            var fields = line.Split(' ');
            var isFirst =
                describer.Peer is null
                && fields[2].Equals("udp", StringComparison.OrdinalIgnoreCase)
                && IPAddress.TryParse(fields[4], out var address)
                && address.AddressFamily == AddressFamily.InterNetwork;
            if (isFirst)
            {
                describer.Peer = new IPEndPoint(
                    IPAddress.Parse(fields[4]),
                    int.Parse(fields[5], CultureInfo.InvariantCulture)
                );
                var at = (IPEndPoint)other.Socket.LocalEndPoint!;
                (fields[4], fields[5]) = (
                    at.Address.ToString(),
                    at.Port.ToString(CultureInfo.InvariantCulture)
                );
                lines.Add(string.Join(' ', fields));
            }
        }

        return describer.Peer is null
            ? throw new InvalidOperationException($"No address of IPv4 in it:\n{description}")
            : string.Join("\r\n", lines);
    }

    private void Loop()
    {
        var buffer = new byte[MaxDatagram];
        while (!_isOver)
        {
            var next = PeerChat.Primitives.Instant.Earliest(
                _ours.Outward.NextArrival,
                _theirs.Outward.NextArrival
            );
            var wait = _clock.Until(next);
            wait = wait < TimeSpan.Zero || wait > Glance ? Glance : wait;
            List<Socket> readable = [_ours.Socket, _theirs.Socket];
            Socket.Select(readable, null, null, wait);
            Take(readable, _ours, buffer);
            Take(readable, _theirs, buffer);
            Forward(_ours, _theirs);
            Forward(_theirs, _ours);
        }
    }

    private void Take(List<Socket> readable, Leg leg, byte[] buffer)
    {
        while (readable.Contains(leg.Socket) && leg.Socket.Available > 0)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            int length;
            try
            {
                length = leg.Socket.ReceiveFrom(buffer, ref from);
            }
            catch (SocketException)
            {
                continue; // an earlier datagram found nobody: such is the network
            }

            leg.Datagrams++;
            leg.Outward.Send(_clock.Now, buffer.AsSpan(0, length));
        }
    }

    private void Forward(Leg from, Leg to)
    {
        while (from.Outward.TryReceive(_clock.Now, out var datagram))
        {
            if (to.Peer is { } peer)
            {
                to.Socket.SendTo(datagram, peer);
            }
        }
    }

    /// <summary>The port that one side sends to, and what is under way from there to the other side.</summary>
    private sealed class Leg
    {
        public Leg(IPAddress on, SimulatedPath outward)
        {
            Outward = outward;
            Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket.Bind(new IPEndPoint(on, 0));
        }

        public Socket Socket { get; }

        public SimulatedPath Outward { get; }

        public volatile IPEndPoint? Peer;

        public int Datagrams;
    }
}
