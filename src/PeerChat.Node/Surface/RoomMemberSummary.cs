namespace PeerChat.Node;

/// <summary>A person who belongs to a private room.</summary>
/// <param name="Name">The petname or the name they chose.</param>
/// <param name="PeerId">The full id.</param>
/// <param name="ShortId">The short form, for display only.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Connected">Whether they are reachable now.</param>
/// <param name="IsSelf">Whether it is oneself.</param>
/// <param name="LooksLike">Whose name theirs looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
public sealed record RoomMemberSummary(
    string Name,
    string PeerId,
    string ShortId,
    RoomRole Role,
    bool Connected,
    bool IsSelf,
    string? LooksLike = null
);
