using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Somebody in a room, and where they may be found.</summary>
/// <param name="Id">Who.</param>
/// <param name="Contact">What the host needs to reach them; opaque here, hostile there; may be empty.</param>
internal readonly record struct OverlayPeer(PeerId Id, ReadOnlyMemory<byte> Contact);
