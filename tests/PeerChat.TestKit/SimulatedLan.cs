using PeerChat.Primitives;

namespace PeerChat.TestKit;

/// <summary>One network segment in virtual time: unicast and multicast, delay, loss, duplication, host firewalls, and a hostile ear.</summary>
public sealed class SimulatedLan(
    int seed,
    TimeSpan? minDelay = null,
    TimeSpan? maxDelay = null,
    double loss = 0,
    double duplication = 0
)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<LanDatagram, (long Ticks, long Order)> _inFlight = new();
    private readonly Dictionary<TransportAddress, HostFirewall> _hosts = [];
    private readonly HashSet<(TransportAddress Inside, TransportAddress Outside)> _opened = [];
    private readonly TimeSpan _minDelay = minDelay ?? TimeSpan.FromMilliseconds(1);
    private readonly TimeSpan _maxDelay = maxDelay ?? minDelay ?? TimeSpan.FromMilliseconds(1);
    private long _order;

    /// <summary>How often a datagram is lost from now on.</summary>
    public double Loss { get; set; } = loss;

    /// <summary>Sees each unicast datagram before it goes on its way; what it gives back goes instead, null for nothing.</summary>
    public Func<LanDatagram, LanDatagram?>? Interceptor { get; set; }

    /// <summary>When the next datagram arrives; null when none is under way.</summary>
    public Instant? NextArrival => _inFlight.TryPeek(out _, out var key) ? new Instant(key.Ticks) : null;

    /// <summary>Datagrams that reached a host.</summary>
    public long Delivered { get; private set; }

    /// <summary>Connects a host, named by its address with port 0.</summary>
    public void Attach(TransportAddress host, HostFirewall firewall) => _hosts[host.WithPort(0)] = firewall;

    /// <summary>Pulls a host's cable; what is under way to it is lost.</summary>
    public void Detach(TransportAddress host) => _hosts.Remove(host.WithPort(0));

    /// <summary>Puts a unicast datagram on its way.</summary>
    public void Send(Instant now, TransportAddress from, TransportAddress to, ReadOnlySpan<byte> payload)
    {
        _opened.Add((from, to));
        var datagram = new LanDatagram(from, to, IsMulticast: false, payload.ToArray());
        if (Interceptor is { } interceptor)
        {
            if (interceptor(datagram) is not { } rewritten)
            {
                return;
            }

            datagram = rewritten;
        }

        Enqueue(now, datagram);
    }

    /// <summary>Puts a datagram on its way that no interceptor sees: the attacker's own.</summary>
    public void Inject(Instant now, TransportAddress from, TransportAddress to, ReadOnlySpan<byte> payload) =>
        Enqueue(now, new LanDatagram(from, to, IsMulticast: false, payload.ToArray()));

    /// <summary>Puts a datagram on its way to every other host.</summary>
    public void Multicast(Instant now, TransportAddress from, ReadOnlySpan<byte> payload)
    {
        foreach (var host in _hosts.Keys.Where(host => host != from.WithPort(0)))
        {
            Enqueue(
                now,
                new LanDatagram(from, host.WithPort(from.Port), IsMulticast: true, payload.ToArray())
            );
        }
    }

    /// <summary>Takes a datagram that has arrived by now.</summary>
    public bool TryReceive(Instant now, out LanDatagram datagram)
    {
        while (NextArrival is { } arrival && arrival <= now)
        {
            datagram = _inFlight.Dequeue();
            if (Passes(datagram))
            {
                Delivered++;
                return true;
            }
        }

        datagram = null!;
        return false;
    }

    private bool Passes(LanDatagram datagram) =>
        _hosts.TryGetValue(datagram.To.WithPort(0), out var firewall)
        && (
            datagram.IsMulticast
            || firewall == HostFirewall.None
            || (firewall == HostFirewall.Stateful && _opened.Contains((datagram.To, datagram.From)))
        );

    private void Enqueue(Instant now, LanDatagram datagram)
    {
        if (_random.NextDouble() < Loss)
        {
            return;
        }

        Add(now, datagram);
        if (_random.NextDouble() < duplication)
        {
            Add(now, datagram with { Payload = [.. datagram.Payload] });
        }
    }

    private void Add(Instant now, LanDatagram datagram)
    {
        var delay = _minDelay + ((_maxDelay - _minDelay) * _random.NextDouble());
        _inFlight.Enqueue(datagram, ((now + delay).Ticks, _order++));
    }
}
