using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Which links carry pushes: one tree for all, and where that is too deep for an origin, a tree of its own.</summary>
internal sealed class OriginTrees
{
    /// <summary>Origins with a tree of their own; those that have been silent longest go back to the common one.</summary>
    public const int MaxOrigins = 256;

    private readonly Dictionary<PeerId, bool> _common = [];
    private readonly Dictionary<Bytes32, Dictionary<PeerId, bool>> _own = [];
    private readonly LinkedList<Bytes32> _order = new();

    /// <summary>The neighbours.</summary>
    public IReadOnlyCollection<PeerId> Peers => _common.Keys;

    /// <summary>How many origins have a tree of their own.</summary>
    public int OwnTrees => _own.Count;

    /// <summary>
    /// Adds a neighbour: eager, but lazy in the trees that have their shape. A fast detour would win the race once, and carry
    /// the message over more hops than it needs.
    /// </summary>
    public void Add(PeerId peer, Func<Bytes32, bool> hasShape)
    {
        if (_common.TryAdd(peer, true))
        {
            foreach (var (origin, tree) in _own)
            {
                tree[peer] = !hasShape(origin);
            }
        }
    }

    /// <summary>Takes a neighbour out of all trees.</summary>
    public void Remove(PeerId peer)
    {
        _common.Remove(peer);
        foreach (var tree in _own.Values)
        {
            tree.Remove(peer);
        }
    }

    /// <summary>Whether a peer is a neighbour.</summary>
    public bool Contains(PeerId peer) => _common.ContainsKey(peer);

    /// <summary>Whether pushes of an origin go to a neighbour.</summary>
    public bool IsEager(PeerId peer, Bytes32 origin) =>
        _own.TryGetValue(origin, out var tree) && tree.TryGetValue(peer, out var eager)
            ? eager
            : _common.GetValueOrDefault(peer);

    /// <summary>The tree that an origin's messages take: its own, or null for the common one.</summary>
    public Bytes32? ScopeOf(Bytes32 origin) => _own.ContainsKey(origin) ? origin : null;

    /// <summary>Sets whether pushes go to a neighbour, in one origin's tree or in the common one.</summary>
    public void Set(PeerId peer, Bytes32? scope, bool isEager)
    {
        if (!_common.ContainsKey(peer))
        {
            return;
        }

        if (scope is { } origin)
        {
            TreeOf(origin)[peer] = isEager;
        }
        else
        {
            _common[peer] = isEager;
        }
    }

    private Dictionary<PeerId, bool> TreeOf(Bytes32 origin)
    {
        if (!_own.TryGetValue(origin, out var tree))
        {
            if (_own.Count >= MaxOrigins)
            {
                _own.Remove(_order.First!.Value);
                _order.RemoveFirst();
            }

            _own.Add(origin, tree = []);
        }
        else
        {
            _order.Remove(origin);
        }

        _order.AddLast(origin);
        return tree;
    }
}
