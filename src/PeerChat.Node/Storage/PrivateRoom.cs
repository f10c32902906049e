using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Storage;

/// <summary>A private room that the user made, joined, or asks to join.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Title">The title last seen.</param>
/// <param name="Link">The invitation, while the admission is asked for; otherwise empty.</param>
/// <param name="Joined">When it was made or asked for.</param>
public sealed record PrivateRoom(RoomId RoomId, string Title, string Link, WallTime Joined)
{
    /// <summary>Services at which the invitation said that the members can be met; kept when the invitation is not.</summary>
    public IReadOnlyList<ServiceHint> Services { get; init; } = [];
}
