namespace PeerChat.Node;

/// <summary>A person in a chat.</summary>
/// <param name="Name">The petname or the name they chose.</param>
/// <param name="PeerId">The full id, empty while not met.</param>
/// <param name="ShortId">The short form, for display only.</param>
/// <param name="Connected">Whether they are reachable now.</param>
/// <param name="IsSelf">Whether it is oneself.</param>
/// <param name="Trust">seen, pinned, introduced or verified.</param>
/// <param name="Path">Which way packets to them go.</param>
/// <param name="LooksLike">Whose name theirs looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
public sealed record ChatMember(
    string Name,
    string PeerId,
    string ShortId,
    bool Connected,
    bool IsSelf,
    TrustState Trust,
    ConnectionPath Path = ConnectionPath.None,
    string? LooksLike = null
);
