namespace PeerChat.Rooms;

/// <summary>Where a message stands.</summary>
public enum RoomMessageState
{
    /// <summary>Ours, and nobody else has it yet.</summary>
    Queued,

    /// <summary>Ours, and handed to a connected peer.</summary>
    Sent,

    /// <summary>Ours, and durable at somebody else by their own signed statement.</summary>
    Delivered,

    /// <summary>Ours, and read by somebody who lets others know.</summary>
    Read,

    /// <summary>Not ours.</summary>
    Received,
}
