using PeerChat.Primitives;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Alice with a long history, and bob who has none of it yet.</summary>
internal static class LongHistory
{
    /// <summary>Both, not connected, on a slow path with a narrow window.</summary>
    public static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Apart(int messages)
    {
        var (alice, bob) = (SimulatedPeer.Open("alice", 1), SimulatedPeer.Open("bob", 2));
        var mesh = new SimulatedMesh(3, alice, bob) { MaxDelay = TimeSpan.FromMilliseconds(300), Window = 1 };
        mesh.OpenAll();
        Write(alice, messages);
        return (alice, bob, mesh);
    }

    /// <summary>Has somebody write so many messages.</summary>
    public static void Write(SimulatedPeer peer, int messages)
    {
        foreach (var text in Numbered(0, messages))
        {
            peer.Room.Post(text, new WallTime(1_800_000_000_000));
        }

        peer.Commit();
    }

    /// <summary>Some of the texts that <see cref="Write"/> writes.</summary>
    public static IEnumerable<string> Numbered(int first, int count) =>
        Enumerable.Range(first, count).Select(i => $"message {i}");
}
