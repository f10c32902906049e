using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>Matches who is on the network with who is looked for, and says when to dial whom.</summary>
/// <remarks>
/// Of two nodes that look for each other the one with the smaller instance id dials; the other waits a moment and dials too
/// when nothing comes. Two offers that cross are settled by their ids.
/// </remarks>
internal sealed class MeetingBoard(PeerId self, string ownInstance)
{
    /// <summary>Claimants of a bare name are gathered for so long (crypto.md section 2).</summary>
    public static readonly TimeSpan GatherTime = TimeSpan.FromSeconds(1);

    /// <summary>At most so many contacts' tags are announced; the datagram has to stay small.</summary>
    public const int MaxAnnouncedTags = 24;

    // Long enough for the other side's offer to come first on a LAN, short enough not to be felt.
    private static readonly TimeSpan YieldTime = TimeSpan.FromMilliseconds(700);

    // Whoever says goodbye is forgotten a second later (RFC 6762 section 10.1); dialling them before would be in vain.
    private static readonly TimeSpan ReturnWait = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);

    // Where somebody was met once, somebody else may be by now: they are not to be bothered for long.
    private static readonly TimeSpan LastRememberedRetry = TimeSpan.FromMinutes(10);

    private readonly List<MeetingPoint> _points = [];
    private readonly Dictionary<string, LanPeer> _peers = new(StringComparer.Ordinal);
    private readonly Queue<MeetingEvent> _events = new();

    /// <summary>Everything that is to be met.</summary>
    public IReadOnlyList<MeetingPoint> Points => _points;

    /// <summary>Everybody seen on the network.</summary>
    public IEnumerable<LanPeer> Peers => _peers.Values;

    /// <summary>Whether one's own id stands in the announcement.</summary>
    public bool IdIsAnnounced { get; set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var point in _points.Where(point => point.Keys is not null))
            {
                earliest = Instant.Earliest(earliest, point.DirectDialAt);
                foreach (var encounter in point.Encounters.Values)
                {
                    earliest = Instant.Earliest(earliest, encounter.DialAt);
                }
            }

            return earliest;
        }
    }

    /// <summary>Adds something to meet; who is on the network already is looked at at once.</summary>
    public void Add(MeetingPoint point, WallTime wall, Instant now)
    {
        _points.Add(point);
        Rematch(point, wall, now);
    }

    /// <summary>Forgets something that is no longer to be met.</summary>
    public void Remove(MeetingPoint point) => _points.Remove(point);

    /// <summary>Looks at everybody on the network again, because the point's keys or its expected identity changed.</summary>
    public void Rematch(MeetingPoint point, WallTime wall, Instant now)
    {
        foreach (var instance in point.Encounters.Keys.ToList())
        {
            if (!Matches(point, point.Encounters[instance].Peer, wall))
            {
                point.Encounters.Remove(instance);
            }
        }

        point.ClaimsShown = "";
        foreach (var peer in _peers.Values)
        {
            Match(point, peer, wall, now);
        }
    }

    /// <summary>The tags by which those who share a secret recognise this node.</summary>
    public IReadOnlyList<byte[]> AnnouncedTags(WallTime wall) =>
        [
            .. _points
                .Where(point => point.Keys is not null && (point.IsActive || !IdIsAnnounced))
                .OrderByDescending(point => point.IsActive)
                .Take(MaxAnnouncedTags)
                .Select(point =>
                    SignalTag.Compute(point.Keys!, Rung.Lan, wall.UtcDay, listener: null).ToArray()
                ),
        ];

    /// <summary>Takes in who comes, changes and goes on the network.</summary>
    public void HandleLanEvent(LanEvent happened, WallTime wall, Instant now)
    {
        switch (happened)
        {
            case LanEvent.PeerFound found:
                Seen(found.Peer, wall, now);
                break;
            case LanEvent.PeerChanged changed:
                Seen(changed.Peer, wall, now);
                break;
            case LanEvent.PeerLost lost:
                Forget(lost.InstanceId);
                break;
            default:
                break;
        }
    }

    /// <summary>The node at this address, or null.</summary>
    public LanPeer? FindByAddress(TransportAddress remote) =>
        _peers.Values.FirstOrDefault(peer => peer.Addresses.Contains(remote));

    /// <summary>The encounter of a link, or null.</summary>
    public (MeetingPoint Point, Encounter Encounter)? FindByLink(int link)
    {
        foreach (var point in _points)
        {
            foreach (var encounter in point.Encounters.Values)
            {
                if (encounter.Link == link)
                {
                    return (point, encounter);
                }
            }
        }

        return null;
    }

    /// <summary>A link of this point began or stands; it is not dialled meanwhile.</summary>
    public static void LinkBegan(MeetingPoint point, Encounter? encounter, int link)
    {
        if (encounter is not null)
        {
            encounter.Link = link;
            encounter.DialAt = null;
        }
        else
        {
            point.DirectLink = link;
            point.DirectDialAt = null;
        }
    }

    /// <summary>Now is no good moment to dial; it is tried again a little later.</summary>
    public static void Postpone(MeetingPoint point, Encounter? encounter, TimeSpan wait, Instant now)
    {
        if (encounter is not null)
        {
            encounter.DialAt = now + wait;
        }
        else
        {
            point.DirectDialAt = now + wait;
        }
    }

    /// <summary>The user looks for it now: whoever is here is dialled, a bare name only when its claimants were gathered.</summary>
    public static void Activate(MeetingPoint point, Instant now)
    {
        point.IsActive = true;
        var start = point is { IsBareName: true, Expected: null, FirstClaimAt: { } first }
            ? Instant.Max(now, first + GatherTime)
            : now;
        foreach (var encounter in point.Encounters.Values.Where(encounter => encounter.Link is null))
        {
            encounter.DialAt ??= start;
        }
    }

    /// <summary>A link ended; the next attempt comes after a wait that doubles with each failure.</summary>
    public static void LinkEnded(MeetingPoint point, int link, bool succeeded, Instant now)
    {
        foreach (var encounter in point.Encounters.Values.Where(encounter => encounter.Link == link))
        {
            encounter.Link = null;
            encounter.Failures = succeeded ? 0 : encounter.Failures + 1;
            encounter.DialAt = IsAtRest(point)
                ? null
                : now + (succeeded ? ReturnWait : RetryWait(encounter.Failures));
        }

        if (point.DirectLink == link)
        {
            point.DirectLink = null;
            point.DirectFailures = succeeded ? 0 : point.DirectFailures + 1;
            point.DirectDialAt = IsAtRest(point)
                ? null
                : now
                    + RetryWait(point.DirectFailures, point.Direct is null ? LastRememberedRetry : LastRetry);
        }
    }

    /// <summary>Issues the dials that are due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var point in _points.Where(point => point.Keys is not null))
        {
            if (
                point is { DirectAddresses: { Count: > 0 } direct, DirectDialAt: { } directAt }
                && directAt <= now
            )
            {
                point.DirectDialAt = null;
                _events.Enqueue(new MeetingEvent.Dial(point, null, direct));
            }

            if (point.Encounters.Values.Any(encounter => encounter.DialAt <= now) && MayDial(point))
            {
                foreach (var encounter in point.Encounters.Values.Where(encounter => encounter.DialAt <= now))
                {
                    encounter.DialAt = null;
                    _events.Enqueue(new MeetingEvent.Dial(point, encounter, encounter.Peer.Addresses));
                }
            }
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MeetingEvent? happened
    ) => _events.TryDequeue(out happened);

    /// <summary>Declined, or forged: asking again is the user's to do.</summary>
    public static bool IsAtRest(MeetingPoint point) => point is { IsBareName: true, IsActive: false };

    private static TimeSpan RetryWait(int failures, TimeSpan? longest = null)
    {
        var (wait, limit) = (FirstRetry * Math.Pow(2, Math.Min(failures, 10)), longest ?? LastRetry);
        return wait < limit ? wait : limit;
    }

    private void Seen(LanPeer peer, WallTime wall, Instant now)
    {
        // A node that was killed said no goodbye; its successor answers at the same address.
        foreach (var stale in _peers.Values.Where(other => IsReplacedBy(other, peer)).ToList())
        {
            Forget(stale.InstanceId);
        }

        _peers[peer.InstanceId] = peer;
        foreach (var point in _points)
        {
            Match(point, peer, wall, now);
        }
    }

    private static bool IsReplacedBy(LanPeer old, LanPeer peer) =>
        old.InstanceId != peer.InstanceId && old.Addresses.Any(peer.Addresses.Contains);

    private void Forget(string instance)
    {
        _peers.Remove(instance);
        foreach (var point in _points)
        {
            point.Encounters.Remove(instance);
        }
    }

    private void Match(MeetingPoint point, LanPeer peer, WallTime wall, Instant now)
    {
        if (point.Encounters.TryGetValue(peer.InstanceId, out var known))
        {
            known.Peer = peer;
            return;
        }

        if (Matches(point, peer, wall))
        {
            if (point.IsBareName)
            {
                point.FirstClaimAt ??= now;
            }

            point.Encounters.Add(peer.InstanceId, new Encounter(peer, DialTime(point, peer, wall, now)));
        }
        else if (
            point is { IsActive: true, Context: HelloContext.Contact, Expected: { } expected, Name: { } name }
            && ClaimsName(peer, name)
        )
        {
            if (peer.PeerId is { } id && PeerIdText.TryParse(id, out var other) && other != expected)
            {
                _events.Enqueue(new MeetingEvent.KeyDiffers(point, peer));
            }
        }
    }

    private Instant? DialTime(MeetingPoint point, LanPeer peer, WallTime wall, Instant now)
    {
        if (IsAtRest(point))
        {
            return null;
        }

        var start = point is { IsBareName: true, Expected: null, FirstClaimAt: { } first }
            ? Instant.Max(now, first + GatherTime)
            : now;
        var mutual = ShowsTag(point, peer, wall) || (point.Context == HelloContext.Contact && IdIsAnnounced);
        var yields = mutual && string.CompareOrdinal(ownInstance, peer.InstanceId) > 0;
        return yields ? start + YieldTime : start;
    }

    private bool Matches(MeetingPoint point, LanPeer peer, WallTime wall)
    {
        var id =
            peer.PeerId is { } text && PeerIdText.TryParse(text, out var parsed) ? parsed : (PeerId?)null;
        if (id == self)
        {
            return false;
        }

        if (point.Expected is { } expected && id is not null)
        {
            return id == expected;
        }

        return ShowsTag(point, peer, wall)
            || (point is { IsBareName: true, Name: { } name } && ClaimsName(peer, name));
    }

    private static bool ClaimsName(LanPeer peer, string name) =>
        peer.Name is { } claimed
        && DisplayName.TryCreate(claimed, out var own, out _)
        && DisplayName.TryCreate(name, out var wanted, out _)
        && own.Folded == wanted.Folded;

    private static bool ShowsTag(MeetingPoint point, LanPeer peer, WallTime wall)
    {
        if (point.Keys is not { } keys)
        {
            return false;
        }

        foreach (var day in SignalTag.DaysAt(wall))
        {
            var tag = SignalTag.Compute(keys, Rung.Lan, day, listener: null).ToArray();
            if (peer.Tags.Any(shown => shown.AsSpan().SequenceEqual(tag)))
            {
                return true;
            }
        }

        return false;
    }

    private bool MayDial(MeetingPoint point)
    {
        if (!point.IsBareName || point.Expected is not null)
        {
            return true;
        }

        var claims = point
            .Encounters.Values.Select(encounter => encounter.Peer)
            .DistinctBy(peer => peer.PeerId ?? peer.InstanceId, StringComparer.Ordinal)
            .OrderBy(peer => peer.PeerId, StringComparer.Ordinal)
            .ToList();
        if (claims.Count < 2)
        {
            return true;
        }

        var key = string.Join('\n', claims.Select(peer => peer.PeerId ?? peer.InstanceId));
        if (key != point.ClaimsShown)
        {
            point.ClaimsShown = key;
            _events.Enqueue(new MeetingEvent.ChoiceNeeded(point, claims));
        }

        // Held until the user has chosen; the encounters stay due.
        foreach (var encounter in point.Encounters.Values.Where(encounter => encounter.DialAt is not null))
        {
            encounter.DialAt = null;
        }

        return false;
    }
}
