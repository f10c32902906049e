using PeerChat.Primitives;
using PeerChat.Rooms;

namespace PeerChat.Node.Storage;

/// <summary>An invitation that one has given out.</summary>
/// <param name="Number">Its number, 1, 2, …; never used again.</param>
/// <param name="RoomId">The room; zeros for a contact link.</param>
/// <param name="Secret">The link's secret, 32 bytes.</param>
/// <param name="Expires">When it ends; null for never.</param>
/// <param name="UsesLeft">How many people it still admits.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Role">What whom it admits may do in the room.</param>
public sealed record Invitation(
    long Number,
    RoomId RoomId,
    ReadOnlyMemory<byte> Secret,
    WallTime? Expires,
    int UsesLeft,
    WallTime Created,
    MemberRole Role = MemberRole.Member
)
{
    /// <summary>Whether it is a contact link, which leads to oneself and to no room.</summary>
    public bool IsForContact => RoomId == default;

    /// <summary>Whether it admits anybody now.</summary>
    public bool IsOpen(WallTime now) => UsesLeft > 0 && !(Expires?.UnixMilliseconds <= now.UnixMilliseconds);
}
