using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Tests.Files.Transfer;

/// <summary>One who fetches and any number who have some, in virtual time: each with a rate, a delay, and manners of its own.</summary>
internal sealed class Swarm
{
    private static readonly RoomId Room = new(new Bytes32(Enumerable.Repeat((byte)7, 32).ToArray()));
    private static readonly EntryId Entry = new(new Bytes32(Enumerable.Repeat((byte)9, 32).ToArray()));

    private readonly SealedFile _file;
    private readonly SortedDictionary<int, Giver> _givers = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _due = new();
    private long _order;
    private long _waiting;

    public Swarm(SealedFile file, Dictionary<Bytes32, byte[]>? kept = null, long limit = 0)
    {
        _file = file;
        Kept = kept ?? [];
        Fetch = new FileFetch(
            Room,
            Entry,
            file.Announcement,
            address => Kept.TryGetValue(address, out var block) ? block.Length : null,
            new RateLimit(limit),
            rotation: 12345,
            BlockMemory.Shared
        );
        PumpFetch();
    }

    public FileFetch Fetch { get; }

    public Dictionary<Bytes32, byte[]> Kept { get; }

    public Instant Now { get; private set; } = Instant.Origin;

    public List<(int Link, HolderFault Reason)> Dropped { get; } = [];

    public FetchFault? Failed { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>Seconds that a block takes to be kept; any number of them at once.</summary>
    public double DiskDelay { get; init; } = 0.001;

    /// <summary>Bytes of blocks that waited to be kept, at the worst moment.</summary>
    public long MostWaiting { get; private set; }

    /// <summary>Blocks that came, each time one did.</summary>
    public int Taken { get; private set; }

    /// <summary>How the file that was fetched looks to whoever reads it.</summary>
    public byte[]? Content => _file.Read(Kept);

    public long GivenBy(int link) => _givers[link].Serve.Given;

    public void Add(
        int link,
        IEnumerable<Bytes32> has,
        double rate = 10_000_000,
        double delay = 0.01,
        Func<Bytes32, byte[], byte[]>? spoil = null,
        Func<long, bool>? isSilent = null
    )
    {
        var giver = new Giver(
            has.ToHashSet(),
            rate,
            delay,
            spoil ?? ((_, block) => block),
            isSilent ?? (_ => false)
        );
        _givers.Add(link, giver);
        Fetch.AddHolder(link, Now);
        PumpFetch();
    }

    public void AddAll(int link, double rate = 10_000_000, double delay = 0.01) =>
        Add(link, _file.Blocks.Keys, rate, delay);

    public void Remove(int link)
    {
        _givers.Remove(link);
        Fetch.RemoveHolder(link, Now);
        PumpFetch();
    }

    /// <summary>Somebody who holds a part gets another block.</summary>
    public void Give(int link, Bytes32 address) => _givers[link].Has.Add(address);

    /// <summary>Something that no machine of ours would send.</summary>
    public void Inject(int link, byte[] frame)
    {
        Fetch.HandleFrame(link, frame, Now);
        PumpFetch();
    }

    public void Run(double seconds, Func<bool>? until = null)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (until?.Invoke() != true)
        {
            var next = Fetch.NextDeadline;
            if (_due.TryPeek(out _, out var key) && (next is null || key.At <= next.Value.Ticks))
            {
                if (key.At > end.Ticks)
                {
                    break;
                }

                Now = new Instant(Math.Max(Now.Ticks, key.At));
                _due.Dequeue()();
            }
            else if (next is { } deadline && deadline <= end)
            {
                Now = Instant.Max(Now, deadline);
                Fetch.HandleDeadline(Now);
                PumpFetch();
            }
            else
            {
                break;
            }
        }

        if (until is null)
        {
            Now = end;
        }
    }

    public bool RunToEnd(double seconds = 600)
    {
        Run(seconds, () => IsComplete || Failed is not null);
        return IsComplete;
    }

    private void At(double seconds, Action action) =>
        _due.Enqueue(action, ((Now + TimeSpan.FromSeconds(seconds)).Ticks, _order++));

    private void PumpFetch()
    {
        while (Fetch.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case FetchEvent.Take take:
                    _waiting += take.Bytes.Length;
                    MostWaiting = Math.Max(MostWaiting, _waiting);
                    At(DiskDelay, () => Verify(take));
                    break;
                case FetchEvent.OpenNode node:
                    At(0.0005, () => OpenNode(node));
                    break;
                case FetchEvent.HolderDropped dropped:
                    Dropped.Add((dropped.Link, dropped.Reason));
                    _givers.Remove(dropped.Link);
                    break;
                case FetchEvent.Complete:
                    IsComplete = true;
                    break;
                case FetchEvent.Failed failed:
                    Failed = failed.Reason;
                    break;
            }
        }

        foreach (var (link, giver) in _givers)
        {
            while (Fetch.TryTakeFrame(link, out var frame))
            {
                At(giver.Delay, () => Arrive(link, giver, frame));
            }
        }
    }

    private void Verify(FetchEvent.Take take)
    {
        Taken++;
        _waiting -= take.Bytes.Length;
        var bytes = take.Bytes.ToArray();
        BlockMemory.Shared.Return(take.Bytes);

        var isRight =
            SealedBlock.AddressOf(bytes) == take.Address
            & SealedBlock.TryOpen(
                _file.Announcement.Key,
                take.Cid,
                bytes,
                new byte[bytes.Length],
                out _,
                out var children
            );
        if (isRight)
        {
            Kept[take.Address] = bytes;
        }

        Fetch.HandleTaken(
            take.Link,
            take.Address,
            isRight ? BlockVerdict.Kept : BlockVerdict.Wrong,
            bytes.Length,
            children,
            Now
        );
        PumpFetch();
    }

    private void OpenNode(FetchEvent.OpenNode node)
    {
        IReadOnlyList<BlockLink> children = [];
        var isHere =
            Kept.TryGetValue(node.Address, out var bytes)
            && SealedBlock.TryOpen(
                _file.Announcement.Key,
                node.Cid,
                bytes,
                new byte[bytes.Length],
                out _,
                out children
            );
        Fetch.HandleTaken(
            0,
            node.Address,
            isHere ? BlockVerdict.Kept : BlockVerdict.Lost,
            bytes?.Length ?? 0,
            children,
            Now
        );
        PumpFetch();
    }

    private void Arrive(int link, Giver giver, byte[] frame)
    {
        if (!_givers.ContainsValue(giver))
        {
            return;
        }

        giver.Serve.HandleFrame(frame);
        PumpGiver(link, giver);
    }

    private void PumpGiver(int link, Giver giver)
    {
        while (giver.Serve.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case ServeEvent.Opened:
                    giver.Serve.SetStock(StockOf(giver));
                    break;
                case ServeEvent.Read read:
                    giver.Serve.HandleRead([.. ReadFrom(giver, read.Addresses)]);
                    break;
                case ServeEvent.Ask ask:
                    giver.Serve.HandleAnswer(ask.Node, BitsOf(giver, ask.Node, ask.Cid));
                    break;
            }
        }

        while (
            !giver.IsBusy
            && !(giver.Serve.HasPiece && giver.IsSilent(giver.Serve.Given))
            && giver.Serve.TryTakeFrame(out var frame)
        )
        {
            var bytes = frame.ToArray();
            var time = bytes.Length / giver.Rate;
            giver.IsBusy = true;
            At(
                time,
                () =>
                {
                    giver.IsBusy = false;
                    PumpGiver(link, giver);
                }
            );
            At(
                time + giver.Delay,
                () =>
                {
                    if (_givers.ContainsValue(giver))
                    {
                        Fetch.HandleFrame(link, bytes, Now);
                        PumpFetch();
                    }
                }
            );
        }
    }

    // As many as fit into what is read at once
    private IEnumerable<(Bytes32 Address, ReadOnlyMemory<byte>? Bytes)> ReadFrom(
        Giver giver,
        IReadOnlyList<Bytes32> addresses
    )
    {
        var bytes = 0;
        foreach (var address in addresses)
        {
            var block = giver.Has.Contains(address) ? (byte[])_file.Blocks[address].Clone() : null;
            bytes += block?.Length ?? 0;
            yield return (address, block is null ? null : giver.Spoil(address, block));
            if (bytes >= FileServe.ReadAhead)
            {
                yield break;
            }
        }
    }

    private FileStock StockOf(Giver giver) =>
        giver.Has.Count == 0 ? FileStock.None
        : _file.Blocks.Keys.All(giver.Has.Contains) ? FileStock.All
        : FileStock.Part;

    private byte[]? BitsOf(Giver giver, Bytes32 node, Cid cid)
    {
        if (
            !giver.Has.Contains(node)
            || !SealedBlock.TryOpen(
                _file.Announcement.Key,
                cid,
                _file.Blocks[node],
                new byte[_file.Blocks[node].Length],
                out _,
                out var children
            )
        )
        {
            return null;
        }

        var bits = new byte[(children.Count + 7) / 8];
        for (var index = 0; index < children.Count; index++)
        {
            bits[index / 8] |= giver.Has.Contains(children[index].Address)
                ? (byte)(0x80 >> (index % 8))
                : (byte)0;
        }

        return bits;
    }

    private sealed class Giver(
        HashSet<Bytes32> has,
        double rate,
        double delay,
        Func<Bytes32, byte[], byte[]> spoil,
        Func<long, bool> isSilent
    )
    {
        public HashSet<Bytes32> Has => has;

        public double Rate => rate;

        public double Delay => delay;

        public Func<Bytes32, byte[], byte[]> Spoil => spoil;

        public Func<long, bool> IsSilent => isSilent;

        public bool IsBusy { get; set; }

        public FileServe Serve { get; } = new();
    }
}
