namespace PeerChat.Rooms.Files;

/// <summary>What a block links to, for who fetches ahead.</summary>
public static class BlockLinks
{
    /// <summary>The blocks that a verified block links to, in its order; none for raw bytes and for what is no node.</summary>
    public static IReadOnlyList<Cid> Of(Cid cid, ReadOnlyMemory<byte> block) =>
        cid.Codec == CidCodec.DagPb && DagNode.TryParse(block, out var node)
            ? [.. node.Links.Select(link => link.Target)]
            : [];
}
