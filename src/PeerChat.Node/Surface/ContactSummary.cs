namespace PeerChat.Node;

/// <summary>Somebody whose key is kept.</summary>
/// <param name="Name">The petname, or the name they chose.</param>
/// <param name="PeerId">The full id.</param>
/// <param name="ShortId">The short form, for display only.</param>
/// <param name="Trust">How far the key is known.</param>
/// <param name="Connected">Whether they are reachable now.</param>
/// <param name="FirstSeenUnixMilliseconds">When they were met, by this machine's clock.</param>
/// <param name="LastSeenUnixMilliseconds">When they were last connected, by this machine's clock.</param>
/// <param name="IsBlocked">Whether nothing more is wanted of them.</param>
/// <param name="Path">Which way packets to them go.</param>
/// <param name="RelayedBy">The member who relays; empty where none does.</param>
/// <param name="LooksLike">Whose name theirs looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
public sealed record ContactSummary(
    string Name,
    string PeerId,
    string ShortId,
    TrustState Trust,
    bool Connected,
    long FirstSeenUnixMilliseconds,
    long LastSeenUnixMilliseconds,
    bool IsBlocked = false,
    ConnectionPath Path = ConnectionPath.None,
    string RelayedBy = "",
    string? LooksLike = null
);
