using PeerChat.Rendezvous.Services;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>A service as the engine keeps it.</summary>
/// <param name="number">Its number, which names it to the host.</param>
/// <param name="rung">Which kind it is.</param>
/// <param name="machine">What speaks with it.</param>
/// <param name="isNamed">Whether the user named it for everybody; otherwise only a link did, for whom it leads to.</param>
internal sealed class RungService(int number, Rung rung, IRendezvous machine, bool isNamed)
{
    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>Which kind it is.</summary>
    public Rung Rung => rung;

    /// <summary>What speaks with it.</summary>
    public IRendezvous Machine => machine;

    /// <summary>Whether the user named it for everybody.</summary>
    public bool IsNamed => isNamed;

    /// <summary>Whether the user was told that it cannot be used, and not yet that it can again.</summary>
    public bool ToldFailure { get; set; }

    /// <summary>Whether the user was told that their name belongs to somebody else there.</summary>
    public bool ToldGuestName { get; set; }

    /// <summary>The tags listened at, and for whom.</summary>
    public Dictionary<string, MeetingPoint> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Doors that are held here: whoever holds one keeps it, so that those who come find somebody.</summary>
    public HashSet<string> OwnDoors { get; } = new(StringComparer.Ordinal);

    /// <summary>Doors that somebody else holds.</summary>
    public HashSet<string> HeldDoors { get; } = new(StringComparer.Ordinal);
}
