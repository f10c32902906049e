namespace PeerChat.Rooms;

/// <summary>What could be made of a content entry.</summary>
public enum RoomMessageContent
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A file or folder; the text is its name.</summary>
    File,

    /// <summary>No secret that opens it is here, or its author sealed nonsense.</summary>
    Unreadable,

    /// <summary>Something that a later version defines; the text is what its author wants shown instead, or empty.</summary>
    NeedsNewerVersion,

    /// <summary>Its author took it back.</summary>
    Recalled,

    /// <summary>Only the header is here: whoever had the content was not met yet, or nobody has it any more.</summary>
    Missing,

    /// <summary>Deleted here, because the room keeps nothing that old.</summary>
    Expired,
}
