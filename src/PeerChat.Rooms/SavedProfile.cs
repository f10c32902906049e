using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms;

/// <summary>A person of whom a room's store holds a profile record.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Name">What they called themselves.</param>
/// <param name="Made">When they did: the record's counter (docs/PROTOCOL.md section 10).</param>
public sealed record SavedProfile(PublicIdentity Identity, DisplayName Name, WallTime Made)
{
    private const ulong LatestMilliseconds = (1UL << 48) - 1; // where hybrid clocks end

    /// <summary>The other one of a direct chat; null where the record is not sound, one's own, or of another room than the chat of the two.</summary>
    /// <remarks>A direct chat's id comes from a secret of the pair, so nobody else can have a record in it.</remarks>
    public static SavedProfile? OfPartner(RoomId room, OwnIdentity self, ReadOnlySpan<byte> record) =>
        ProfileRecord.TryParse(record, out var profile)
        && profile.Room == room
        && profile.Identity.PeerId != self.PeerId
        && self.PairWith(profile.Identity).DirectRoomId == room
        && profile.Verify()
            ? new SavedProfile(
                profile.Identity,
                profile.Name,
                new WallTime((long)Math.Min(profile.Counter, LatestMilliseconds))
            )
            : null;
}
