using System.Text;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>Writes a verified tree beside its place, and moves it there as a whole when all of it is durable.</summary>
/// <remarks>
/// Names come from somebody else: each is made harmless, none leaves its folder, nothing that is there is written over, and no file
/// is executable. Symbolic links are made last, so that nothing is ever written through one, and only those that stay within the tree.
/// </remarks>
internal sealed class TargetTree : IFileTreeVisitor, IDisposable
{
    private const string RootName = "tree";
    private const int MaxNumber = 10_000; // names tried beside one that is taken

    private readonly string _folder;
    private readonly string _unfinished;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _cancellation;
    private readonly PlacedAhead? _ahead;
    private readonly Stack<string> _path = new();
    private readonly List<(string Path, int Depth, string Target)> _links = [];
    private WriteBehind? _file;
    private bool _isFolder;
    private bool _isComplete;
    private int _files;
    private int _renamed;
    private int _linksLeftOut;

    /// <summary>Begins a tree.</summary>
    /// <param name="folder">The folder that it comes into; made if it is not there.</param>
    /// <param name="meter">Is told of each piece.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="mark">Names the unfinished tree, so that one that a killed run left is begun anew; null for any name.</param>
    /// <param name="ahead">What was written of a single file while it came, in the same folder under the same mark, and is complete now.</param>
    /// <exception cref="FileException">The folder may not be written.</exception>
    public TargetTree(
        string folder,
        ProgressMeter meter,
        CancellationToken cancellation,
        string? mark = null,
        PlacedAhead? ahead = null
    )
    {
        (_folder, _meter, _cancellation) = (Path.GetFullPath(folder), meter, cancellation);
        var name = mark ?? Path.GetRandomFileName();
        _unfinished = UnfinishedOf(_folder, name);
        _ahead = ahead;
        if (ahead is not null)
        {
            return;
        }

        try
        {
            Begin(_folder, name);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw FileException.Writing(failed, _folder);
        }
    }

    /// <summary>Makes the folder of an unfinished tree, empty; what a killed run left there goes.</summary>
    /// <param name="folder">The folder that the tree comes into; made if it is not there.</param>
    /// <param name="mark">Its mark.</param>
    /// <returns>Where its root is written.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static string Begin(string folder, string mark)
    {
        var unfinished = UnfinishedOf(folder, mark);
        Directory.CreateDirectory(folder);
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        PrivateFile.CreateFolder(unfinished);
        return Path.Combine(unfinished, RootName);
    }

    /// <summary>Deletes an unfinished tree that nobody goes on with, where there is one.</summary>
    public static void Sweep(string folder, string mark)
    {
        try
        {
            Directory.Delete(UnfinishedOf(folder, mark), recursive: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // none there, or nothing that can be done about it
        }
    }

    /// <inheritdoc/>
    public void BeginFolder(string name)
    {
        _isFolder |= _path.Count == 0;
        var path = NewPath(name);
        Directory.CreateDirectory(path);
        _path.Push(path);
    }

    /// <inheritdoc/>
    public void EndFolder()
    {
        var path = _path.Pop();
        if (!FlushesAtTheEnd)
        {
            FolderFlush.Flush(path);
        }
    }

    /// <inheritdoc/>
    public void BeginFile(string name, long size)
    {
        _meter.Begin(name);
        _file = new WriteBehind(NewPath(name), size, goesOn: _ahead is not null);
    }

    /// <inheritdoc/>
    public bool TryPass(Cid cid, long size)
    {
        if (_ahead?.Has(_file!.Position, cid, size) != true)
        {
            return false;
        }

        _cancellation.ThrowIfCancellationRequested();
        _file.Skip(size);
        _meter.Add((int)size);
        return true;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _cancellation.ThrowIfCancellationRequested();
        _file!.Write(bytes);
        _meter.Add(bytes.Length);
    }

    /// <inheritdoc/>
    public void EndFile()
    {
        _file!.Complete(isDurable: !FlushesAtTheEnd);
        _file.Dispose();
        _file = null;
        _files++;
    }

    /// <inheritdoc/>
    public void Symlink(string name, ReadOnlySpan<byte> target)
    {
        // A link by itself leads somewhere on whose machine it was made
        if (_path.Count == 0 || OperatingSystem.IsWindows() || !System.Text.Unicode.Utf8.IsValid(target))
        {
            _linksLeftOut++;
            return;
        }

        _links.Add(
            (Path.Combine(_path.Peek(), SafeName.Of(name)), _path.Count - 1, Encoding.UTF8.GetString(target))
        );
    }

    // A folder of thousands of files would wait for the disk as often
    private bool FlushesAtTheEnd => _isFolder && FolderFlush.CanFlushAll;

    /// <summary>Moves the whole tree to its place.</summary>
    /// <param name="name">The name it is to have; another one beside it where that is taken.</param>
    /// <param name="root">Its root, for the report.</param>
    public PlacedTree Complete(string name, Cid root)
    {
        foreach (var (path, depth, target) in _links)
        {
            MakeLink(path, depth, target);
        }

        var tree = Path.Combine(_unfinished, RootName);
        if (!Path.Exists(tree))
        {
            throw new FileException(
                FileFailure.Damaged,
                "There is nothing but a symbolic link, which leads nowhere here; nothing was put in place."
            );
        }

        if (FlushesAtTheEnd)
        {
            FolderFlush.FlushAll(_unfinished);
        }

        var placed = Place(tree, SafeName.Of(name));
        _isComplete = true;
        FolderFlush.Flush(_folder);
        Directory.Delete(_unfinished, recursive: true);
        return new PlacedTree(
            root.ToString(),
            placed,
            _isFolder,
            _meter.Done,
            _files,
            _renamed,
            _linksLeftOut
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        if (!_isComplete && Directory.Exists(_unfinished))
        {
            Directory.Delete(_unfinished, recursive: true);
        }
    }

    /// <summary>Whether a link that lies so many folders deep stays within the tree, whatever other links there are.</summary>
    /// <remarks>
    /// Ways up only come first: after the name of a folder, which may be a link itself, <c>..</c> leads from where that one points.
    /// </remarks>
    internal static bool StaysWithin(string target, int depth)
    {
        if (target.Length == 0 || target[0] == '/' || target.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        var isBelow = false;
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
            {
                if (isBelow || --depth < 0)
                {
                    return false;
                }
            }
            else if (part is not ("" or "."))
            {
                isBelow = true;
            }
        }

        return true;
    }

    private static string UnfinishedOf(string folder, string mark) =>
        Path.Combine(folder, ".peerchat-" + mark + ".part");

    private void MakeLink(string path, int depth, string target)
    {
        if (!StaysWithin(target, depth) || Path.Exists(path))
        {
            _linksLeftOut++;
            return;
        }

        File.CreateSymbolicLink(path, target);
    }

    private string NewPath(string name)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_path.Count == 0)
        {
            return Path.Combine(_unfinished, RootName);
        }

        var safe = SafeName.Of(name);
        var path = Path.Combine(_path.Peek(), safe);
        for (var number = 2; Path.Exists(path) && number < MaxNumber; number++)
        {
            path = Path.Combine(_path.Peek(), SafeName.Numbered(safe, number)); // two names were made one, or the disk folds case
        }

        _renamed += Path.GetFileName(path) == name ? 0 : 1;
        return path;
    }

    private string Place(string tree, string name)
    {
        for (var number = 1; number < MaxNumber; number++)
        {
            var path = Path.Combine(_folder, number == 1 ? name : SafeName.Numbered(name, number));
            if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                continue;
            }

            try
            {
                if (_isFolder)
                {
                    Directory.Move(tree, path);
                }
                else
                {
                    File.Move(tree, path, overwrite: false);
                }

                return path;
            }
            catch (IOException) when (Path.Exists(path))
            {
                // somebody else took the name a moment before
            }
        }

        throw new FileException(
            FileFailure.Exists,
            $"{name} and {MaxNumber:N0} names beside it are taken in {_folder}; choose another folder with --into."
        );
    }
}
