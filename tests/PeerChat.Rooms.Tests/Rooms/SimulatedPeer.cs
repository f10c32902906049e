using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Sync;
using PeerChat.TestKit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>One installation in a simulated room: identity, disk, and the room while it runs.</summary>
internal sealed class SimulatedPeer(string name, int seed, Func<SimulatedPeer, WallTime, Room> open)
{
    private Room? _room;

    public string Name { get; } = name;

    public SeededKeySource Keys { get; } = new(seed);

    public SeededEntropy Entropy { get; } = new(seed ^ 0x5A5A);

    public OwnIdentity Identity { get; init; } = OwnIdentity.Create(new SeededKeySource(seed ^ 0x1111));

    public DisplayName DisplayName { get; } = DisplayName.Of(name);

    public MemoryRoomStore Store { get; set; } = new();

    /// <summary>In what pieces it asks for what is missing; small ones make a long history of a few entries.</summary>
    public PartSizes Parts { get; set; } = PartSizes.Usual;

    /// <summary>Whether what it writes in one turn takes one signature, as in a node.</summary>
    public bool SignsAtTurnEnd { get; set; } = true;

    public List<RoomEvent> Events { get; } = [];

    public PeerId Id => Identity.PeerId;

    public Room Room => _room ?? throw new InvalidOperationException("not open");

    public IReadOnlyList<RoomMessage> Messages => Room.ReadLatest(100_000, null);

    /// <summary>Entries in logs and ahead of them.</summary>
    public long HeldCount => Store.EntryCount + Room.AheadEntries;

    public string[] Texts => [.. Messages.Select(m => m.Text)];

    public void Open(WallTime now)
    {
        _room = open(this, now);
        _room.Parts = Parts;
        _room.SignsAtTurnEnd = SignsAtTurnEnd;
        Store.Commit();
    }

    public void Commit()
    {
        Room.SignWritten();
        Store.Commit();
        while (Room.TryTakeEvent(out var happened))
        {
            Events.Add(happened);
        }
    }

    public void Crash(WallTime now)
    {
        Store.Rollback();
        Open(now);
    }

    /// <summary>Two peers of a direct chat.</summary>
    public static (SimulatedPeer Alice, SimulatedPeer Bob) Direct(int seed)
    {
        SimulatedPeer? alice = null;
        SimulatedPeer? bob = null;
        alice = new SimulatedPeer("alice", seed, (p, now) => OpenDirect(p, bob!.Identity.Public, now));
        bob = new SimulatedPeer("bob", seed + 1000, (p, now) => OpenDirect(p, alice.Identity.Public, now));
        return (alice, bob);
    }

    public static Room OpenDirect(SimulatedPeer peer, PublicIdentity other, WallTime now) =>
        Room.OpenDirect(peer.Identity, peer.DisplayName, other, peer.Store, peer.Keys, peer.Entropy, now);

    /// <summary>A peer of the open room that all tests share.</summary>
    public static SimulatedPeer Open(string name, int seed) =>
        new(
            name,
            seed,
            (p, now) =>
                Room.OpenOpen(
                    p.Identity,
                    p.DisplayName,
                    new RoomId(new Bytes32(Enumerable.Repeat((byte)7, 32).ToArray())),
                    Enumerable.Repeat((byte)8, 32).ToArray(),
                    Enumerable.Repeat((byte)9, 32).ToArray(),
                    p.Store,
                    p.Keys,
                    p.Entropy,
                    now
                )
        );
}
