namespace PeerChat.Tui.Output;

/// <summary>An invitation, in JSON output; the room is null for a contact link, the link is there only where it was just made.</summary>
internal sealed record JsonInvitation(
    int V,
    string Type,
    string? Room,
    long Number,
    string? Link,
    int UsesLeft,
    long? ExpiresMs,
    string Role
);
