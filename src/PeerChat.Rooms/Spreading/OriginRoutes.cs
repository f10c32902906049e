using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>By whom each origin's messages come, and by whom they would come as quickly if that one went.</summary>
internal sealed class OriginRoutes
{
    private readonly Dictionary<Bytes32, Route> _routes = [];
    private readonly Queue<Bytes32> _order = new();

    /// <summary>Whether an origin's messages come by a neighbour that is there.</summary>
    public bool HasParent(Bytes32 origin) =>
        _routes.TryGetValue(origin, out var route) && route.Parent is not null;

    /// <summary>
    /// Whether what a neighbour announces may still come by a push. By whom an origin comes pushes what it gets, so what it announces it had
    /// before it was asked to push; and once that one has gone, nobody pushes. Waiting then would have a message come up the tree from its
    /// leaves: 10 hops for 1,000 peers instead of 8.
    /// </summary>
    public bool IsPushComing(Bytes32 origin, PeerId announcer) =>
        !_routes.TryGetValue(origin, out var route) || (route.Parent is { } parent && parent != announcer);

    /// <summary>A message came by a push.</summary>
    public void NotePush(Bytes32 origin, PeerId parent)
    {
        var route = RouteOf(origin);
        if (route.Parent != parent)
        {
            (route.Parent, route.Alternative) = (
                parent,
                route.Alternative == parent ? null : route.Alternative
            );
        }
    }

    /// <summary>Somebody else has it too, so many hops from the origin.</summary>
    public void NoteAnnounced(Bytes32 origin, PeerId from, int round)
    {
        var route = RouteOf(origin);
        if (
            route.Parent != from
            && (route.Alternative is null || route.Alternative == from || round < route.AlternativeRound)
        )
        {
            (route.Alternative, route.AlternativeRound) = (from, round);
        }
    }

    /// <summary>A peer is gone: the origins that came by it, and who else has them.</summary>
    public IReadOnlyList<(Bytes32 Origin, PeerId Alternative)> Remove(PeerId peer)
    {
        var orphans = new List<(Bytes32, PeerId)>();
        foreach (var (origin, route) in _routes)
        {
            if (route.Alternative == peer)
            {
                route.Alternative = null;
            }
            else if (route.Parent == peer)
            {
                if (route.Alternative is { } alternative)
                {
                    orphans.Add((origin, alternative));
                }

                (route.Parent, route.Alternative) = (route.Alternative, null);
            }
        }

        return orphans;
    }

    private Route RouteOf(Bytes32 origin)
    {
        if (!_routes.TryGetValue(origin, out var route))
        {
            if (_routes.Count >= OriginTrees.MaxOrigins)
            {
                _routes.Remove(_order.Dequeue());
            }

            _routes.Add(origin, route = new Route());
            _order.Enqueue(origin);
        }

        return route;
    }

    private sealed class Route
    {
        public PeerId? Parent { get; set; }

        public PeerId? Alternative { get; set; }

        public int AlternativeRound { get; set; }
    }
}
