using PeerChat.Primitives;
using PeerChat.TestKit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Nodes in virtual time, joined by one simulated path per pair of addresses and direction.</summary>
internal sealed class VirtualNetwork(
    int seed = 1,
    TimeSpan? minDelay = null,
    TimeSpan? maxDelay = null,
    double loss = 0,
    double duplication = 0
)
{
    private readonly List<INetworkNode> _nodes = [];
    private readonly Dictionary<(TransportAddress From, TransportAddress To), SimulatedPath> _paths = [];

    public Instant Now { get; private set; } = Instant.Origin;

    /// <summary>Changes or swallows (null) what a node sends: a cut, a NAT, an eavesdropper.</summary>
    public Func<Datagram, Datagram?> Middlebox { get; set; } = datagram => datagram;

    public long Sent { get; private set; }

    public void Attach(INetworkNode node) => _nodes.Add(node);

    /// <summary>Puts a datagram on its way as if a stranger had sent it.</summary>
    public void Inject(TransportAddress from, TransportAddress to, ReadOnlySpan<byte> payload) =>
        Path(from, to).Send(Now, payload);

    /// <summary>Lets time pass until a condition holds; false when it does not within the span.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        var idle = 0;
        Drain();
        while (!condition())
        {
            if (NextEvent() is not { } next || next > end)
            {
                Now = end;
                return false;
            }

            idle = next > Now ? 0 : idle + 1;
            if (idle > 100_000)
            {
                throw new InvalidOperationException("Time stands still.");
            }

            Now = Instant.Max(Now, next);
            Deliver();
            foreach (var node in _nodes)
            {
                if (node.NextDeadline <= Now)
                {
                    node.HandleDeadline(Now);
                }
            }

            Drain();
        }

        return true;
    }

    public void Run(TimeSpan span) => RunUntil(() => false, span);

    private void Drain()
    {
        foreach (var node in _nodes)
        {
            while (node.TryTakeTransmit(out var datagram))
            {
                Sent++;
                node.Addresses.Contains(datagram.Local).ShouldBeTrueFor(datagram);
                if (Middlebox(datagram) is { } passed)
                {
                    Path(passed.Local, passed.Remote).Send(Now, passed.Payload.Span);
                }
            }
        }
    }

    private void Deliver()
    {
        foreach (var ((from, to), path) in _paths)
        {
            while (path.TryReceive(Now, out var bytes))
            {
                _nodes.Find(node => node.Addresses.Contains(to))?.HandleDatagram(Now, to, from, bytes);
            }
        }
    }

    private Instant? NextEvent()
    {
        Instant? next = null;
        foreach (var path in _paths.Values)
        {
            next = Instant.Earliest(next, path.NextArrival);
        }

        foreach (var node in _nodes)
        {
            next = Instant.Earliest(next, node.NextDeadline);
        }

        return next;
    }

    private SimulatedPath Path(TransportAddress from, TransportAddress to)
    {
        if (!_paths.TryGetValue((from, to), out var path))
        {
            path = new SimulatedPath((seed * 1000) + _paths.Count, minDelay, maxDelay, loss, duplication);
            _paths[(from, to)] = path;
        }

        return path;
    }
}

internal static class VirtualNetworkAssertions
{
    public static void ShouldBeTrueFor(this bool condition, Datagram datagram)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{datagram.Local} is not an address of the sender.");
        }
    }
}
