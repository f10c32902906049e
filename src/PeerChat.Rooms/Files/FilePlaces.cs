namespace PeerChat.Rooms.Files;

/// <summary>Where in a file its blocks lie, as far as the nodes say that came: so that a block can be put in place before all of them are here.</summary>
/// <remarks>
/// What it says is a hint: <see cref="FileTreeReader"/> decides, when all nodes are here, what lies where. A hostile DAG makes it say nothing
/// worse than places within the announced size. For one thread.
/// </remarks>
/// <param name="root">The root.</param>
/// <param name="size">The announced bytes.</param>
public sealed class FilePlaces(Cid root, long size)
{
    private readonly Dictionary<Cid, HashSet<long>> _starts = new() { [root] = [0] };
    private long _room = MaxPlaces(size);

    /// <summary>The most places that are kept, whatever is announced: those of 128 GiB, which take some 20 MB.</summary>
    public const int MostPlaces = 128 * 1024;

    /// <summary>
    /// The places that are kept of a file, as a small DAG can name one block at every place of terabytes: twice as many as there are chunks, and a node's
    /// more, which is enough for any file that was made under the profile.
    /// </summary>
    public static long MaxPlaces(long size) =>
        Math.Min((2 * (size / FileLimits.ChunkSize)) + FileLimits.MaxFileLinks, MostPlaces);

    /// <summary>Takes a node that was compared with its CID.</summary>
    public void Learn(Cid node, ReadOnlyMemory<byte> block)
    {
        if (
            !_starts.TryGetValue(node, out var starts)
            || !DagNode.TryParse(block, out var parsed)
            || !UnixFsData.TryParse(parsed.Data, out var data)
            || data.Type is not (UnixFsType.File or UnixFsType.Raw)
            || data.BlockSizes.Count != parsed.Links.Count
        )
        {
            return;
        }

        foreach (var start in starts.ToList()) // no node can name itself, but nothing here relies on that
        {
            var at = start;
            for (var index = 0; index < parsed.Links.Count; index++)
            {
                var part = data.BlockSizes[index];
                if (part == 0 || part > (ulong)(size - at) || _room == 0)
                {
                    break;
                }

                if (!_starts.TryGetValue(parsed.Links[index].Target, out var places))
                {
                    _starts[parsed.Links[index].Target] = places = [];
                }

                _room -= places.Add(at) ? 1 : 0;
                at += (long)part;
            }
        }
    }

    /// <summary>The bytes before a block, at each place where it lies; none where that is not known.</summary>
    public IReadOnlyCollection<long> Of(Cid block) => _starts.GetValueOrDefault(block) ?? [];
}
