using PeerChat.Primitives;

namespace PeerChat.Rooms.Files;

/// <summary>What a node of a file links to.</summary>
/// <param name="Cid">The CID of the block.</param>
/// <param name="Address">The hash of its sealed form.</param>
/// <param name="TotalSize">The size of all blocks below, as the node claims it.</param>
public readonly record struct BlockLink(Cid Cid, Bytes32 Address, ulong TotalSize);
