using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Work on files that the engine asks for and others do, as it reads and writes disks and hashes gigabytes.</summary>
internal abstract record FileJob
{
    private FileJob() { }

    /// <summary>Whether it may take long, so that the blocks of others do not wait behind it.</summary>
    public bool IsLong => this is Prepare or Put;

    /// <summary>Read what lies at a path, and seal its blocks into a pack.</summary>
    /// <param name="Number">The file's number.</param>
    /// <param name="Path">Where it lies.</param>
    /// <param name="WithHidden">Whether hidden entries of folders are taken in.</param>
    /// <param name="KeepMetadata">Whether pictures keep what cameras wrote about place and time.</param>
    /// <param name="Name">What to call it; null for its own name.</param>
    /// <param name="DeleteSource">Whether what was read is PeerChat's own and goes.</param>
    /// <param name="Key">The announcement's key.</param>
    /// <param name="Store">Where the pack goes.</param>
    /// <param name="Cancellation">Ends it.</param>
    public sealed record Prepare(
        long Number,
        string Path,
        bool WithHidden,
        bool KeepMetadata,
        string? Name,
        bool DeleteSource,
        Bytes32 Key,
        BlockStore Store,
        CancellationToken Cancellation
    ) : FileJob;

    /// <summary>Check a block that came, and keep it.</summary>
    /// <param name="Number">The file's number.</param>
    /// <param name="Link">Who gave it; 0 for a node that is here and has to be opened.</param>
    /// <param name="File">The announcement.</param>
    /// <param name="Pack">Where it goes.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Cid">Its CID.</param>
    /// <param name="Bytes">Its bytes, in a rented array that goes back; empty for one that is here.</param>
    /// <param name="Ahead">Where it is put in place at once; null for nowhere.</param>
    public sealed record Take(
        long Number,
        int Link,
        FileAnnouncement File,
        BlockPack Pack,
        Bytes32 Address,
        Cid Cid,
        ReadOnlyMemory<byte> Bytes,
        PlacedAhead? Ahead
    ) : FileJob;

    /// <summary>Read blocks for somebody: the first of those, until there are enough bytes.</summary>
    /// <param name="Link">Their link.</param>
    /// <param name="Channel">The channel they go to.</param>
    /// <param name="Store">Where they lie.</param>
    /// <param name="Pack">In which pack.</param>
    /// <param name="Addresses">Their addresses.</param>
    public sealed record Give(
        int Link,
        ushort Channel,
        BlockStore Store,
        string Pack,
        IReadOnlyList<Bytes32> Addresses
    ) : FileJob;

    /// <summary>Say which blocks below a node are here.</summary>
    /// <param name="Link">Their link.</param>
    /// <param name="Channel">The channel the answer goes to.</param>
    /// <param name="Store">Where they lie.</param>
    /// <param name="File">The announcement.</param>
    /// <param name="Node">The node.</param>
    /// <param name="Cid">Its CID, as who asks gives it.</param>
    public sealed record Tell(
        int Link,
        ushort Channel,
        BlockStore Store,
        FileAnnouncement File,
        Bytes32 Node,
        Cid Cid
    ) : FileJob;

    /// <summary>Put a file that is here into a folder.</summary>
    /// <param name="Number">The file's number.</param>
    /// <param name="File">The announcement.</param>
    /// <param name="Store">Where its blocks are.</param>
    /// <param name="Folder">The folder.</param>
    /// <param name="Name">The name to give it; null for the one it was announced with.</param>
    /// <param name="WasBegun">Whether an earlier run may have done it without being able to say so.</param>
    /// <param name="Ahead">What was put there while it came; null for nothing.</param>
    /// <param name="Cancellation">Ends it.</param>
    public sealed record Put(
        long Number,
        FileAnnouncement File,
        BlockStore Store,
        string Folder,
        string? Name,
        bool WasBegun,
        PlacedAhead? Ahead,
        CancellationToken Cancellation
    ) : FileJob;

    /// <summary>Delete what was put into a folder of a file that was given up; in turn with the blocks, lest it meets those of a new attempt.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Mark">What names the unfinished tree.</param>
    /// <param name="Ahead">What was being written there; null for nothing.</param>
    public sealed record Sweep(string Folder, string Mark, PlacedAhead? Ahead) : FileJob;

    /// <summary>What names the unfinished tree of a file.</summary>
    /// <param name="pack">Its pack.</param>
    public static string MarkOf(string pack) => pack[..16];
}
