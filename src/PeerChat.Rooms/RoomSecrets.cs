namespace PeerChat.Rooms;

/// <summary>What of a room's secrets belongs to one installation alone.</summary>
public static class RoomSecrets
{
    /// <summary>
    /// The names of an author's secrets in the store: its signing key, and the leaf keys that others wrap to. They never move to another
    /// installation (crypto.md section 1); without them the room makes a new author when it is opened next.
    /// </summary>
    public static IReadOnlyList<string> OfAuthor(RoomId room) =>
        [RoomState.SecretNameOf(room, "author"), RoomState.SecretNameOf(room, "leaf")];
}
