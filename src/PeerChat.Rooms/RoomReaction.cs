using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms;

/// <summary>One reaction to a message and the people who gave it.</summary>
/// <param name="Emoji">What it is, not cleaned for any terminal.</param>
/// <param name="By">Who, in the order in which they did.</param>
/// <param name="Names">What they call themselves, in the same order.</param>
public sealed record RoomReaction(string Emoji, IReadOnlyList<PeerId> By, IReadOnlyList<DisplayName> Names);
