using PeerChat.Primitives;

namespace PeerChat.Rooms.Spreading;

/// <summary>Which tree is meant.</summary>
/// <param name="Origin">Whose messages it is about.</param>
/// <param name="IsOwn">Whether the origin has a tree of its own at the sender; otherwise it shares the common one.</param>
internal readonly record struct TreeOf(Bytes32 Origin, bool IsOwn);
