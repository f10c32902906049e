using PeerChat.Primitives;
using PeerChat.Rooms;

namespace PeerChat.Node.Storage;

/// <summary>An open room that the user joined.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Name">The name it was joined by.</param>
/// <param name="Secret">What the name's slow derivation gave (crypto.md section 7), so that joining again is quick.</param>
/// <param name="Joined">When it was joined first.</param>
public sealed record OpenRoom(RoomId RoomId, string Name, ReadOnlyMemory<byte> Secret, WallTime Joined);
