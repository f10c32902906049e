namespace PeerChat.Rooms.Files;

/// <summary>Makes the nodes of folders and symbolic links (profile <c>unixfs-v1-2025</c>).</summary>
/// <param name="sink">Where the blocks go.</param>
public sealed class FolderDag(IBlockSink sink)
{
    private static readonly byte[] DirectoryData = new UnixFsData(UnixFsType.Directory).Write();

    /// <summary>Makes a folder of its entries: one node, or a HAMT where that would be greater than 256 KiB.</summary>
    /// <param name="entries">Its entries, in any order.</param>
    /// <param name="root">The folder, with the size of all its blocks; the name is empty.</param>
    /// <returns>False where two entries have one name, or so many names have one hash that a HAMT cannot hold them.</returns>
    public bool TryPut(IReadOnlyList<DagLink> entries, out DagLink root)
    {
        root = default;
        var sorted = entries.ToList();
        sorted.Sort((left, right) => DagNode.CompareNames(left.Name, right.Name));
        for (var index = 1; index < sorted.Count; index++)
        {
            if (sorted[index].Name == sorted[index - 1].Name)
            {
                return false;
            }
        }

        var size = 2L + DirectoryData.Length; // field and length of the data
        foreach (var entry in sorted)
        {
            size += DagNode.SizeOf(entry);
        }

        if (size <= FileLimits.HamtThreshold)
        {
            root = Put(new DagNode(sorted, DirectoryData));
            return true;
        }

        return TryPutShard(
            [.. sorted.Select(entry => new Placed(HamtShard.HashOf(entry.Name), entry))],
            0,
            out root
        );
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Where it points, in UTF-8.</param>
    public DagLink PutSymlink(ReadOnlyMemory<byte> target) =>
        Put(new DagNode([], new UnixFsData(UnixFsType.Symlink) { Data = target }.Write()));

    private bool TryPutShard(List<Placed> entries, int level, out DagLink root)
    {
        root = default;
        if (level == FileLimits.MaxHamtDepth)
        {
            return false;
        }

        var links = new List<DagLink>();
        foreach (
            var place in entries
                .GroupBy(entry => HamtShard.PlaceOf(entry.Hash, level))
                .OrderBy(place => place.Key)
        )
        {
            var prefix = HamtShard.Prefix(place.Key);
            var here = place.ToList();
            if (here.Count == 1)
            {
                links.Add(here[0].Entry with { Name = prefix + here[0].Entry.Name });
            }
            else if (TryPutShard(here, level + 1, out var below))
            {
                links.Add(below with { Name = prefix });
            }
            else
            {
                return false;
            }
        }

        root = Put(HamtShard.Write(links));
        return true;
    }

    private DagLink Put(DagNode node)
    {
        var block = node.Write();
        var cid = Cid.Of(CidCodec.DagPb, block);
        sink.Put(cid, block, node.Links);
        var total = (ulong)block.Length;
        foreach (var link in node.Links)
        {
            total += link.TotalSize;
        }

        return new DagLink(cid, "", total);
    }

    private readonly record struct Placed(ulong Hash, DagLink Entry);
}
