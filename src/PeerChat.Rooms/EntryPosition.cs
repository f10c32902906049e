using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>A place in the order that all peers show: by order clock, then by id.</summary>
/// <param name="OrderClock">The entry's order clock.</param>
/// <param name="Id">The entry's id.</param>
public readonly record struct EntryPosition(ulong OrderClock, EntryId Id) : IComparable<EntryPosition>
{
    /// <inheritdoc/>
    public int CompareTo(EntryPosition other)
    {
        var order = OrderClock.CompareTo(other.OrderClock);
        return order != 0 ? order : Id.CompareTo(other.Id);
    }
}
