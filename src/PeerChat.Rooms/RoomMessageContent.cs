namespace PeerChat.Rooms;

/// <summary>What could be made of a content entry.</summary>
public enum RoomMessageContent
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>No secret that opens it is here, or its author sealed nonsense.</summary>
    Unreadable,

    /// <summary>The title and topic of a private room; it is shown with the room, not as a message.</summary>
    RoomInfo,

    /// <summary>Something that a later version defines.</summary>
    NeedsNewerVersion,
}
