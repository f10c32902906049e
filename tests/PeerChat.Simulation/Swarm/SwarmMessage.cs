using PeerChat.Primitives;

namespace PeerChat.Simulation.Swarm;

/// <summary>One message, and what became of it.</summary>
internal sealed class SwarmMessage(int number, SwarmPeer author, Bytes32 id, Instant sentAt)
{
    public int Number => number;

    public SwarmPeer Author => author;

    public Bytes32 Id => id;

    public Instant SentAt => sentAt;

    /// <summary>Copies that anybody was sent, the first ones among them.</summary>
    public int Copies { get; set; }

    /// <summary>The most hops that a first copy made.</summary>
    public int Hops { get; set; }

    /// <summary>First copies by the hops they made.</summary>
    public int[] Rounds { get; } = new int[20];

    /// <summary>First copies that came by sync, not by a push.</summary>
    public int BySync { get; set; }

    /// <summary>When each peer had it.</summary>
    public List<(SwarmPeer By, Instant At)> Arrivals { get; } = [];
}
