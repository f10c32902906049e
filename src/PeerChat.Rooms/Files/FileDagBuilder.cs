namespace PeerChat.Rooms.Files;

/// <summary>Builds the DAG of one file as its bytes come: chunks of 1 MiB, balanced, 1,024 links a node (profile <c>unixfs-v1-2025</c>).</summary>
/// <remarks>Holds one chunk and, for each level, the links of one unfinished node: memory is flat whatever the file's size.</remarks>
public sealed class FileDagBuilder
{
    private readonly IBlockSink _sink;
    private const int FirstChunk = 16 * 1024; // most files of a folder are small

    private readonly int _chunkSize;
    private readonly int _maxLinks;
    private readonly List<Level> _levels = [];
    private byte[] _chunk;
    private int _filled;
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="sink">Where the blocks go.</param>
    public FileDagBuilder(IBlockSink sink)
        : this(sink, FileLimits.ChunkSize, FileLimits.MaxFileLinks) { }

    /// <summary>Begins a file whose tree is as deep with bytes as others are with gigabytes.</summary>
    internal FileDagBuilder(IBlockSink sink, int chunkSize, int maxLinks) =>
        (_sink, _chunkSize, _chunk, _maxLinks) = (
            sink,
            chunkSize,
            new byte[Math.Min(chunkSize, FirstChunk)],
            maxLinks
        );

    /// <summary>The bytes of the file so far.</summary>
    public long Length { get; private set; }

    /// <summary>Takes the next bytes of the file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            // A full chunk is kept until more comes: a file of exactly one chunk is that chunk.
            if (_filled == _chunkSize)
            {
                PutChunk();
            }

            var count = Math.Min(bytes.Length, _chunkSize - _filled);
            if (_filled + count > _chunk.Length)
            {
                Array.Resize(ref _chunk, Math.Min(_chunkSize, Math.Max(_filled + count, _chunk.Length * 2)));
            }

            bytes[..count].CopyTo(_chunk.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Ends the file.</summary>
    /// <returns>Its root, with the size of all its blocks; the name is empty.</returns>
    public DagLink Complete()
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _isComplete = true;
        if (_levels.Count == 0)
        {
            return PutRaw().Link;
        }

        PutChunk();
        for (var level = 0; ; level++)
        {
            var isTop = level == _levels.Count - 1;
            var parts = _levels[level];
            if (isTop && level > 0 && parts.Links.Count == 1)
            {
                return parts.Links[0];
            }

            if (parts.Links.Count > 0)
            {
                AddTo(level + 1, PutNode(parts));
            }
        }
    }

    private void PutChunk()
    {
        AddTo(0, PutRaw());
        _filled = 0;
    }

    private Part PutRaw()
    {
        var block = _chunk.AsSpan(0, _filled);
        var cid = Cid.Of(CidCodec.Raw, block);
        _sink.Put(cid, block, []);
        return new Part(new DagLink(cid, "", (ulong)_filled), (ulong)_filled);
    }

    private void AddTo(int level, Part part)
    {
        if (level == _levels.Count)
        {
            _levels.Add(new Level([], []));
        }

        var parts = _levels[level];
        if (parts.Links.Count == _maxLinks)
        {
            AddTo(level + 1, PutNode(parts));
        }

        parts.Links.Add(part.Link);
        parts.Sizes.Add(part.FileSize);
    }

    private Part PutNode(Level parts)
    {
        var (total, size) = (0UL, 0UL);
        for (var index = 0; index < parts.Links.Count; index++)
        {
            total += parts.Links[index].TotalSize;
            size += parts.Sizes[index];
        }

        var data = new UnixFsData(UnixFsType.File) { FileSize = size, BlockSizes = parts.Sizes };
        var block = new DagNode(parts.Links, data.Write()).Write();
        var cid = Cid.Of(CidCodec.DagPb, block);
        _sink.Put(cid, block, parts.Links);
        parts.Links.Clear();
        parts.Sizes.Clear();
        return new Part(new DagLink(cid, "", total + (ulong)block.Length), size);
    }

    private readonly record struct Part(DagLink Link, ulong FileSize);

    private sealed record Level(List<DagLink> Links, List<ulong> Sizes);
}
