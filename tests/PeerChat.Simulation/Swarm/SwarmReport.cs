using System.Globalization;

namespace PeerChat.Simulation.Swarm;

/// <summary>What one run came to, and what is claimed of every run.</summary>
/// <param name="Peers">Peers in the room.</param>
/// <param name="Seed">What repeats the run.</param>
/// <param name="Messages">Messages written in all phases.</param>
/// <param name="Delivered">Share of (message, surviving peer) that is there in the end; of all phases.</param>
/// <param name="Hops">The most hops of any first copy in the stable phase.</param>
/// <param name="Copies">Copies that each peer was sent of a message in the stable phase, on average.</param>
/// <param name="BySync">First copies in the stable phase that no push brought.</param>
/// <param name="MedianDelayMs">From writing to having, in the stable phase.</param>
/// <param name="GreatestDelayMs">The same, the slowest.</param>
/// <param name="RepairSeconds">After a part vanished: until messages reach all survivors as fast as before.</param>
/// <param name="Neighbours">Neighbours at the end, on average.</param>
internal sealed record SwarmReport(
    int Peers,
    int Seed,
    int Messages,
    double Delivered,
    int Hops,
    double Copies,
    int BySync,
    double MedianDelayMs,
    double GreatestDelayMs,
    double RepairSeconds,
    double Neighbours
)
{
    /// <summary>Hops in the stable phase.</summary>
    public const int MaxHops = 8;

    /// <summary>Copies for each peer in the stable phase.</summary>
    public const double MaxCopies = 1.3;

    /// <summary>A vanished neighbour is noticed after 30 s at the latest, and as long again may go by in replacing it.</summary>
    public const double MaxRepairSeconds = 60;

    /// <summary>The claims that do not hold.</summary>
    public IReadOnlyList<string> Failures =>
        [
            .. new (bool Holds, string Claim)[]
            {
                (Delivered >= 1, "every entry is at every peer"),
                (Hops <= MaxHops, $"at most {MaxHops} hops"),
                (
                    Copies <= MaxCopies,
                    string.Create(CultureInfo.InvariantCulture, $"at most {MaxCopies} copies per peer")
                ),
                (RepairSeconds <= MaxRepairSeconds, $"repaired within {MaxRepairSeconds} s"),
            }
                .Where(c => !c.Holds)
                .Select(c => c.Claim),
        ];

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            peers {Peers}, seed {Seed}: {Messages} messages
              delivered        {Delivered:P4}
              hops, most       {Hops}
              copies per peer  {Copies:F3}
              by sync          {BySync}
              delay            {MedianDelayMs:F0} ms median, {GreatestDelayMs:F0} ms most
              repair           {RepairSeconds:F0} s
              neighbours       {Neighbours:F1}
            """
        );
}
