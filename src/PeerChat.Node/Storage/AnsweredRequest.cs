using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>A first-contact request that was answered.</summary>
/// <param name="PeerId">Who asked.</param>
/// <param name="Request">The request's name.</param>
/// <param name="Name">The name they chose.</param>
/// <param name="Accepted">Whether it was accepted; otherwise declined.</param>
/// <param name="At">When it was answered.</param>
public sealed record AnsweredRequest(PeerId PeerId, string Request, string Name, bool Accepted, WallTime At);
