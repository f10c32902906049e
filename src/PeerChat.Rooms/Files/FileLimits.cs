namespace PeerChat.Rooms.Files;

/// <summary>The limits on files; each is what a peer, a CAR or a folder can make us keep or do.</summary>
public static class FileLimits
{
    /// <summary>Bytes of a file in one block (profile <c>unixfs-v1-2025</c>): 1 MiB.</summary>
    public const int ChunkSize = 1024 * 1024;

    /// <summary>Links of one node of a file (same profile).</summary>
    public const int MaxFileLinks = 1024;

    /// <summary>A folder whose node would be greater than this becomes a HAMT (same profile, block bytes): 256 KiB.</summary>
    public const int HamtThreshold = 256 * 1024;

    /// <summary>The greatest block that is read: what IPFS implementations pass on at most, 2 MiB.</summary>
    public const int MaxBlock = 2 * 1024 * 1024;

    /// <summary>Links of one node: more than fit into the greatest folder's node with names of one byte.</summary>
    public const int MaxLinks = 65_536;

    /// <summary>Bytes of a name within a folder: what the file systems of all platforms take at least.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Bytes of where a symbolic link points: PATH_MAX of Linux.</summary>
    public const int MaxTargetBytes = 4096;

    /// <summary>Levels of nodes below a file's root: 1,024^4 MiB are more than 2^63 bytes.</summary>
    public const int MaxFileDepth = 6;

    /// <summary>Folders within folders; deeper than anybody keeps, shallower than a stack.</summary>
    public const int MaxFolderDepth = 128;

    /// <summary>Entries of a whole tree of folders: a shared sub-tree counts as often as it is met, so a small DAG is no bomb.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>Levels of a HAMT: the hash has eight bytes, one a level.</summary>
    public const int MaxHamtDepth = 8;

    /// <summary>Blocks of one file or folder that a node keeps track of: 8 TiB in whole chunks.</summary>
    public const int MaxBlocks = 8 * 1024 * 1024;

    /// <summary>The greatest sealed block: the greatest node, the addresses of as many children, and the seal.</summary>
    public const int MaxSealedBlock = MaxBlock + (MaxLinks * 32) + SealedBlock.Overhead;
}
