using PeerChat.Primitives;

namespace PeerChat.Rooms.Spreading;

/// <summary>A message that a peer has and did not push (Plumtree: IHAVE).</summary>
/// <param name="Id">The message.</param>
/// <param name="Origin">Its author.</param>
/// <param name="Round">The hops it would have made if it had been pushed.</param>
internal readonly record struct Announcement(Bytes32 Id, Bytes32 Origin, int Round);
