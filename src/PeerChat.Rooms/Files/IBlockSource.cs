namespace PeerChat.Rooms.Files;

/// <summary>Where blocks are read from; what it gives is checked against the CID by who asks, where it was not already.</summary>
public interface IBlockSource
{
    /// <summary>Gets a block; false when it is not here.</summary>
    /// <param name="cid">Which one.</param>
    /// <param name="block">What is here under that name.</param>
    /// <param name="isVerified">Whether this process has compared these bytes with that CID before.</param>
    bool TryGet(Cid cid, out ReadOnlyMemory<byte> block, out bool isVerified);
}
