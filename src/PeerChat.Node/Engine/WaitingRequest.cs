using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>A first-contact request that waits for the user.</summary>
/// <param name="Request">Its name in commands.</param>
/// <param name="Link">The link it came on; it ends with it.</param>
/// <param name="Peer">Who asks; proven.</param>
/// <param name="Name">The name they chose.</param>
/// <param name="OverLink">Whether the link was there before, for a common room.</param>
/// <param name="ExpiresAt">When nobody need answer any more.</param>
/// <param name="At">When it came, by the clock on the wall.</param>
internal sealed record WaitingRequest(
    string Request,
    int Link,
    PublicIdentity Peer,
    DisplayName Name,
    bool OverLink,
    Instant ExpiresAt,
    WallTime At
);
