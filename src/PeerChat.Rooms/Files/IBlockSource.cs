namespace PeerChat.Rooms.Files;

/// <summary>Where blocks are read from; what it gives is checked against the CID by who asks.</summary>
public interface IBlockSource
{
    /// <summary>Gets a block; false when it is not here.</summary>
    bool TryGet(Cid cid, out ReadOnlyMemory<byte> block);
}
