using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>An offer that others carry: services, one after the other, or a member who is connected to both.</summary>
/// <param name="point">What it is to meet.</param>
/// <param name="body">The offer; the same by every rung.</param>
/// <param name="startedAt">When it was made.</param>
internal sealed class CarriedOffer(MeetingPoint point, SignalBody body, Instant startedAt)
{
    /// <summary>So long an answer is waited for: as long as a tracker keeps an offer, and a little for the way.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(55);

    /// <summary>Of two offers that cross, ours is taken to be in vain when it is older than this: services are slow.</summary>
    public static readonly TimeSpan CrossingTime = TimeSpan.FromSeconds(8);

    private readonly List<(int Carrier, Instant At)> _due = [];
    private readonly HashSet<int> _carrying = [];

    /// <summary>What it is to meet.</summary>
    public MeetingPoint Point => point;

    /// <summary>The offer.</summary>
    public SignalBody Body => body;

    /// <summary>When it was made.</summary>
    public Instant StartedAt => startedAt;

    /// <summary>The member of a room that it is for, where members carry it; null for whoever answers.</summary>
    public PeerId? Target { get; init; }

    /// <summary>The tags it went out under.</summary>
    public HashSet<SignalTag> Tags { get; } = [];

    /// <summary>When it is over without an answer.</summary>
    public Instant EndsAt { get; init; } = startedAt + Lifetime;

    /// <summary>When the next carrier is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = EndsAt;
            foreach (var (_, at) in _due)
            {
                earliest = Instant.Earliest(earliest, at);
            }

            return earliest;
        }
    }

    /// <summary>Whether nobody carries it any more.</summary>
    public bool IsHopeless => _due.Count == 0 && _carrying.Count == 0;

    /// <summary>Gives it to a carrier at this time.</summary>
    public void Add(int carrier, Instant at) => _due.Add((carrier, at));

    /// <summary>Takes a carrier that is due.</summary>
    public bool TryTakeDue(Instant now, out int carrier)
    {
        var index = _due.FindIndex(due => due.At <= now);
        carrier = index >= 0 ? _due[index].Carrier : 0;
        if (index >= 0)
        {
            _due.RemoveAt(index);
            _carrying.Add(carrier);
        }

        return index >= 0;
    }

    /// <summary>A carrier says that nobody is there.</summary>
    public void GiveUp(int carrier) => _carrying.Remove(carrier);
}
