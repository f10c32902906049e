using PeerChat.Primitives;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>A block that is known to belong to the file and is not here.</summary>
/// <param name="link">Which.</param>
/// <param name="node">The node that links to it; null for the root.</param>
/// <param name="index">Which of that node's links it is.</param>
/// <param name="depth">How many nodes lie above it.</param>
internal sealed class WantedBlock(BlockLink link, BlockLink? node, int index, int depth)
{
    /// <summary>Which.</summary>
    public BlockLink Link => link;

    /// <summary>The node that links to it; null for the root, and for what was here once.</summary>
    public BlockLink? Node => node;

    /// <summary>Which of that node's links it is.</summary>
    public int Index => index;

    /// <summary>How many nodes lie above it.</summary>
    public int Depth => depth;

    /// <summary>How many bytes it has, as far as is known: what a whole window is made of.</summary>
    public int LikelySize { get; } =
        link.Cid.Codec == CidCodec.Raw
            ? (int)Math.Min(link.TotalSize, FileLimits.ChunkSize) + SealedBlock.TagSize
            : 64 * 1024;

    /// <summary>Who was asked for it.</summary>
    public List<Holder> Givers { get; } = [];

    /// <summary>Whether its bytes are here and are being checked.</summary>
    public bool IsTaken { get; set; }

    /// <summary>When it was asked for last.</summary>
    public Instant AskedAt { get; set; }

    /// <summary>Its place among those nobody was asked for; null where somebody was.</summary>
    public LinkedListNode<WantedBlock>? Free { get; set; }
}
