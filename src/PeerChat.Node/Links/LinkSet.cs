using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Links;

/// <summary>All links of the node, and which datagram belongs to which.</summary>
/// <remarks>
/// One socket carries many links. A STUN request names the link by its user fragment; everything else on a path belongs to
/// the newest link that used it: when a peer was killed and comes back, the link to its former self must not eat its packets.
/// </remarks>
internal sealed class LinkSet
{
    /// <summary>So many links at once; a full mesh of 8 in several rooms stays far below.</summary>
    public const int MaxLinks = 64;

    /// <summary>So many network paths are remembered per link; two hosts with a dozen addresses each stay below.</summary>
    public const int MaxPathsPerLink = 64;

    private readonly SortedDictionary<int, PeerLink> _links = [];
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), int> _paths = [];
    private readonly Dictionary<int, int> _pathCounts = [];
    private readonly Dictionary<string, int> _ufrags = new(StringComparer.Ordinal);
    private int _lastId;

    /// <summary>Whether there is room for one more.</summary>
    public bool HasRoom => _links.Count < MaxLinks;

    /// <summary>All links, oldest first.</summary>
    public IEnumerable<PeerLink> All => _links.Values;

    /// <summary>Datagrams that belonged to no link.</summary>
    public long DroppedDatagrams { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var link in _links.Values)
            {
                earliest = Instant.Earliest(earliest, link.NextDeadline);
            }

            return earliest;
        }
    }

    /// <summary>Takes a new link in.</summary>
    public PeerLink Add(PeerConnection connection, HelloPlan plan)
    {
        var link = new PeerLink(++_lastId, connection, plan);
        _links.Add(link.Id, link);
        _ufrags[connection.LocalDescription.Ufrag] = link.Id;
        return link;
    }

    /// <summary>The link of this number, or null.</summary>
    public PeerLink? Find(int id) => _links.GetValueOrDefault(id);

    /// <summary>The authenticated link to this person, the newest first, or null.</summary>
    public PeerLink? FindAuthenticated(PeerId peer) =>
        _links.Values.LastOrDefault(link =>
            link.Phase == LinkPhase.Authenticated && link.Peer?.PeerId == peer
        );

    /// <summary>Forgets a link that is over.</summary>
    public void Remove(PeerLink link)
    {
        _links.Remove(link.Id);
        _pathCounts.Remove(link.Id);
        _ufrags.Remove(link.Connection.LocalDescription.Ufrag);
        foreach (var path in _paths.Where(pair => pair.Value == link.Id).Select(pair => pair.Key).ToList())
        {
            _paths.Remove(path);
        }
    }

    /// <summary>Gives a datagram to the link it belongs to; dropped and counted when there is none.</summary>
    public void HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        PeerLink? link = null;
        if (PeerConnection.TryReadStunUfrag(payload, out var ufrag))
        {
            if (_ufrags.TryGetValue(ufrag, out var named))
            {
                Learn(named, local, remote);
                link = Find(named);
            }
        }
        else if (_paths.TryGetValue((local, remote), out var known))
        {
            link = Find(known);
        }

        if (link is null)
        {
            DroppedDatagrams++;
            return;
        }

        link.Connection.HandleDatagram(now, local, remote, payload);
        link.Pump(now);
    }

    /// <summary>Lets time pass for every link that is due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var link in _links.Values)
        {
            if (link.NextDeadline is { } deadline && deadline <= now)
            {
                link.HandleDeadline(now);
                link.Pump(now);
            }
        }
    }

    /// <summary>Takes the next datagram that a link wants sent.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        foreach (var link in _links.Values)
        {
            if (link.Connection.TryTakeTransmit(out datagram))
            {
                Learn(link.Id, datagram.Local, datagram.Remote);
                return true;
            }
        }

        datagram = default;
        return false;
    }

    private void Learn(int link, TransportAddress local, TransportAddress remote)
    {
        var count = _pathCounts.GetValueOrDefault(link);
        var newer = !_paths.TryGetValue((local, remote), out var known) || known < link;
        if (newer && count < MaxPathsPerLink)
        {
            _paths[(local, remote)] = link;
            _pathCounts[link] = count + 1;
        }
    }
}
