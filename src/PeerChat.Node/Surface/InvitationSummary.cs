namespace PeerChat.Node;

/// <summary>An invitation that one has given out.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Chat">The room; null for a contact link.</param>
/// <param name="UsesLeft">How many people it still admits.</param>
/// <param name="ExpiresUnixMilliseconds">When it ends; null for never.</param>
/// <param name="Role">What whom it admits may do in the room.</param>
public sealed record InvitationSummary(
    long Number,
    string? Chat,
    int UsesLeft,
    long? ExpiresUnixMilliseconds,
    RoomRole Role = RoomRole.Member
);
