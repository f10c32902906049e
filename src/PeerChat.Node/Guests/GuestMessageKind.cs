namespace PeerChat.Node.Guests;

/// <summary>What a message of a PeerJS page comes to.</summary>
internal enum GuestMessageKind
{
    /// <summary>Nothing to show, or not yet.</summary>
    Nothing,

    /// <summary>A text.</summary>
    Text,

    /// <summary>The page wants to close.</summary>
    Close,

    /// <summary>Not of its serialisation.</summary>
    Malformed,

    /// <summary>More than a chat line may have.</summary>
    TooLong,
}
