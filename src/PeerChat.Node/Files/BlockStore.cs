using PeerChat.Node.Profiles;

namespace PeerChat.Node.Files;

/// <summary>The packs of a profile, in a folder of their own beside the database.</summary>
/// <remarks>
/// A pack is named by the address of its root, which is the hash of a ciphertext: the folder tells a thief sizes and nothing else. The
/// list of files with their keys lies sealed in the database.
/// </remarks>
internal sealed class BlockStore : IDisposable
{
    /// <summary>Packs held open that nobody fetches into; each has two file handles and some 80 bytes a block.</summary>
    public const int MaxIdle = 16;

    /// <summary>What packs are called while they are made.</summary>
    public const string UnfinishedPrefix = "new-";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BlockPack> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _recent = new();

    /// <summary>Takes up what is in a folder; what was not finished is deleted.</summary>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public BlockStore(string folder)
    {
        Folder = folder;
        PrivateFile.CreateFolder(folder);
        foreach (var path in Directory.EnumerateFiles(folder, UnfinishedPrefix + "*"))
        {
            File.Delete(path);
        }
    }

    /// <summary>Where they lie.</summary>
    public string Folder { get; }

    /// <summary>The names of all packs, with the bytes each takes.</summary>
    public IReadOnlyDictionary<string, long> List()
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles())
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            sizes[name] = sizes.GetValueOrDefault(name) + file.Length;
        }

        return sizes;
    }

    /// <summary>Whether there is a pack of that name.</summary>
    public bool Exists(string name)
    {
        lock (_gate)
        {
            return _open.ContainsKey(name) || File.Exists(PathOf(name) + BlockPack.IndexSuffix);
        }
    }

    /// <summary>The pack of that name; made where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public BlockPack Get(string name)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(name, out var pack))
            {
                pack = BlockPack.Open(Folder, name);
                _open.Add(name, pack);
            }

            _recent.Remove(name);
            _recent.AddFirst(name);
            for (var last = _recent.Last; last is not null && _open.Count > MaxIdle; )
            {
                var (candidate, before) = (last.Value, last.Previous);
                if (candidate != name && _uses.GetValueOrDefault(candidate) == 0)
                {
                    Close(candidate);
                }

                last = before;
            }

            return pack;
        }
    }

    /// <summary>The same, and it stays open until <see cref="Release"/>.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public BlockPack Use(string name)
    {
        lock (_gate)
        {
            var pack = Get(name);
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
            return pack;
        }
    }

    /// <summary>Gives a pack free.</summary>
    public void Release(string name)
    {
        lock (_gate)
        {
            if (_uses.GetValueOrDefault(name) is > 1 and var uses)
            {
                _uses[name] = uses - 1;
            }
            else
            {
                _uses.Remove(name);
            }
        }
    }

    /// <summary>Gives a pack that was being made its name; one that is there already is replaced.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void Finish(string unfinished, string name)
    {
        lock (_gate)
        {
            var written = _open.GetValueOrDefault(unfinished);
            Close(unfinished);
            Close(name);
            File.Move(
                PathOf(unfinished) + BlockPack.BlocksSuffix,
                PathOf(name) + BlockPack.BlocksSuffix,
                overwrite: true
            );
            File.Move(
                PathOf(unfinished) + BlockPack.IndexSuffix,
                PathOf(name) + BlockPack.IndexSuffix,
                overwrite: true
            );
            FolderFlush.Flush(Folder);
            if (written is not null)
            {
                Get(name).Trust(written); // else all of it would be hashed again for the first who fetches it
            }
        }
    }

    /// <summary>Deletes a pack; nothing happens where there is none.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void Delete(string name)
    {
        lock (_gate)
        {
            Close(name);
            _uses.Remove(name);
            File.Delete(PathOf(name) + BlockPack.IndexSuffix);
            File.Delete(PathOf(name) + BlockPack.BlocksSuffix);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var pack in _open.Values)
            {
                pack.Dispose();
            }

            _open.Clear();
            _recent.Clear();
        }
    }

    private string PathOf(string name) => Path.Combine(Folder, name);

    private void Close(string name)
    {
        if (_open.Remove(name, out var pack))
        {
            pack.Dispose();
        }

        _recent.Remove(name);
    }
}
