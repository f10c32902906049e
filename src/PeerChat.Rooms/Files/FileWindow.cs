using PeerChat.Primitives;

namespace PeerChat.Rooms.Files;

/// <summary>Reads bytes from anywhere in an announced file whose blocks are here; each block is verified.</summary>
/// <param name="file">The announcement.</param>
/// <param name="read">Reads a sealed block by its address; null where it is not here.</param>
public sealed class FileWindow(FileAnnouncement file, Func<Bytes32, ReadOnlyMemory<byte>?> read)
{
    private List<(BlockLink Link, long At, long Size)>? _leaves;
    private BlockLink? _opened;
    private ReadOnlyMemory<byte> _block;

    /// <summary>The announcement.</summary>
    public FileAnnouncement File => file;

    /// <summary>Reads bytes; fewer at the end, null for a folder or where a block is missing or wrong.</summary>
    public byte[]? Read(long offset, int count)
    {
        if (file.IsFolder || (_leaves ??= FindLeaves()) is not { } leaves)
        {
            return null;
        }

        count = (int)Math.Clamp(file.Size - offset, 0, count);
        var bytes = new byte[count];
        var filled = 0;
        foreach (var (link, at, size) in leaves)
        {
            if (filled == count || at + size <= offset + filled)
            {
                continue;
            }

            if (!TryOpen(link) || _block.Length != size)
            {
                return null;
            }

            var from = (int)(offset + filled - at);
            var length = (int)Math.Min(size - from, count - filled);
            _block.Span.Slice(from, length).CopyTo(bytes.AsSpan(filled));
            filled += length;
        }

        return filled == count ? bytes : null;
    }

    private List<(BlockLink Link, long At, long Size)>? FindLeaves()
    {
        var leaves = new List<(BlockLink, long, long)>();
        var at = 0L;
        var root = new BlockLink(file.Root, file.Address, (ulong)file.Size);
        return Walk(root, file.Size, 0, leaves, ref at) && at == file.Size ? leaves : null;
    }

    private bool Walk(BlockLink link, long size, int depth, List<(BlockLink, long, long)> leaves, ref long at)
    {
        if (leaves.Count > FileLimits.MaxBlocks || depth > FileLimits.MaxFileDepth || at + size > file.Size)
        {
            return false;
        }

        if (link.Cid.Codec == CidCodec.Raw)
        {
            leaves.Add((link, at, size));
            at += size;
            return true;
        }

        if (
            !TryRead(link, out var block, out var children)
            || !DagNode.TryParse(block, out var node)
            || !UnixFsData.TryParse(node.Data, out var data)
            || data.Type is not UnixFsType.File
            || data.BlockSizes.Count != children.Count
        )
        {
            return false;
        }

        for (var index = 0; index < children.Count; index++)
        {
            // A part of no bytes would cost work without end
            if (
                data.BlockSizes[index] is 0 or > long.MaxValue
                || !Walk(children[index], (long)data.BlockSizes[index], depth + 1, leaves, ref at)
            )
            {
                return false;
            }
        }

        return true;
    }

    private bool TryRead(
        BlockLink link,
        out ReadOnlyMemory<byte> block,
        out IReadOnlyList<BlockLink> children
    )
    {
        (block, children) = (default, []);
        return read(link.Address) is { } sealedBlock
            && SealedBlock.TryOpen(
                file.Key,
                link.Cid,
                sealedBlock.Span,
                new byte[sealedBlock.Length],
                out block,
                out children
            );
    }

    private bool TryOpen(BlockLink link)
    {
        if (_opened == link)
        {
            return true;
        }

        if (!TryRead(link, out var block, out _))
        {
            return false;
        }

        (_opened, _block) = (link, block);
        return true;
    }
}
