using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms;

/// <summary>Where a room keeps the newer end of logs whose older part is still to come (docs/decisions/0125).</summary>
/// <remarks>Nothing of it counts as an entry of the room: it is stated to nobody, passed on to nobody, and has no arrival.</remarks>
public interface IAheadStore
{
    /// <summary>Keeps a range, as it travels; replaces one of the same room, author and first seq.</summary>
    void KeepAhead(RoomId room, AheadRange range, ReadOnlyMemory<byte> bytes);

    /// <summary>All ranges of a room, without their bytes.</summary>
    IReadOnlyList<AheadRange> ListAhead(RoomId room);

    /// <summary>The bytes of a range; null where there is none that begins there.</summary>
    byte[]? ReadAhead(RoomId room, AuthorId author, ulong first);

    /// <summary>Deletes a range; what was there is overwritten on the disk.</summary>
    void DropAhead(RoomId room, AuthorId author, ulong first);
}
