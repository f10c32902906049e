using Microsoft.Win32.SafeHandles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>A great file that is written beside its place while its blocks come, each when it was opened and compared with its CID.</summary>
/// <remarks>
/// So that no block is read and opened again to be put in place (decision 0149). Only what lies there decides nothing: <see cref="TargetTree"/>
/// goes through the whole tree, passes over what is here at its place, and writes the rest. Whatever fails here is left to it. Thread-safe.
/// </remarks>
/// <param name="folder">The folder that the file comes into.</param>
/// <param name="mark">Names the unfinished tree.</param>
/// <param name="file">The announcement.</param>
internal sealed class PlacedAhead(string folder, string mark, FileAnnouncement file) : IDisposable
{
    /// <summary>Bytes of a file for which it is worth it.</summary>
    public const long Worth = UncachedFile.MaxCached;

    private readonly Lock _gate = new();
    private readonly FilePlaces _places = new(file.Root, file.Size);
    private readonly Dictionary<long, (Cid Cid, int Length)> _written = [];
    private SafeFileHandle? _file;
    private UncachedFile? _uncached;
    private bool _isBegun;
    private bool _isOver;

    /// <summary>Takes a node that was compared with its CID.</summary>
    public void Learn(Cid node, ReadOnlyMemory<byte> block)
    {
        lock (_gate)
        {
            _places.Learn(node, block);
        }
    }

    /// <summary>Writes a block that was compared with its CID to wherever it lies in the file; nothing happens where that is not known.</summary>
    public void Write(Cid cid, ReadOnlyMemory<byte> block)
    {
        lock (_gate)
        {
            var places = _places.Of(cid);
            if (_isOver || places.Count == 0 || (!_isBegun && !Begin()))
            {
                return;
            }

            try
            {
                foreach (var at in places)
                {
                    if (block.Length > file.Size - at)
                    {
                        continue;
                    }

                    _written.Remove(at);
                    UncachedFile.Write(_file!, _uncached, block, at);
                    _written[at] = (cid, block.Length);
                }
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                GiveUp(); // it is tried once more when all is here, and then said
            }
        }
    }

    /// <summary>Whether a block lies at a place.</summary>
    public bool Has(long at, Cid cid, long length)
    {
        lock (_gate)
        {
            return _written.TryGetValue(at, out var here) && here == (cid, (int)length);
        }
    }

    /// <summary>Ends the writing. What is there stays for <see cref="TargetTree"/>, where it is of use to it; else it is deleted.</summary>
    /// <param name="target">Where the file is wanted now.</param>
    /// <returns>Whether it is of use.</returns>
    public bool Complete(string target)
    {
        lock (_gate)
        {
            _isOver = true;
            Close();
            if (_written.Count > 0 && Path.GetFullPath(target) == Path.GetFullPath(folder))
            {
                return true;
            }

            GiveUp();
            return false;
        }
    }

    /// <summary>Gives it up, and deletes what was written.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            GiveUp();
        }
    }

    private bool Begin()
    {
        _isBegun = true;
        try
        {
            Directory.CreateDirectory(folder);
            // Blocks and file need room; where it is short, the blocks come first
            if (new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace / 2 < file.Size)
            {
                _isOver = true;
                return false;
            }

            var path = TargetTree.Begin(folder, mark);
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            _uncached = UncachedFile.TryOpen(path, FileAccess.Write);
            return true;
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            GiveUp();
            return false;
        }
    }

    private void GiveUp()
    {
        _isOver = true;
        _written.Clear();
        Close();
        if (_isBegun)
        {
            TargetTree.Sweep(folder, mark);
        }
    }

    private void Close()
    {
        _uncached?.Dispose();
        _file?.Dispose();
        (_uncached, _file) = (null, null);
    }
}
