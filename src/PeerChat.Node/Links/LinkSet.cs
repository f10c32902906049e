using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node.Links;

/// <summary>All links of the node, and which datagram belongs to which.</summary>
/// <remarks>
/// One socket carries many links. A STUN request names the link by its user fragment. Everything else belongs to the link that
/// uses the path; for a moment there may be several, as when a peer was killed and comes back at the same address.
/// </remarks>
internal sealed class LinkSet
{
    /// <summary>So many links at once; a full mesh of 8 in several rooms stays far below.</summary>
    public const int MaxLinks = 64;

    /// <summary>So many network paths are remembered per link; two hosts with a dozen addresses each stay below.</summary>
    public const int MaxPathsPerLink = 64;

    /// <summary>So many links on one path are tried for a record that none of them has asked for; each costs a decryption (guess).</summary>
    private const int MaxSharers = 4;

    /// <summary>So long after a link ended, records of its handshake may still come: they are repeated with doubling waits (RFC 6347 section 4.2.4).</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);

    private const byte FirstDtlsByte = 20; // RFC 7983 section 7
    private const byte ChangeCipherSpec = 20; // RFC 5246 section 6.2.1

    private readonly SortedDictionary<int, PeerLink> _links = [];
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), List<int>> _paths = [];
    private readonly Queue<Datagram> _last = new();
    private readonly Queue<(byte[] Own, byte[]? Remote, Instant At)> _ended = new();
    private readonly Dictionary<int, int> _pathCounts = [];
    private readonly Dictionary<string, int> _ufrags = new(StringComparer.Ordinal);
    private int _lastId;
    private Instant _now;

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
    public PeerLink Add(PeerConnection connection, HelloPlan plan, bool isDeafUntilAnswered = false)
    {
        var link = new PeerLink(++_lastId, connection, plan) { IsDeafUntilAnswered = isDeafUntilAnswered };
        _links.Add(link.Id, link);
        _ufrags[connection.LocalDescription.Ufrag] = link.Id;
        return link;
    }

    /// <summary>The number of the newest link.</summary>
    public int LastId => _lastId;

    /// <summary>The link of this number, or null.</summary>
    public PeerLink? Find(int id) => _links.GetValueOrDefault(id);

    /// <summary>The authenticated link to this person, the newest first, or null.</summary>
    public PeerLink? FindAuthenticated(PeerId peer) =>
        _links.Values.LastOrDefault(link =>
            link.Phase == LinkPhase.Authenticated && link.Peer?.PeerId == peer
        );

    /// <summary>Has checks for these credentials of a link find it too.</summary>
    public void AddUfrag(PeerLink link, string ufrag)
    {
        _ufrags[ufrag] = link.Id;
        var own = _ufrags.Where(pair => pair.Value == link.Id).Select(pair => pair.Key).ToList();
        foreach (var old in own.Where(old => old != ufrag && !link.Connection.UsesUfrag(old)))
        {
            _ufrags.Remove(old);
        }
    }

    /// <summary>Forgets the paths of a link that begin at addresses that are gone, so that there is room for new ones.</summary>
    public void ForgetPaths(PeerLink link, IReadOnlySet<TransportAddress> present)
    {
        foreach (var (path, sharers) in _paths.Where(pair => !present.Contains(pair.Key.Local)).ToList())
        {
            if (sharers.Remove(link.Id))
            {
                _pathCounts[link.Id]--;
            }

            if (sharers.Count == 0)
            {
                _paths.Remove(path);
            }
        }
    }

    /// <summary>Forgets a link that is over.</summary>
    public void Remove(PeerLink link)
    {
        _links.Remove(link.Id);
        _ended.Enqueue((OwnFingerprint(link), link.Connection.RemoteFingerprintSha256, _now));
        while (_ended.TryPeek(out var oldest) && _now - oldest.At > Aftermath)
        {
            _ended.Dequeue();
        }

        _pathCounts.Remove(link.Id);
        foreach (var ufrag in _ufrags.Where(pair => pair.Value == link.Id).Select(pair => pair.Key).ToList())
        {
            _ufrags.Remove(ufrag);
        }

        while (link.Connection.TryTakeTransmit(out var datagram))
        {
            _last.Enqueue(datagram with { Payload = datagram.Payload.ToArray() }); // that it ended, mostly
        }

        link.Connection.Dispose();
        foreach (var (path, sharers) in _paths.ToList())
        {
            if (sharers.Remove(link.Id) && sharers.Count == 0)
            {
                _paths.Remove(path);
            }
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
        _now = now;
        if (PeerConnection.TryReadStunUfrag(payload, out var ufrag))
        {
            if (
                _ufrags.TryGetValue(ufrag, out var named)
                && Find(named) is { } link
                && !(link is { IsDeafUntilAnswered: true, Phase: LinkPhase.Offering })
            )
            {
                Learn(named, local, remote);
                Give(link, now, local, remote, payload);
                return;
            }
        }
        else if (_paths.TryGetValue((local, remote), out var known))
        {
            if (TryGiveByName(now, local, remote, payload))
            {
                return;
            }

            if (known.Count == 1 && Find(known[0]) is { } only)
            {
                Give(only, now, local, remote, payload);
            }
            else
            {
                GiveToSharers(known, now, local, remote, payload);
            }

            return;
        }

        DroppedDatagrams++;
    }

    /// <summary>Lets time pass for every link that is due.</summary>
    public void HandleDeadline(Instant now)
    {
        _now = now;
        foreach (var link in _links.Values)
        {
            if (link.NextDeadline is { } deadline && deadline <= now)
            {
                link.HandleDeadline(now);
                link.Pump(now);
            }
        }
    }

    /// <summary>Takes the next datagram that a link wants sent, or wanted before it ended.</summary>
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

    private static void Give(
        PeerLink link,
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        link.Connection.HandleDatagram(now, local, remote, payload);
        link.Pump(now);
    }

    private static byte[] OwnFingerprint(PeerLink link) => link.Connection.LocalDescription.FingerprintSha256;

    /// <summary>Gives a handshake's datagram that names its link to that one; true where it names any, also one that has just ended.</summary>
    /// <remarks>
    /// Two rungs that find the same person at the same moment make two links with the same addresses at both ends, and one side may know the
    /// path for one of them only while the other uses it for both. What names nobody goes on as anything else: a certificate that is not the
    /// one announced has to end a link.
    /// </remarks>
    private bool TryGiveByName(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        if (!IsPlainRecord(payload) || !HandshakeName.TryRead(payload, out var name))
        {
            return false;
        }

        var named = _links.Values.FirstOrDefault(link =>
            name.Names(OwnFingerprint(link), link.Connection.RemoteFingerprintSha256)
        );
        if (named is not null)
        {
            Give(named, now, local, remote, payload);
            return true;
        }

        var hasEnded = _ended.Any(ended => name.Names(ended.Own, ended.Remote));
        DroppedDatagrams += hasEnded ? 1 : 0;
        return hasEnded;
    }

    /// <summary>Several links on one path: a STUN answer is recognised by its transaction, a sealed record by its seal.</summary>
    /// <remarks>
    /// Only who has proven the session's password on the path counts. So nobody cuts a conversation off by an offer that names
    /// a friend's address.
    /// </remarks>
    private void GiveToSharers(
        List<int> ids,
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> payload
    )
    {
        var isStun = payload.Length > 0 && payload[0] < FirstDtlsByte;
        var sharers = ids.Select(Find).OfType<PeerLink>().ToList();
        if (!isStun)
        {
            sharers =
            [
                .. sharers
                    .Where(link => link.Connection.IsProvenPath(local, remote))
                    .OrderByDescending(link => link.Phase == LinkPhase.Authenticated)
                    .ThenByDescending(link => link.Id)
                    .Take(MaxSharers),
            ];
        }

        if (!isStun && IsPlainRecord(payload))
        {
            sharers = OwnersOf(payload, sharers);
        }

        DroppedDatagrams += sharers.Count == 0 ? 1 : 0;
        var copy = payload.ToArray();
        foreach (var link in sharers)
        {
            copy.CopyTo(payload);
            Give(link, now, local, remote, payload);
        }
    }

    /// <summary>For whom a record in the clear is that names nobody.</summary>
    private static List<PeerLink> OwnersOf(ReadOnlySpan<byte> record, List<PeerLink> sharers)
    {
        if (record[0] == ChangeCipherSpec)
        {
            return sharers; // does nothing where it is not awaited, and the sealed rest finds its own
        }

        var newest = sharers
            .Where(link => link.Connection.State == PeerConnectionState.Securing)
            .MaxBy(link => link.Id);
        return newest is null ? [.. sharers.DistinctBy(link => link.Connection.State)] : [newest];
    }

    // The epoch stands in bytes 3 and 4 of a record (RFC 6347 section 4.1).
    private static bool IsPlainRecord(ReadOnlySpan<byte> record) =>
        record.Length > 4 && record[0] >= FirstDtlsByte && record[3] == 0 && record[4] == 0;

    private void Learn(int link, TransportAddress local, TransportAddress remote)
    {
        if (!_paths.TryGetValue((local, remote), out var known))
        {
            known = [];
        }

        var count = _pathCounts.GetValueOrDefault(link);
        if (!known.Contains(link) && count < MaxPathsPerLink)
        {
            known.Add(link);
            _paths[(local, remote)] = known;
            _pathCounts[link] = count + 1;
        }
    }
}
