using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace PeerChat.Benchmarks.Peers;

/// <summary>A path between two sides that takes time and loses datagrams: each side sees the other at one of its two ports.</summary>
internal sealed partial class PathRelay : IDisposable
{
    private const int MaxDatagram = 65_535;
    private const int BufferBytes = 4 * 1024 * 1024;
    private readonly TimeSpan _delay;
    private readonly Way _toSecond;
    private readonly Way _toFirst;
    private volatile bool _isClosed;

    /// <summary>Opens the two ports.</summary>
    /// <param name="delay">How long a datagram takes, one way.</param>
    /// <param name="loss">The share of datagrams that do not arrive.</param>
    /// <param name="seed">Decides which.</param>
    public PathRelay(TimeSpan delay, double loss, int seed)
    {
        _delay = delay;
        var standsForFirst = Open();
        var standsForSecond = Open();
        // What the first side sends arrives at the port that stands for the second one, and leaves by the other.
        _toSecond = new Way(standsForSecond, standsForFirst, loss, new Random(seed));
        _toFirst = new Way(standsForFirst, standsForSecond, loss, new Random(seed + 1));
        foreach (var way in (Way[])[_toSecond, _toFirst])
        {
            new Thread(() => Take(way)) { IsBackground = true, Name = "relay in" }.Start();
            new Thread(() => Pass(way)) { IsBackground = true, Name = "relay out" }.Start();
        }
    }

    /// <summary>Replaces the addresses in what one side says by ours; the first one counts, others are taken out.</summary>
    public string Rewrite(string json, bool isFromFirst)
    {
        var (way, stand) = isFromFirst ? (_toFirst, _toFirst.In) : (_toSecond, _toSecond.In);
        return CandidateAddress()
            .Replace(
                json,
                found =>
                {
                    var isUdp = found
                        .Groups["transport"]
                        .Value.Equals("udp", StringComparison.OrdinalIgnoreCase);
                    var isOurs = found.Groups["address"].Value == PrivateNetwork.Address;
                    if (!isUdp || !isOurs || found.Groups["type"].Value != "host")
                    {
                        return $"{found.Groups["head"].Value}{found.Groups["transport"].Value} 1 192.0.2.1 9 typ {found.Groups["type"].Value}";
                    }

                    way.Destination = new IPEndPoint(
                        IPAddress.Parse(PrivateNetwork.Address),
                        int.Parse(found.Groups["port"].Value)
                    );
                    var port = ((IPEndPoint)stand.LocalEndPoint!).Port;
                    return $"{found.Groups["head"].Value}{found.Groups["transport"].Value} {found.Groups["priority"].Value} {PrivateNetwork.Address} {port} typ host";
                }
            );
    }

    /// <summary>Closes the ports.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _toFirst.Close();
        _toSecond.Close();
    }

    [GeneratedRegex(
        @"(?<head>candidate:\S+ \d+ )(?<transport>\S+) (?<priority>\d+) (?<address>\S+) (?<port>\d+) typ (?<type>[a-z]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex CandidateAddress();

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = BufferBytes,
            SendBufferSize = BufferBytes,
        };
        socket.Bind(new IPEndPoint(IPAddress.Parse(PrivateNetwork.Address), 0));
        return socket;
    }

    private void Take(Way way)
    {
        var buffer = new byte[MaxDatagram];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_isClosed)
        {
            int length;
            try
            {
                length = way.In.ReceiveFrom(buffer, SocketFlags.None, from);
            }
            catch (SocketException)
            {
                continue; // an ICMP error of a side that closed, or the end
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (way.Random.NextDouble() >= way.Loss)
            {
                way.Add(buffer.AsSpan(0, length), Environment.TickCount64 + (long)_delay.TotalMilliseconds);
            }
        }
    }

    private void Pass(Way way)
    {
        while (!_isClosed && way.TryTake(out var datagram, out var due))
        {
            var wait = due - Environment.TickCount64;
            if (wait > 0)
            {
                Thread.Sleep((int)wait);
            }

            if (way.Destination is { } destination)
            {
                try
                {
                    way.Out.SendTo(datagram, destination);
                }
                catch (SocketException)
                {
                    continue; // lost
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    private sealed class Way(Socket @in, Socket @out, double loss, Random random)
    {
        private readonly Queue<(byte[] Datagram, long Due)> _waiting = new();
        private bool _isClosed;

        public Socket In => @in;
        public Socket Out => @out;
        public double Loss => loss;
        public Random Random => random;
        public IPEndPoint? Destination { get; set; }

        public void Add(ReadOnlySpan<byte> datagram, long due)
        {
            lock (_waiting)
            {
                _waiting.Enqueue((datagram.ToArray(), due));
                Monitor.Pulse(_waiting);
            }
        }

        public bool TryTake(out byte[] datagram, out long due)
        {
            lock (_waiting)
            {
                while (_waiting.Count == 0 && !_isClosed)
                {
                    Monitor.Wait(_waiting);
                }

                var taken = _waiting.TryDequeue(out var first);
                (datagram, due) = first;
                return taken;
            }
        }

        public void Close()
        {
            lock (_waiting)
            {
                _isClosed = true;
                Monitor.PulseAll(_waiting);
            }

            @in.Dispose();
        }
    }
}
