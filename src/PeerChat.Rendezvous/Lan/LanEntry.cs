using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>One neighbour in the cache: what each interface has told about it, and what was last reported.</summary>
internal sealed class LanEntry(string instanceId, TransportAddress source)
{
    // Enough to try; a peer on three interfaces has perhaps nine. A guess.
    private const int MaxAddresses = 16;

    // So that a neighbour whose records change all the time costs one event a second.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly List<LanSighting> _sightings = [];
    private LanPeer? _reported;
    private Instant _reportedAt;
    private Instant? _nextReport;

    /// <summary>The neighbour's instance id.</summary>
    public string InstanceId => instanceId;

    /// <summary>The host that first told of it, without port.</summary>
    public TransportAddress Source => source;

    /// <summary>What each interface has told.</summary>
    public IReadOnlyList<LanSighting> Sightings => _sightings;

    /// <summary>Whether it was never known well enough to be reported; such an entry may be given up for another.</summary>
    public bool IsUnreported => _reported is null;

    /// <summary>When something here is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var at = _nextReport;
            foreach (var sighting in _sightings)
            {
                at = Instant.Earliest(at, sighting.NextDeadline);
            }

            return at;
        }
    }

    /// <summary>The sighting on an interface, if there is one.</summary>
    public LanSighting? On(int interfaceIndex) => _sightings.Find(s => s.Interface.Index == interfaceIndex);

    /// <summary>Adds a sighting; the best interface stays first.</summary>
    public void Add(LanSighting sighting)
    {
        _sightings.Add(sighting);
        _sightings.Sort(
            (a, b) =>
                a.Interface.IsLoopback != b.Interface.IsLoopback
                    ? b.Interface.IsLoopback.CompareTo(a.Interface.IsLoopback)
                    : a.Interface.Index.CompareTo(b.Interface.Index)
        );
    }

    /// <summary>Forgets what an interface has told.</summary>
    public void RemoveOn(int interfaceIndex) =>
        _sightings.RemoveAll(s => s.Interface.Index == interfaceIndex);

    /// <summary>Forgets what has run out; true when something went silent that had not said goodbye.</summary>
    public bool Expire(Instant now)
    {
        foreach (var sighting in _sightings)
        {
            sighting.Expire(now);
        }

        var wentSilent = _reported is not null && _sightings.Exists(s => s.IsOver && !s.SaidGoodbye);
        _sightings.RemoveAll(sighting => sighting.IsOver);
        return wentSilent;
    }

    /// <summary>The event that is due for what has changed since the last; null when there is none.</summary>
    public LanEvent? Report(Instant now)
    {
        if (_sightings.Count == 0)
        {
            return _reported is null ? null : new LanEvent.PeerLost(instanceId);
        }

        _nextReport = null;
        if (Describe() is not { } peer || _reported?.SaysTheSameAs(peer) == true)
        {
            return null;
        }

        var known = _reported is not null;
        if (known && now - _reportedAt < ReportInterval)
        {
            _nextReport = _reportedAt + ReportInterval;
            return null;
        }

        _reported = peer;
        _reportedAt = now;
        return known ? new LanEvent.PeerChanged(peer) : new LanEvent.PeerFound(peer);
    }

    private LanPeer? Describe()
    {
        var complete = _sightings.Where(sighting => sighting.IsComplete).ToList();
        if (complete.Count == 0)
        {
            return null;
        }

        var text = complete[0].Text!;
        var addresses = complete.SelectMany(s => s.Addresses).Distinct().Take(MaxAddresses).ToList();
        return new LanPeer(
            instanceId,
            text.Name,
            text.PeerId,
            text.Tags,
            addresses,
            complete[0].Interface.Index
        );
    }
}
