using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>What a room's store keeps of the messages in its entries.</summary>
public interface IMessageStore
{
    /// <summary>Notes what has become of a payload; nothing else of the entry changes.</summary>
    void SetPayloadState(EntryId id, PayloadState state);

    /// <summary>Puts a payload into its entry, or takes it out; what was there is overwritten on the disk.</summary>
    void SetPayload(EntryId id, ReadOnlyMemory<byte> payload, PayloadState state);

    /// <summary>Content entries whose payload has come to this, in order of arrival.</summary>
    IReadOnlyList<StoredEntry> ReadByState(RoomId room, PayloadState state, long afterArrival, int maxCount);

    /// <summary>Content entries, oldest first by (order clock, id), strictly after a position where one is given, with an order clock below a limit.</summary>
    IReadOnlyList<StoredEntry> ReadOldest(
        RoomId room,
        EntryPosition? after,
        ulong beforeOrderClock,
        int maxCount
    );

    /// <summary>The epochs in which content that is here, or may still come, is sealed.</summary>
    IReadOnlySet<Bytes32> ReadEpochsInUse(RoomId room);

    /// <summary>Notes that an entry says something about another, such as an edit; known pairs do nothing.</summary>
    /// <remarks>Which entry is meant stands only inside of payloads, so it does not stand in the clear on the disk either.</remarks>
    void AddReference(EntryId target, EntryId by);

    /// <summary>The entries that say something about one, in order of arrival.</summary>
    IReadOnlyList<StoredEntry> ReadReferences(EntryId target, int maxCount);
}
