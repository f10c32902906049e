using System.Net;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.TestKit;

namespace PeerChat.Rendezvous.Tests.Lan;

/// <summary>Machines on one link in virtual time. Multicast reaches everybody, the sender too, as on a real link.</summary>
internal sealed class LanSwarm(int seed = 1, double loss = 0)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(Host To, TransportAddress From, byte[] Bytes), (long, long)> _inFlight =
        new();
    private long _order;

    public Instant Now { get; private set; } = Instant.Origin;

    public List<Host> Hosts { get; } = [];

    /// <summary>Everything that was sent, with its sender and time.</summary>
    public List<(Instant At, Host From, MulticastDatagram Datagram)> Sent { get; } = [];

    public Host Add(string? name = null, bool announce = true, bool browse = true, bool loopback = false)
    {
        var number = Hosts.Count + 1;
        var ip = loopback ? IPAddress.Loopback : IPAddress.Parse($"10.0.{number >> 8}.{number & 255}");
        var link = new LanInterface(
            loopback ? 1 : 2,
            loopback ? "lo" : "eth0",
            loopback,
            [new LanAddress(new TransportAddress(ip, 40_000 + number), loopback ? 8 : 16)]
        );
        var machine = new LanRendezvous(new SeededEntropy((seed * 1000) + number), Now);
        var host = new Host(number, machine, link, new TransportAddress(ip, MulticastDatagram.Port), name);
        Hosts.Add(host);
        machine.SetAddresses([link], Now);
        if (announce)
        {
            machine.Announce(host.Announcement, Now);
        }

        if (browse)
        {
            machine.Browse(on: true, Now);
        }

        Drain(host);
        return host;
    }

    /// <summary>Calls a machine and takes what comes out.</summary>
    public void Do(Host host, Action<LanRendezvous> call)
    {
        call(host.Machine);
        Drain(host);
    }

    /// <summary>Puts a datagram before one host as if it had come from the link.</summary>
    public void Inject(Host to, TransportAddress from, ReadOnlySpan<byte> bytes)
    {
        to.Machine.HandleDatagram(Now, to.Link.Index, from, bytes);
        Drain(to);
    }

    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (true)
        {
            var next = Hosts.Aggregate((Instant?)null, (at, h) => Instant.Earliest(at, h.NextDeadline));
            if (_inFlight.TryPeek(out _, out var key))
            {
                next = Instant.Earliest(next, new Instant(key.Item1));
            }

            if (next is not { } due || due > end)
            {
                Now = end;
                return;
            }

            Now = Instant.Max(Now, due);
            while (_inFlight.TryPeek(out var arrived, out key) && key.Item1 <= Now.Ticks)
            {
                _inFlight.Dequeue();
                if (arrived.To.IsAlive)
                {
                    Inject(arrived.To, arrived.From, arrived.Bytes);
                }
            }

            foreach (var host in Hosts.Where(h => h.NextDeadline <= Now))
            {
                host.Machine.HandleDeadline(Now);
                Drain(host);
            }
        }
    }

    private void Drain(Host host)
    {
        while (host.Machine.TryTakeEvent(out var happened))
        {
            host.Events.Add((Now, happened));
        }

        while (host.Machine.TryTakeTransmit(out var datagram))
        {
            Sent.Add((Now, host, datagram));
            var to = datagram.IsMulticast
                ? Hosts
                : Hosts.Where(h => h.Address == datagram.Destination).Take(1);
            foreach (var each in to)
            {
                if (_random.NextDouble() >= loss)
                {
                    // In order, as on a link: known answers of several messages rely on it.
                    var arrival = Now + TimeSpan.FromMilliseconds(0.5);
                    _inFlight.Enqueue(
                        (each, host.Address, datagram.Payload.ToArray()),
                        (arrival.Ticks, _order++)
                    );
                }
            }
        }
    }

    internal sealed class Host(
        int number,
        LanRendezvous machine,
        LanInterface link,
        TransportAddress address,
        string? name
    )
    {
        public LanRendezvous Machine => machine;
        public LanInterface Link => link;
        public TransportAddress Address => address;
        public bool IsAlive { get; set; } = true;
        public Instant? NextDeadline => IsAlive ? machine.NextDeadline : null;
        public List<(Instant At, LanEvent Event)> Events { get; } = [];
        public string Id { get; } = Convert.ToHexStringLower(new SeededEntropy(number).Bytes(16));

        public LanAnnouncement Announcement =>
            new(Id, name, PeerId: null, [Enumerable.Repeat((byte)number, LanAnnouncement.TagSize).ToArray()]);

        public IEnumerable<LanPeer> Found =>
            Events.Select(e => e.Event).OfType<LanEvent.PeerFound>().Select(e => e.Peer);

        public IEnumerable<string> Lost =>
            Events.Select(e => e.Event).OfType<LanEvent.PeerLost>().Select(e => e.InstanceId);
    }
}
