using System.Text;

namespace PeerChat.Rooms.Files;

/// <summary>Reads a DAG back into files, folders and symbolic links; every block is verified, nothing in it is believed.</summary>
/// <param name="source">Where the blocks come from.</param>
/// <param name="visitor">Who is told.</param>
/// <param name="maxBytes">Bytes of files that are read at most: what was announced, or what there is room for.</param>
public sealed class FileTreeReader(IBlockSource source, IFileTreeVisitor visitor, long maxBytes)
{
    private FileTreeFault? _fault;
    private int _entries;

    /// <summary>The bytes of files read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads everything under a root.</summary>
    /// <returns>Null when the whole tree was read and is sound.</returns>
    public FileTreeFault? Read(Cid root) => ReadEntry(root, "", 0) ? null : _fault;

    private bool ReadEntry(Cid cid, string name, int depth)
    {
        if (++_entries > FileLimits.MaxEntries)
        {
            return Fail(FileTreeProblem.TooMuch, cid);
        }

        if (depth > FileLimits.MaxFolderDepth)
        {
            return Fail(FileTreeProblem.TooDeep, cid);
        }

        if (cid.Codec == CidCodec.Raw)
        {
            return TryGet(cid, out var raw) && ReadRawFile(cid, name, raw);
        }

        if (!TryGetNode(cid, out var node, out var data))
        {
            return false;
        }

        switch (data.Type)
        {
            case UnixFsType.File or UnixFsType.Raw:
                return ReadFile(cid, name, node, data);
            case UnixFsType.Symlink:
                if (node.Links.Count > 0 || data.Data.Length is 0 or > FileLimits.MaxTargetBytes)
                {
                    return Fail(FileTreeProblem.Malformed, cid);
                }

                visitor.Symlink(name, data.Data.Span);
                return true;
            default:
                return ReadFolder(cid, name, node, data, depth);
        }
    }

    private bool ReadRawFile(Cid cid, string name, ReadOnlyMemory<byte> bytes)
    {
        visitor.BeginFile(name, bytes.Length);
        if (!Take(cid, bytes.Span))
        {
            return false;
        }

        visitor.EndFile();
        return true;
    }

    private bool ReadFile(Cid cid, string name, DagNode node, UnixFsData data)
    {
        var size = data.FileSize ?? (ulong)data.Data.Length;
        if (size > (ulong)maxBytes)
        {
            return Fail(FileTreeProblem.TooMuch, cid);
        }

        visitor.BeginFile(name, (long)size);
        if (!ReadPart(cid, node, data, size, 0))
        {
            return false;
        }

        visitor.EndFile();
        return true;
    }

    private bool ReadPart(Cid cid, DagNode node, UnixFsData data, ulong size, int depth)
    {
        if (depth > FileLimits.MaxFileDepth)
        {
            return Fail(FileTreeProblem.TooDeep, cid);
        }

        // A node that links holds no bytes of its own, as any that a program of today writes.
        if (
            data.BlockSizes.Count != node.Links.Count
            || (node.Links.Count > 0 && !data.Data.IsEmpty)
            || node.Links.Any(link => link.Name.Length > 0)
        )
        {
            return Fail(FileTreeProblem.Malformed, cid);
        }

        var sum = (UInt128)data.Data.Length;
        foreach (var part in data.BlockSizes)
        {
            sum += part;
        }

        if (sum != size || (data.FileSize is { } claimed && claimed != size))
        {
            return Fail(FileTreeProblem.WrongSize, cid);
        }

        if (!Take(cid, data.Data.Span))
        {
            return false;
        }

        for (var index = 0; index < node.Links.Count; index++)
        {
            if (!ReadPartBelow(node.Links[index].Target, data.BlockSizes[index], depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadPartBelow(Cid cid, ulong size, int depth)
    {
        // Else a DAG of empty parts would cost work without end, as no byte would count.
        if (size == 0)
        {
            return Fail(FileTreeProblem.WrongSize, cid);
        }

        if (cid.Codec == CidCodec.Raw)
        {
            if (
                size <= FileLimits.MaxBlock
                && (long)size <= maxBytes - BytesRead
                && visitor.TryPass(cid, (long)size)
            )
            {
                BytesRead += (long)size;
                return true;
            }

            return TryGet(cid, out var raw)
                && ((ulong)raw.Length == size || Fail(FileTreeProblem.WrongSize, cid))
                && Take(cid, raw.Span);
        }

        return TryGetNode(cid, out var node, out var data)
            && (data.Type is UnixFsType.File or UnixFsType.Raw || Fail(FileTreeProblem.Malformed, cid))
            && ReadPart(cid, node, data, size, depth);
    }

    private bool ReadFolder(Cid cid, string name, DagNode node, UnixFsData data, int depth)
    {
        var entries = new List<DagLink>();
        var isRead =
            data.Type == UnixFsType.Directory
                ? data.Data.IsEmpty && data.BlockSizes.Count == 0
                    ? Gather(entries, node.Links)
                    : Fail(FileTreeProblem.Malformed, cid)
                : GatherShard(cid, node, data, [], entries);
        if (!isRead)
        {
            return false;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (
                entry.Name.Length == 0
                || Encoding.UTF8.GetByteCount(entry.Name) > FileLimits.MaxNameBytes
                || !names.Add(entry.Name)
            )
            {
                return Fail(FileTreeProblem.BadName, cid);
            }
        }

        visitor.BeginFolder(name);
        foreach (var entry in entries)
        {
            if (!ReadEntry(entry.Target, entry.Name, depth + 1))
            {
                return false;
            }
        }

        visitor.EndFolder();
        return true;
    }

    private static bool Gather(List<DagLink> entries, IReadOnlyList<DagLink> links)
    {
        entries.AddRange(links);
        return true;
    }

    private bool GatherShard(Cid cid, DagNode node, UnixFsData data, byte[] path, List<DagLink> entries)
    {
        if (path.Length == FileLimits.MaxHamtDepth)
        {
            return Fail(FileTreeProblem.TooDeep, cid);
        }

        if (data.Type != UnixFsType.HamtShard || !HamtShard.IsSound(node, data))
        {
            return Fail(FileTreeProblem.Malformed, cid);
        }

        foreach (var link in node.Links)
        {
            byte[] below = [.. path, (byte)HamtShard.PlaceIn(link.Name)];
            if (link.Name.Length > HamtShard.PrefixLength)
            {
                var name = link.Name[HamtShard.PrefixLength..];
                if (!LiesAt(HamtShard.HashOf(name), below))
                {
                    return Fail(FileTreeProblem.Malformed, cid);
                }

                if (entries.Count + _entries >= FileLimits.MaxEntries)
                {
                    return Fail(FileTreeProblem.TooMuch, cid);
                }

                entries.Add(link with { Name = name });
            }
            else if (
                link.Target.Codec != CidCodec.DagPb
                || !TryGetNode(link.Target, out var shard, out var shardData)
                || !GatherShard(link.Target, shard, shardData, below, entries)
            )
            {
                return _fault is null ? Fail(FileTreeProblem.Malformed, link.Target) : false;
            }
        }

        return true;
    }

    private static bool LiesAt(ulong hash, ReadOnlySpan<byte> path)
    {
        for (var level = 0; level < path.Length; level++)
        {
            if (HamtShard.PlaceOf(hash, level) != path[level])
            {
                return false;
            }
        }

        return true;
    }

    private bool TryGetNode(Cid cid, out DagNode node, out UnixFsData data)
    {
        node = new DagNode([], default);
        data = new UnixFsData(UnixFsType.File);
        return TryGet(cid, out var block)
            && (
                (DagNode.TryParse(block, out node) && UnixFsData.TryParse(node.Data, out data))
                || Fail(FileTreeProblem.Malformed, cid)
            );
    }

    private bool TryGet(Cid cid, out ReadOnlyMemory<byte> block) =>
        source.TryGet(cid, out block, out var isVerified)
            ? (block.Length <= FileLimits.MaxBlock && (isVerified || cid.Names(block.Span)))
                || Fail(FileTreeProblem.WrongBlock, cid)
            : Fail(FileTreeProblem.Missing, cid);

    private bool Take(Cid cid, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > maxBytes - BytesRead)
        {
            return Fail(FileTreeProblem.TooMuch, cid);
        }

        BytesRead += bytes.Length;
        visitor.Write(bytes);
        return true;
    }

    private bool Fail(FileTreeProblem problem, Cid at)
    {
        _fault ??= new FileTreeFault(problem, at);
        return false;
    }
}
