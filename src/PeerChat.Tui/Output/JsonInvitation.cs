namespace PeerChat.Tui.Output;

/// <summary>An invitation, in JSON output; the link only where it was just made.</summary>
internal sealed record JsonInvitation(
    int V,
    string Type,
    string Room,
    long Number,
    string? Link,
    int UsesLeft,
    long? ExpiresMs
);
