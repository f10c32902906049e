using PeerChat.Primitives;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Node.Guests;

/// <summary>All connections to PeerJS pages, and which datagram belongs to which.</summary>
internal sealed class GuestSet
{
    /// <summary>Guests at once, those included that are still connecting; nobody talks to more.</summary>
    public const int MaxGuests = 16;

    /// <summary>Addresses of pages whose offer has not come yet; a browser sends some ten with an offer.</summary>
    public const int MaxEarlyCandidates = 64;

    private const int MaxPathsPerGuest = 64;
    private readonly SortedDictionary<int, GuestLink> _links = [];
    private readonly Dictionary<string, int> _ufrags = new(StringComparer.Ordinal);
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), int> _paths = [];
    private readonly Queue<(int Service, string Peer, string Connection, string Candidate)> _early = new();
    private readonly Queue<Datagram> _last = new();
    private int _lastId;

    /// <summary>Whether there is room for one more.</summary>
    public bool HasRoom => _links.Count < MaxGuests;

    /// <summary>All, oldest first.</summary>
    public IEnumerable<GuestLink> All => _links.Values;

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

    /// <summary>The link of a number, or null.</summary>
    public GuestLink? Find(int id) => _links.GetValueOrDefault(id);

    /// <summary>The link to a page, or null.</summary>
    public GuestLink? Find(int service, string peer) =>
        _links.Values.FirstOrDefault(link => link.Service == service && link.Peer == peer);

    /// <summary>Takes a new link in, with the addresses that came before its offer.</summary>
    public GuestLink Add(int service, GuestOffer offer, PeerConnection connection, Instant now)
    {
        var link = new GuestLink(++_lastId, service, offer, connection, now);
        _links.Add(link.Id, link);
        _ufrags[connection.LocalDescription.Ufrag] = link.Id;
        for (var left = _early.Count; left > 0; left--)
        {
            var early = _early.Dequeue();
            if (
                early.Service == service
                && early.Peer == offer.Peer
                && early.Connection == offer.ConnectionId
            )
            {
                AddCandidate(link, early.Candidate, now);
            }
            else
            {
                _early.Enqueue(early);
            }
        }

        return link;
    }

    /// <summary>A page can be reached at one more address; kept for a moment where its offer has not come.</summary>
    public void HandleCandidate(int service, string peer, string connection, string candidate, Instant now)
    {
        if (Find(service, peer) is { } link && link.ConnectionId == connection)
        {
            AddCandidate(link, candidate, now);
            return;
        }

        if (_early.Count == MaxEarlyCandidates)
        {
            _early.Dequeue();
        }

        _early.Enqueue((service, peer, connection, candidate));
    }

    /// <summary>Gives a datagram to the link it belongs to; false where it is none's.</summary>
    public bool TryHandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        if (_links.Count == 0)
        {
            return false;
        }

        int id;
        if (PeerConnection.TryReadStunUfrag(payload, out var ufrag))
        {
            if (!_ufrags.TryGetValue(ufrag, out id))
            {
                return false;
            }

            Learn(id, local, remote);
        }
        else if (!_paths.TryGetValue((local, remote), out id))
        {
            return false;
        }

        if (Find(id) is not { } link)
        {
            return false;
        }

        link.Connection.HandleDatagram(now, local, remote, payload);
        link.Pump(now);
        return true;
    }

    /// <summary>Lets time pass for every link that is due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var link in _links.Values.Where(link => link.NextDeadline <= now))
        {
            link.HandleDeadline(now);
            link.Pump(now);
        }
    }

    /// <summary>Takes the next datagram to send.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        if (_last.TryDequeue(out datagram))
        {
            return true;
        }

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

    /// <summary>Forgets a link that is over, once it has said so.</summary>
    public void Remove(GuestLink link)
    {
        _links.Remove(link.Id);
        while (link.Connection.TryTakeTransmit(out var datagram))
        {
            _last.Enqueue(datagram with { Payload = datagram.Payload.ToArray() });
        }

        link.Connection.Dispose();
        foreach (var (ufrag, id) in _ufrags)
        {
            if (id == link.Id)
            {
                _ufrags.Remove(ufrag);
            }
        }

        foreach (var (path, id) in _paths)
        {
            if (id == link.Id)
            {
                _paths.Remove(path);
            }
        }
    }

    private static void AddCandidate(GuestLink link, string text, Instant now)
    {
        // Names that browsers put in place of addresses are left out: the page checks our addresses, and is found by that
        if (SdpCandidate.TryParse(text, out var candidate, out _) && candidate is not null)
        {
            link.AddCandidate(candidate, now);
            link.Pump(now);
        }
    }

    private void Learn(int link, TransportAddress local, TransportAddress remote)
    {
        if (
            !_paths.ContainsKey((local, remote))
            && _paths.Values.Count(one => one == link) < MaxPathsPerGuest
        )
        {
            _paths[(local, remote)] = link;
        }
    }
}
