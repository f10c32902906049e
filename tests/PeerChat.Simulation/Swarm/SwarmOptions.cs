namespace PeerChat.Simulation.Swarm;

/// <summary>One simulated room: how many, how bad the network is, from which seed.</summary>
internal sealed record SwarmOptions(int Peers, int Seed)
{
    /// <summary>One-way delay of a link: the least, and how much more it may be. Within a house to across an ocean.</summary>
    public TimeSpan LeastDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The greatest one-way delay of a link.</summary>
    public TimeSpan GreatestDelay { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>Share of messages that are lost once and come a retransmission later, with all behind them.</summary>
    public double Loss { get; init; } = 0.01;

    /// <summary>What a retransmission costs.</summary>
    public TimeSpan Retransmission { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Share of the peers that vanish at once.</summary>
    public double Vanishing { get; init; } = 0.3;

    /// <summary>When a link whose other end vanished is given up: consent is lost after 30 s at the latest (RFC 7675).</summary>
    public TimeSpan GreatestDetection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Peers that write.</summary>
    public int Writers => Math.Min(10, Peers);
}
