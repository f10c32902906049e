using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>Which ways of finding peers are used.</summary>
internal sealed record LadderOptions
{
    /// <summary>The ways that may be used.</summary>
    public IReadOnlySet<Rung> Rungs { get; init; } =
        new HashSet<Rung> { Rung.Lan, Rung.Direct, Rung.Introduction, Rung.PeerServer, Rung.Tracker };

    /// <summary>PeerServers and trackers that the user named.</summary>
    public IReadOnlyList<ServiceHint> Services { get; init; } = [];

    /// <summary>Whether names and open rooms, which anybody can guess, are looked for beyond the local network.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether no packet may leave for a machine that is no neighbour.</summary>
    public bool IsLanOnly => Rungs.Count == 1 && Rungs.Contains(Rung.Lan);
}
