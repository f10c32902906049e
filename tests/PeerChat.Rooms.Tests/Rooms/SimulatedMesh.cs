using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Peers joined by reliable, ordered channels with delay, in virtual time; links can break and peers crash.</summary>
internal sealed class SimulatedMesh(int seed, params SimulatedPeer[] peers)
{
    private const long WallOrigin = 1_800_000_000_000;
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Arrival, (long, long)> _arrivals = new();
    private readonly List<Link> _links = [];
    private int _nextLink = 1;
    private long _order;

    public Instant Now { get; private set; } = Instant.Origin;

    /// <summary>Chance that a peer crashes after it handled something and before it committed.</summary>
    public double CrashRate { get; set; }

    /// <summary>Looks at each frame before it leaves; may return another, or null to lose the frame.</summary>
    public Func<SimulatedPeer, RoomFrame, RoomFrame?>? Tamper { get; set; }

    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bulk frames that may be under way on one direction of a link.</summary>
    public int Window { get; set; } = 2;

    /// <summary>A peer whose host takes no bulk from anybody.</summary>
    public SimulatedPeer? Stuck { get; set; }

    public long FramesSent { get; private set; }

    public long LargestFrame { get; private set; }

    public WallTime Wall => WallAt(peers[0]);

    public WallTime WallAt(SimulatedPeer peer) =>
        new(WallOrigin + ((Now - Instant.Origin).Ticks / 10_000) + SkewOf(peer));

    public Dictionary<SimulatedPeer, long> Skews { get; } = [];

    public void OpenAll()
    {
        foreach (var peer in peers)
        {
            peer.Open(WallAt(peer));
        }
    }

    public int Connect(SimulatedPeer one, SimulatedPeer other)
    {
        var link = new Link(_nextLink++, one, other);
        _links.Add(link);
        one.Room.AddLink(link.Id, other.Id, Now, WallAt(one));
        other.Room.AddLink(link.Id, one.Id, Now, WallAt(other));
        After(one);
        After(other);
        return link.Id;
    }

    public bool AreConnected(SimulatedPeer one, SimulatedPeer other) =>
        _links.Any(l => l.Joins(one) && l.Joins(other));

    public void Disconnect(SimulatedPeer one, SimulatedPeer other)
    {
        foreach (var link in _links.Where(l => l.Joins(one) && l.Joins(other)).ToArray())
        {
            _links.Remove(link);
            foreach (var end in new[] { link.One, link.Other })
            {
                end.Room.RemoveLink(link.Id, Now, WallAt(end));
                After(end);
            }
        }
    }

    public void Crash(SimulatedPeer peer)
    {
        foreach (var link in _links.Where(l => l.Joins(peer)).ToArray())
        {
            _links.Remove(link);
            var end = link.One == peer ? link.Other : link.One;
            end.Room.RemoveLink(link.Id, Now, WallAt(end));
            After(end);
        }

        peer.Crash(WallAt(peer));
    }

    /// <summary>Posts; null when the peer crashed before the post was durable.</summary>
    public EntryId? Post(SimulatedPeer peer, string text)
    {
        var id = peer.Room.Post(text, WallAt(peer));
        return After(peer) ? id : null;
    }

    /// <summary>Writes several messages in one turn; whether they were kept.</summary>
    public bool PostAll(SimulatedPeer peer, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            peer.Room.Post(text, WallAt(peer));
        }

        return After(peer);
    }

    /// <summary>Ends a turn of a peer that the test did something with.</summary>
    public void Settle(SimulatedPeer peer) => After(peer);

    /// <summary>Hands a frame of the test's own making to a peer, as if it came over a link.</summary>
    public void Inject(SimulatedPeer to, int link, byte[] frame)
    {
        to.Room.HandleFrame(link, frame, Now, WallAt(to));
        After(to);
    }

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time;
        for (var steps = 0; ; steps++)
        {
            if (steps > 2_000_000)
            {
                throw new InvalidOperationException("The mesh does not come to rest.");
            }

            var next = NextEvent();
            if (next is not { } at || at > end)
            {
                break;
            }

            Now = Instant.Max(Now, at);
            Step();
        }

        Now = end;
    }

    private Instant? NextEvent()
    {
        Instant? next = _arrivals.TryPeek(out _, out var key) ? new Instant(key.Item1) : null;
        foreach (var peer in peers)
        {
            next = Instant.Earliest(next, peer.Room.NextDeadline);
        }

        return next;
    }

    private void Step()
    {
        while (_arrivals.TryPeek(out _, out var key) && key.Item1 <= Now.Ticks)
        {
            var arrival = _arrivals.Dequeue();
            if (!_links.Contains(arrival.Link))
            {
                continue;
            }

            if (arrival.Frame.IsBulk)
            {
                arrival.Link.InFlight[arrival.To]--;
                Drain(arrival.Link.One == arrival.To ? arrival.Link.Other : arrival.Link.One);
            }

            arrival.To.Room.HandleFrame(arrival.Link.Id, arrival.Frame.Bytes.Span, Now, WallAt(arrival.To));
            After(arrival.To);
        }

        foreach (var peer in peers)
        {
            if (peer.Room.NextDeadline <= Now)
            {
                peer.Room.HandleDeadline(Now, WallAt(peer));
                After(peer);
            }
        }
    }

    private bool After(SimulatedPeer peer)
    {
        if (_random.NextDouble() < CrashRate)
        {
            Crash(peer);
            return false;
        }

        peer.Commit();
        Drain(peer);
        return true;
    }

    private void Drain(SimulatedPeer peer)
    {
        foreach (var link in _links.Where(l => l.Joins(peer)).ToArray())
        {
            var to = link.One == peer ? link.Other : link.One;
            while (peer.Room.TryTakeFrame(link.Id, to != Stuck && link.InFlight[to] < Window, out var frame))
            {
                if (Tamper is not null)
                {
                    if (Tamper(peer, frame) is not { } changed)
                    {
                        continue;
                    }

                    frame = changed;
                }

                FramesSent++;
                LargestFrame = Math.Max(LargestFrame, frame.Bytes.Length);
                link.InFlight[to] += frame.IsBulk ? 1 : 0;
                // Both channels keep their own order; between them there is none.
                var last = link.LastArrival.GetValueOrDefault((to, frame.IsBulk));
                var at = Now + (MaxDelay * _random.NextDouble());
                at = Instant.Max(at, last);
                link.LastArrival[(to, frame.IsBulk)] = at;
                _arrivals.Enqueue(new Arrival(link, to, frame), (at.Ticks, _order++));
            }
        }

        peer.Commit(); // what was told while frames were taken
    }

    private long SkewOf(SimulatedPeer peer) => Skews.GetValueOrDefault(peer);

    private sealed record Arrival(Link Link, SimulatedPeer To, RoomFrame Frame);

    private sealed class Link(int id, SimulatedPeer one, SimulatedPeer other)
    {
        public int Id { get; } = id;

        public SimulatedPeer One { get; } = one;

        public SimulatedPeer Other { get; } = other;

        public Dictionary<SimulatedPeer, int> InFlight { get; } = new() { [one] = 0, [other] = 0 };

        public Dictionary<(SimulatedPeer, bool), Instant> LastArrival { get; } = [];

        public bool Joins(SimulatedPeer peer) => One == peer || Other == peer;
    }
}
