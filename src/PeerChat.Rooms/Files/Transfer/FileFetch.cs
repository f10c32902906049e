using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Fetches one announced file from everybody who has any of it, block by block, whatever of it is here already.</summary>
/// <remarks>
/// Each holder has a channel. The root tells of the blocks below it, and so on; what is known to be missing is asked for where it is rarest, from
/// whoever has room in its window, which follows its rate. Near the end a slow holder's blocks are asked of a faster one too. Frames,
/// verdicts and time in; frames, events and one deadline out. Nothing is believed: what a holder says it has only decides whom to ask.
/// </remarks>
public sealed partial class FileFetch
{
    /// <summary>Holders at once: more make nothing faster and cost a channel each.</summary>
    public const int MaxHolders = 16;

    /// <summary>Blocks known to be missing beyond which no further node is opened: memory for a folder of any size.</summary>
    public const int MaxFrontier = 4096;

    /// <summary>Bytes that may wait for their verdict: the disk is slower than the network then.</summary>
    public const int MaxTaking = 8 * 1024 * 1024;

    /// <summary>After so long without a byte, wants are taken back and asked of others.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>So many times wants are taken back before a holder is given up.</summary>
    public const int MaxSilences = 3;

    /// <summary>How often a holder of a part is asked whether it has more by now.</summary>
    public static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(2);

    /// <summary>Nodes above a block: folders within folders, each a HAMT of all its levels, and a file at the end.</summary>
    public const int MaxDepth =
        (FileLimits.MaxFolderDepth * (FileLimits.MaxHamtDepth + 1)) + FileLimits.MaxFileDepth;

    /// <summary>Bytes of nodes of a folder without any bytes in it: a million names of 255 bytes.</summary>
    private const long MinNodeBytes = 512L * 1024 * 1024;

    private const int CandidatesLookedAt = 1024;
    private const int NodeShare = 256; // a file's nodes are less than so small a part of it

    private readonly FileAnnouncement _file;
    private readonly (RoomId Room, EntryId Entry) _id;
    private readonly Func<Bytes32, int?> _sizeOf;
    private readonly RateLimit _limit;
    private readonly uint _rotation;
    private readonly BlockMemory _buffers;
    private readonly SortedDictionary<int, Holder> _holders = [];
    private readonly Dictionary<Bytes32, WantedBlock> _wanted = [];
    private readonly LinkedList<WantedBlock> _free = new();
    private readonly Stack<(BlockLink Link, int Depth)> _nodes = new();
    private readonly HashSet<Bytes32> _seen = [];
    private readonly Dictionary<Bytes32, (BlockLink Link, int Depth)> _opening = [];
    private readonly Queue<FetchEvent> _events = new();
    private long _freeBytes;
    private long _taking;
    private long _nodeBytes;
    private int _blocks;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="room">The room in which it was announced.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="file">The announcement.</param>
    /// <param name="sizeOf">The size of a sealed block that is here; null for one that is not.</param>
    /// <param name="limit">What all fetches together may ask for.</param>
    /// <param name="rotation">
    /// Any number: where among blocks of equal rarity it begins, so that many who fetch at once soon have different ones to give.
    /// </param>
    /// <param name="buffers">Where the memory for blocks comes from; whoever takes <see cref="FetchEvent.Take"/> gives it back there.</param>
    public FileFetch(
        RoomId room,
        EntryId entry,
        FileAnnouncement file,
        Func<Bytes32, int?> sizeOf,
        RateLimit limit,
        uint rotation,
        BlockMemory buffers
    )
    {
        (_id, _file, _sizeOf, _limit) = ((room, entry), file, sizeOf, limit);
        (_rotation, _buffers) = (rotation, buffers);
        Discover(new BlockLink(file.Root, file.Address, (ulong)file.Size), null, 0, 0);
        OpenNodes();
        Check();
    }

    /// <summary>Bytes of the file that are here and verified.</summary>
    public long Done { get; private set; }

    /// <summary>Whether all of it is here.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether it was given up for good.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>Bytes a second from all holders.</summary>
    public double Rate => _holders.Values.Where(holder => holder.Wants.Count > 0).Sum(holder => holder.Rate);

    /// <summary>The links of those who give at the moment.</summary>
    public IEnumerable<int> Givers =>
        _holders.Values.Where(holder => holder.Wants.Count > 0).Select(holder => holder.Link);

    /// <summary>The links of those who have something that is missing here.</summary>
    public IEnumerable<int> Sources =>
        _holders.Values.Where(holder => holder.Stock != FileStock.None).Select(holder => holder.Link);

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            if (IsComplete || IsFailed)
            {
                return null;
            }

            Instant? earliest = _limitedUntil;
            foreach (var holder in _holders.Values)
            {
                if (holder.Wants.Count > 0)
                {
                    earliest = Instant.Earliest(earliest, holder.Progress + Silence);
                }
                else if (holder is { Stock: FileStock.Part, Asked.Count: 0 } && _free.Count > 0)
                {
                    earliest = Instant.Earliest(earliest, holder.AskAgainAt);
                }
            }

            return earliest;
        }
    }

    /// <summary>Somebody of the room may have it; a channel to them is open.</summary>
    public void AddHolder(int link, Instant now)
    {
        if (!IsComplete && !IsFailed && _holders.Count < MaxHolders && !_holders.ContainsKey(link))
        {
            var holder = new Holder(link, now);
            holder.Frames.Enqueue(new FileFrame.Open(_id.Room, _id.Entry).Write());
            _holders.Add(link, holder);
        }
    }

    /// <summary>Their channel is closed.</summary>
    public void RemoveHolder(int link, Instant now)
    {
        if (_holders.Remove(link, out var holder))
        {
            TakeBack(holder);
            Fill(now);
        }
    }

    /// <summary>Takes a frame of a holder.</summary>
    public void HandleFrame(int link, ReadOnlyMemory<byte> bytes, Instant now)
    {
        if (IsFailed || !_holders.TryGetValue(link, out var holder))
        {
            return;
        }

        if (
            !FileFrame.TryParse(bytes, out var frame)
            || !(
                frame switch
                {
                    FileFrame.Status status => TakeStatus(holder, status.Stock),
                    FileFrame.Held held => TakeHeld(holder, held),
                    FileFrame.Missing missing => TakeMissing(holder, missing, now),
                    FileFrame.Piece piece => TakePiece(holder, piece, now),
                    _ => false,
                }
            )
        )
        {
            Drop(holder, HolderFault.Misbehaved, now);
        }

        Fill(now);
    }

    /// <summary>Lets time pass.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var holder in _holders.Values.ToList())
        {
            if (holder.Wants.Count > 0 && holder.Progress + Silence <= now)
            {
                if (++holder.Silences >= MaxSilences)
                {
                    Drop(holder, HolderFault.Silent, now);
                }
                else
                {
                    Cancel(holder, [.. holder.Wants]);
                    TakeBack(holder);
                    holder.Progress = now;
                }
            }
            else if (
                holder is { Stock: FileStock.Part, Wants.Count: 0, Asked.Count: 0 }
                && holder.AskAgainAt <= now
            )
            {
                AskAll(holder);
                holder.AskAgainAt = now + AskInterval;
            }
        }

        Fill(now);
    }

    /// <summary>Answers <see cref="FetchEvent.Take"/> and <see cref="FetchEvent.OpenNode"/>.</summary>
    /// <param name="link">Who gave the block; 0 for one that was here.</param>
    /// <param name="address">The block.</param>
    /// <param name="verdict">What became of it.</param>
    /// <param name="size">Its sealed size.</param>
    /// <param name="children">What it links to.</param>
    /// <param name="now">The time.</param>
    public void HandleTaken(
        int link,
        Bytes32 address,
        BlockVerdict verdict,
        int size,
        IReadOnlyList<BlockLink> children,
        Instant now
    )
    {
        if (IsComplete || IsFailed)
        {
            return;
        }

        if (link == 0)
        {
            HandleOpened(address, verdict, children);
        }
        else if (_wanted.TryGetValue(address, out var want) && want.IsTaken)
        {
            _taking -= size;
            want.IsTaken = false;
            if (verdict == BlockVerdict.Kept)
            {
                _wanted.Remove(address);
                CancelOthers(want);
                if (Count(want.Link.Cid, size) && want.Link.Cid.Codec == CidCodec.DagPb)
                {
                    Open(want.Link, want.Depth, children);
                }
            }
            else
            {
                SetFree(want);
                if (_holders.TryGetValue(link, out var holder) && verdict == BlockVerdict.Wrong)
                {
                    Drop(holder, HolderFault.WrongBlock, now);
                }
            }
        }

        OpenNodes();
        Check();
        Fill(now);
    }

    /// <summary>Takes the next frame for a holder.</summary>
    public bool TryTakeFrame(int link, [NotNullWhen(true)] out byte[]? frame)
    {
        frame = null;
        return _holders.TryGetValue(link, out var holder) && holder.Frames.TryDequeue(out frame);
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out FetchEvent? happened) =>
        _events.TryDequeue(out happened);

    private void HandleOpened(Bytes32 address, BlockVerdict verdict, IReadOnlyList<BlockLink> children)
    {
        if (!_opening.Remove(address, out var opened))
        {
            return;
        }

        if (verdict == BlockVerdict.Kept)
        {
            Open(opened.Link, opened.Depth, children);
        }
        else
        {
            _seen.Remove(address);
            var want = new WantedBlock(opened.Link, null, 0, opened.Depth);
            _wanted[address] = want;
            SetFree(want);
        }
    }

    /// <summary>A block belongs to the file.</summary>
    private void Discover(BlockLink link, BlockLink? node, int index, int depth)
    {
        if (_wanted.ContainsKey(link.Address) || _seen.Contains(link.Address))
        {
            return;
        }

        if (depth > MaxDepth)
        {
            Fail(FetchFault.TooDeep);
            return;
        }

        if (_sizeOf(link.Address) is not { } size)
        {
            var want = new WantedBlock(link, node, index, depth);
            _wanted.Add(link.Address, want);
            SetFree(want);
        }
        else if (link.Cid.Codec == CidCodec.DagPb)
        {
            _seen.Add(link.Address);
            if (Count(link.Cid, size))
            {
                _nodes.Push((link, depth));
            }
        }
        else
        {
            Count(link.Cid, size);
        }
    }

    private void Open(BlockLink node, int depth, IReadOnlyList<BlockLink> children)
    {
        _seen.Add(node.Address);
        if (children.Count == 0)
        {
            return;
        }

        // Those who have a part are asked which of these they have
        foreach (var holder in _holders.Values.Where(holder => holder.Stock == FileStock.Part))
        {
            holder.ToAsk.Enqueue(node);
            Ask(holder);
        }

        var first = (int)(_rotation % (uint)children.Count);
        var counted = new HashSet<Bytes32>(); // a block that is here counts once however often the node names it
        for (var at = 0; at < children.Count && !IsFailed; at++)
        {
            var index = (first + at) % children.Count;
            if (counted.Add(children[index].Address))
            {
                Discover(children[index], node, index, depth + 1);
            }
        }
    }

    private void OpenNodes()
    {
        while (_opening.Count == 0 && _wanted.Count < MaxFrontier && _nodes.TryPop(out var next))
        {
            _opening.Add(next.Link.Address, next);
            _events.Enqueue(new FetchEvent.OpenNode(next.Link.Address, next.Link.Cid));
        }
    }

    /// <summary>A block is here: its bytes must fit into what was announced.</summary>
    private bool Count(Cid cid, int size)
    {
        if (cid.Codec == CidCodec.Raw)
        {
            Done += size - SealedBlock.TagSize;
        }
        else
        {
            _nodeBytes += size;
        }

        if (
            ++_blocks > FileLimits.MaxBlocks
            || _nodeBytes > MinNodeBytes + (_file.Size / NodeShare)
            || Done > _file.Size
        )
        {
            Fail(FetchFault.TooMuch);
            return false;
        }

        return true;
    }

    private void Check()
    {
        if (!IsFailed && !IsComplete && _wanted.Count == 0 && _nodes.Count == 0 && _opening.Count == 0)
        {
            (IsComplete, Done) = (true, _file.Size);
            foreach (var holder in _holders.Values)
            {
                holder.Frames.Enqueue(new FileFrame.Status(FileStock.All).Write());
            }

            _events.Enqueue(new FetchEvent.Complete());
        }
    }

    private void Fail(FetchFault reason)
    {
        if (!IsFailed)
        {
            IsFailed = true;
            _events.Enqueue(new FetchEvent.Failed(reason));
        }
    }
}
