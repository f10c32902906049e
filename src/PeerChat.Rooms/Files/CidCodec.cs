namespace PeerChat.Rooms.Files;

/// <summary>What the bytes under a CID are (multicodec table).</summary>
public enum CidCodec
{
    /// <summary>Bytes of a file, nothing around them.</summary>
    Raw = 0x55,

    /// <summary>A node with links and data (dag-pb).</summary>
    DagPb = 0x70,
}
