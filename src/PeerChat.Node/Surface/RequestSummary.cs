namespace PeerChat.Node;

/// <summary>A first-contact request.</summary>
/// <param name="Request">Its name in commands.</param>
/// <param name="Name">The name they chose.</param>
/// <param name="PeerId">The full id.</param>
/// <param name="ShortId">The short form, for display only.</param>
/// <param name="State">Whether it waits or how it was answered.</param>
/// <param name="AtUnixMilliseconds">When it came or was answered, by this machine's clock.</param>
/// <param name="LooksLike">Whose name theirs looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
public sealed record RequestSummary(
    string Request,
    string Name,
    string PeerId,
    string ShortId,
    RequestState State,
    long AtUnixMilliseconds,
    string? LooksLike = null
);
