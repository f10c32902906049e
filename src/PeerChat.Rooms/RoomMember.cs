using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms;

/// <summary>An author that belongs to a room; a person with several devices is several.</summary>
/// <param name="Author">The author.</param>
/// <param name="Person">The identity that certified it.</param>
/// <param name="Name">The name that identity goes by.</param>
/// <param name="Role">What it may do in a private room; in others all are members.</param>
public sealed record RoomMember(
    AuthorId Author,
    PublicIdentity Person,
    DisplayName Name,
    MemberRole Role = MemberRole.Member
);
