using PeerChat.Rooms.Files;

namespace PeerChat.Rooms.Tests.Files;

/// <summary>Blocks in memory, both ways.</summary>
internal sealed class BlockBag : IBlockSink, IBlockSource
{
    public Dictionary<Cid, byte[]> Blocks { get; } = [];

    public List<Cid> Order { get; } = [];

    public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children)
    {
        Order.Add(cid);
        Blocks[cid] = block.ToArray();
    }

    public bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified)
    {
        isVerified = false;
        var found = Blocks.TryGetValue(cid, out var bytes);
        block = bytes;
        return found;
    }

    public Cid Add(CidCodec codec, byte[] block)
    {
        var cid = Cid.Of(codec, block);
        Put(cid, block, []);
        return cid;
    }

    public Cid AddNode(UnixFsData data, params DagLink[] links) =>
        Add(CidCodec.DagPb, new DagNode(links, data.Write()).Write());
}
