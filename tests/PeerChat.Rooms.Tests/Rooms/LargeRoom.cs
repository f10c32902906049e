using PeerChat.Rooms.Log;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>An open room of many peers, and a host of each that makes the links its room wants and closes those it does not need.</summary>
internal sealed class LargeRoom
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(SimulatedPeer, SimulatedPeer), int> _links = [];
    private readonly Dictionary<SimulatedPeer, int> _seen = [];
    private readonly Random _random;
    private int _slices;

    public LargeRoom(int count, int seed)
    {
        _random = new Random(seed);
        Peers = [.. Enumerable.Range(0, count).Select(i => SimulatedPeer.Open($"p{i}", (seed * 1000) + i))];
        Mesh = new SimulatedMesh(seed, [.. Peers]) { MaxDelay = TimeSpan.FromMilliseconds(40), Window = 8 };
        Mesh.OpenAll();
        Mesh.Tamper = Count;
        foreach (var peer in Peers)
        {
            peer.Room.UseOverlay(peer.Id.Value.ToArray());
        }
    }

    public IReadOnlyList<SimulatedPeer> Peers { get; }

    public HashSet<SimulatedPeer> Gone { get; } = [];

    public IEnumerable<SimulatedPeer> Alive => Peers.Where(p => !Gone.Contains(p));

    public SimulatedMesh Mesh { get; }

    /// <summary>Copies of content entries that were sent.</summary>
    public int Copies { get; set; }

    /// <summary>One after the other comes, and knows one that is there.</summary>
    public void Fill()
    {
        for (var i = 1; i < Peers.Count; i++)
        {
            Connect(Peers[i], Peers[_random.Next(i)]);
            Run(TimeSpan.FromSeconds(1));
        }

        Run(TimeSpan.FromSeconds(45));
    }

    public int LinksOf(SimulatedPeer peer) => _links.Keys.Count(l => l.Item1 == peer || l.Item2 == peer);

    public EntryId Post(SimulatedPeer by, string text) => Mesh.Post(by, text)!.Value;

    /// <summary>The peer is there no more; the others notice at once.</summary>
    public void Vanish(SimulatedPeer peer)
    {
        Gone.Add(peer);
        foreach (var pair in _links.Keys.Where(l => l.Item1 == peer || l.Item2 == peer).ToArray())
        {
            Disconnect(pair);
        }
    }

    public void Run(TimeSpan time)
    {
        for (var end = Mesh.Now + time; Mesh.Now < end; )
        {
            Mesh.Run(Slice);
            foreach (var peer in Alive)
            {
                Follow(peer);
            }

            if (++_slices % (int)(SweepInterval / Slice) == 0)
            {
                Sweep();
            }
        }
    }

    private void Follow(SimulatedPeer peer)
    {
        var from = _seen.GetValueOrDefault(peer);
        _seen[peer] = peer.Events.Count;
        foreach (var wanted in peer.Events.Skip(from).OfType<RoomEvent.LinkWanted>().ToArray())
        {
            if (Alive.FirstOrDefault(p => p.Id == wanted.Peer) is { } other)
            {
                Connect(peer, other);
            }
        }
    }

    private void Sweep()
    {
        foreach (var (pair, link) in _links.ToArray())
        {
            if (!pair.Item1.Room.NeedsLink(link) || !pair.Item2.Room.NeedsLink(link))
            {
                Disconnect(pair);
            }
        }
    }

    private void Connect(SimulatedPeer one, SimulatedPeer other)
    {
        if (!Mesh.AreConnected(one, other))
        {
            _links.Add((one, other), Mesh.Connect(one, other));
        }
    }

    private void Disconnect((SimulatedPeer One, SimulatedPeer Other) pair)
    {
        _links.Remove(pair);
        Mesh.Disconnect(pair.One, pair.Other);
    }

    private RoomFrame? Count(SimulatedPeer from, RoomFrame frame)
    {
        if (frame.IsBulk && Wire.Frame.Parser.ParseFrom(frame.Bytes.Span) is { Range: { } range })
        {
            Copies += range.Entries.Count(e => e.Header[1] == 0); // kind 0: content
        }

        return frame;
    }
}
