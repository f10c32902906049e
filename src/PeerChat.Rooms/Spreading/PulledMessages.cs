using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Messages that were asked for and came, while their push is still waited for.</summary>
internal sealed class PulledMessages
{
    /// <summary>Messages at once; beyond it the tree is mended without waiting.</summary>
    public const int Capacity = 1024;

    private readonly Dictionary<Bytes32, (PeerId From, Announcement Message)> _pulled = [];
    private readonly Queue<(Bytes32 Id, Instant Due)> _order = new();

    /// <summary>When a push is no longer waited for.</summary>
    public Instant? NextDeadline => _order.TryPeek(out var next) ? next.Due : null;

    /// <summary>Notes a message that came because it was asked for.</summary>
    public void Add(PeerId from, Announcement message, Instant due)
    {
        _pulled[message.Id] = (from, message);
        _order.Enqueue((message.Id, _pulled.Count > Capacity ? default : due));
    }

    /// <summary>Its push came after all; false when it is not waited for.</summary>
    public bool Remove(Bytes32 id) => _pulled.Remove(id);

    /// <summary>A peer is gone; it cannot be grafted.</summary>
    public void RemovePeer(PeerId peer)
    {
        foreach (var (id, _) in _pulled.Where(p => p.Value.From == peer).ToArray())
        {
            _pulled.Remove(id);
        }
    }

    /// <summary>A message whose push did not come, and who gave it instead.</summary>
    public bool TryTakeDue(Instant now, out (PeerId From, Announcement Message) late)
    {
        while (_order.TryPeek(out var next) && next.Due <= now)
        {
            _order.Dequeue();
            if (_pulled.Remove(next.Id, out late))
            {
                return true;
            }
        }

        late = default;
        return false;
    }
}
