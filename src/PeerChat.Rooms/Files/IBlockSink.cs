namespace PeerChat.Rooms.Files;

/// <summary>Where the blocks of a file go while its DAG is built: children before the node that links to them.</summary>
public interface IBlockSink
{
    /// <summary>Takes a block.</summary>
    /// <param name="cid">Its CID.</param>
    /// <param name="block">Its bytes, valid during the call.</param>
    /// <param name="children">What it links to, in its order; empty for raw blocks.</param>
    void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children);
}
