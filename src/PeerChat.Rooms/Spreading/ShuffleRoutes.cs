using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Which way shuffles came, so that their answers find back without a link of their own.</summary>
internal sealed class ShuffleRoutes
{
    /// <summary>Shuffles remembered: a minute's worth of a neighbourhood of six hops. A guess.</summary>
    public const int Capacity = 64;

    private readonly Queue<ulong> _order = new();
    private readonly Dictionary<ulong, PeerId> _from = [];

    /// <summary>Notes whence a shuffle came; false when it has been here before.</summary>
    public bool Add(ulong nonce, PeerId from)
    {
        if (!_from.TryAdd(nonce, from))
        {
            return false;
        }

        _order.Enqueue(nonce);
        if (_order.Count > Capacity)
        {
            _from.Remove(_order.Dequeue());
        }

        return true;
    }

    /// <summary>Whence it came, or null.</summary>
    public PeerId? Find(ulong nonce) => _from.TryGetValue(nonce, out var from) ? from : null;
}
