using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Spreading;
using PeerChat.TestKit;

namespace PeerChat.Simulation.Swarm;

/// <summary>One peer: the two machines as a room wires them, and a log that is only the set of what came.</summary>
internal sealed class SwarmPeer
{
    public SwarmPeer(int index, int seed)
    {
        Index = index;
        Id = IdOf(index);
        Restart(seed);
    }

    public int Index { get; }

    public PeerId Id { get; }

    public bool IsAlive { get; set; }

    /// <summary>How often it was started; what was planned for an earlier life does not happen.</summary>
    public int Life { get; private set; }

    public HyParView Overlay { get; private set; } = null!;

    public Plumtree Tree { get; private set; } = null!;

    public Dictionary<PeerId, SwarmLink> Links { get; } = [];

    /// <summary>Messages that are here, by number; survives a crash as a log does.</summary>
    public HashSet<int> Log { get; } = [];

    /// <summary>Sum of the numbers in the log; with their count it tells two logs apart.</summary>
    public long LogSum { get; private set; }

    /// <summary>Messages that somebody was asked for, and when.</summary>
    public Dictionary<int, Instant> Asked { get; } = [];

    public Instant? WakeAt { get; set; }

    public void Restart(int seed)
    {
        Life++;
        Overlay = new HyParView(Id, new SeededEntropy(HashCode(seed, Index, Life)))
        {
            Contact = ContactOf(Index),
        };
        Tree = new Plumtree();
        Links.Clear();
        Asked.Clear();
        WakeAt = null;
    }

    /// <summary>Keeps a message; false when it is there.</summary>
    public bool Keep(int number)
    {
        if (!Log.Add(number))
        {
            return false;
        }

        LogSum += (long)number * number;
        return true;
    }

    public static PeerId IdOf(int index)
    {
        var bytes = new byte[Bytes32.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, index + 1);
        return new PeerId(new Bytes32(bytes));
    }

    public static byte[] ContactOf(int index)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, index);
        return bytes;
    }

    public static int IndexOf(OverlayPeer peer) => BinaryPrimitives.ReadInt32BigEndian(peer.Contact.Span);

    private static int HashCode(int seed, int index, int life) =>
        unchecked((((seed * 31) + index) * 31) + life);
}
