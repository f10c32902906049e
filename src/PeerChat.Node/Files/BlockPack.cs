using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>The sealed blocks of one announced file: one after the other in a file, and where each lies in another.</summary>
/// <remarks>
/// Thread-safe. A block is written before its place is, so that a kill leaves at most bytes that nobody finds. What lay there before this opening
/// is hashed before it is given out for the first time: a power cut can leave places whose bytes never reached the disk.
/// Great blocks of a great file go past the system's cache, and for that begin at multiples of a page.
/// </remarks>
internal sealed class BlockPack : IDisposable
{
    /// <summary>What the file of blocks is called.</summary>
    public const string BlocksSuffix = ".blocks";

    /// <summary>What the file of places is called.</summary>
    public const string IndexSuffix = ".index";

    private const int RecordSize = Bytes32.Size + sizeof(long) + sizeof(int);
    private const int RecordsRead = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<Bytes32, Place> _places = [];
    private readonly SafeFileHandle _blocks;
    private readonly SafeFileHandle _index;
    private readonly string _path;
    private UncachedFile? _uncached;
    private bool _isUncachedKnown;
    private bool _isGreat;
    private long _end;
    private long _indexEnd;
    private bool _isClosed;

    private BlockPack(string name, string path, SafeFileHandle blocks, SafeFileHandle index)
    {
        (Name, _path, _blocks, _index) = (name, path, blocks, index);
        ReadIndex();
    }

    /// <summary>Its name in the store.</summary>
    public string Name { get; }

    /// <summary>How many blocks are here.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>The bytes it takes on the disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _end + _indexEnd;
            }
        }
    }

    /// <summary>Opens a pack, or makes one.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static BlockPack Open(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var blocks = OpenFile(path + BlocksSuffix);
        try
        {
            return new BlockPack(name, path + BlocksSuffix, blocks, OpenFile(path + IndexSuffix));
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    /// <summary>Says how great the file is that the blocks are going to be of.</summary>
    public void Expect(long bytes)
    {
        lock (_gate)
        {
            _isGreat |= bytes > UncachedFile.MaxCached;
        }
    }

    /// <summary>The size of a block that is here; null for one that is not.</summary>
    public int? SizeOf(Bytes32 address)
    {
        lock (_gate)
        {
            return _places.TryGetValue(address, out var place) ? place.Size : null;
        }
    }

    /// <summary>Whether what is sealed in a block that is here was compared with a CID since it came, in this opening.</summary>
    /// <remarks>With that very CID: whoever knows a file's key can make a block that opens as two, as AES-GCM does not commit to its key.</remarks>
    public bool IsVerified(Bytes32 address, Cid cid)
    {
        lock (_gate)
        {
            return _places.TryGetValue(address, out var place) && place.Verified == cid;
        }
    }

    /// <summary>Keeps a block whose address was checked; nothing happens where it is here.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="sealedBlock">Its bytes.</param>
    /// <param name="verified">The CID that what is sealed in it was compared with; null where it was not.</param>
    /// <exception cref="IOException">It could not be written; a full disk, mostly.</exception>
    public void Add(Bytes32 address, ReadOnlyMemory<byte> sealedBlock, Cid? verified = null)
    {
        long at;
        UncachedFile? uncached;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_places.ContainsKey(address))
            {
                return;
            }

            at = UncachedFile.AlignUp(_end);
            uncached = UncachedFor(at, sealedBlock.Length);
            at = uncached is null ? _end : at;
            _end = uncached is null ? at + sealedBlock.Length : UncachedFile.AlignUp(at + sealedBlock.Length);
        }

        if (uncached?.TryWrite(sealedBlock, at) != true)
        {
            RandomAccess.Write(_blocks, sealedBlock.Span, at);
        }

        Span<byte> record = stackalloc byte[RecordSize];
        address.CopyTo(record);
        BinaryPrimitives.WriteInt64BigEndian(record[Bytes32.Size..], at);
        BinaryPrimitives.WriteInt32BigEndian(record[(Bytes32.Size + sizeof(long))..], sealedBlock.Length);
        lock (_gate)
        {
            RandomAccess.Write(_index, record, _indexEnd);
            _indexEnd += RecordSize;
            _places[address] = new Place(
                at,
                sealedBlock.Length,
                IsChecked: true,
                sealedBlock.Length >= UncachedFile.MinPiece ? verified : null // small ones are many, and soon hashed again
            );
        }
    }

    /// <summary>Reads a block; null where it is not here, or not what it was.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="room">Gives memory of so many bytes.</param>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public ReadOnlyMemory<byte>? Read(Bytes32 address, Func<int, Memory<byte>> room)
    {
        Place place;
        UncachedFile? uncached;
        lock (_gate)
        {
            if (_isClosed || !_places.TryGetValue(address, out place))
            {
                return null;
            }

            uncached = UncachedFor(place.At, place.Size);
        }

        var bytes = room(place.Size);
        var isWhole =
            uncached?.TryRead(bytes, place.At) == true
            || RandomAccess.Read(_blocks, bytes.Span, place.At) == bytes.Length;
        if (isWhole && (place.IsChecked || SealedBlock.AddressOf(bytes.Span) == address))
        {
            if (!place.IsChecked)
            {
                lock (_gate)
                {
                    _places[address] = place with { IsChecked = true };
                }
            }

            return bytes;
        }

        Forget(address);
        return null;
    }

    /// <summary>Takes over what another opening of the same blocks has written or checked itself.</summary>
    /// <param name="earlier">That opening, under another name; it may be closed.</param>
    public void Trust(BlockPack earlier)
    {
        List<KeyValuePair<Bytes32, Place>> known;
        lock (earlier._gate)
        {
            known = [.. earlier._places.Where(pair => pair.Value.IsChecked)];
        }

        lock (_gate)
        {
            foreach (var (address, place) in known)
            {
                if (
                    _places.TryGetValue(address, out var here)
                    && (here.At, here.Size) == (place.At, place.Size)
                )
                {
                    _places[address] = place;
                }
            }
        }
    }

    /// <summary>Makes all of it durable.</summary>
    /// <exception cref="IOException">The disk is full, or worse.</exception>
    public void Flush()
    {
        RandomAccess.FlushToDisk(_blocks);
        RandomAccess.FlushToDisk(_index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        _uncached?.Dispose();
        _blocks.Dispose();
        _index.Dispose();
    }

    // Within the lock. Most packs never have one
    private UncachedFile? UncachedFor(long place, int size)
    {
        _isGreat |= _end > UncachedFile.MaxCached;
        if (!_isGreat || !UncachedFile.IsFor(place, size))
        {
            return null;
        }

        if (!_isUncachedKnown)
        {
            (_isUncachedKnown, _uncached) = (true, UncachedFile.TryOpen(_path, FileAccess.ReadWrite));
        }

        return _uncached;
    }

    private static SafeFileHandle OpenFile(string path)
    {
        using (PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete))
        {
            // private from its first moment
        }

        return File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
    }

    private void Forget(Bytes32 address)
    {
        lock (_gate)
        {
            _places.Remove(address);
        }
    }

    // A record that names what is not there, or half a record, is what a kill or a power cut left; later ones for the same block count
    private void ReadIndex()
    {
        _end = RandomAccess.GetLength(_blocks);
        var records = new byte[RecordSize * RecordsRead];
        for (int count; (count = RandomAccess.Read(_index, records, _indexEnd)) >= RecordSize; )
        {
            for (var at = 0; at + RecordSize <= count; at += RecordSize)
            {
                var record = records.AsSpan(at, RecordSize);
                var place = BinaryPrimitives.ReadInt64BigEndian(record[Bytes32.Size..]);
                var size = BinaryPrimitives.ReadInt32BigEndian(record[(Bytes32.Size + sizeof(long))..]);
                if (
                    place >= 0
                    && size is > 0 and <= FileLimits.MaxSealedBlock
                    && place <= _end - size
                    && _places.Count < FileLimits.MaxBlocks
                )
                {
                    _places[new Bytes32(record[..Bytes32.Size])] = new Place(
                        place,
                        size,
                        IsChecked: false,
                        null
                    );
                }
            }

            _indexEnd += count - (count % RecordSize);
        }
    }

    private readonly record struct Place(long At, int Size, bool IsChecked, Cid? Verified);
}
