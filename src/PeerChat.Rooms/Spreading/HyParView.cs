using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Decides to whom in a large room one is linked: few, at random, always connected (HyParView; Leitão et al., DSN 2007).</summary>
/// <remarks>
/// As n0's gossip does, a newcomer met on a walk is added only when it has answered, so that nobody unreachable fills the view.
/// Other than in the paper, answers to shuffles go back along the walk: a link costs a handshake here. Up to
/// <see cref="MeshSize"/> known peers everybody is a neighbour of everybody.
/// </remarks>
internal sealed class HyParView(PeerId self, IEntropy entropy)
{
    /// <summary>
    /// Neighbours in a large room. The paper's 5 (section 5.1: fanout 4 plus one) is for 10,000 nodes and a message that may fail to arrive; with
    /// 5 the farthest of 1,000 are 12 hops apart, with 7 they are 8 or 9, with 8 they are 8 (docs/decisions/0070).
    /// </summary>
    public const int ActiveSize = 8;

    /// <summary>Live peers, oneself among them, up to which all are linked to all. Measured by others as the point where a mesh begins to cost more.</summary>
    public const int MeshSize = 8;

    /// <summary>Hops a newcomer's walk has (paper: ARWL).</summary>
    public const int JoinWalk = 6;

    /// <summary>The hop of the walk at which the newcomer is put into the passive view (paper: PRWL).</summary>
    public const int PassiveWalk = 3;

    /// <summary>Hops a shuffle walks (n0's gossip).</summary>
    public const int ShuffleWalk = 6;

    /// <summary>Active peers in a shuffle (paper: ka).</summary>
    public const int ShuffleActive = 3;

    /// <summary>Passive peers in a shuffle (paper: kp).</summary>
    public const int ShufflePassive = 4;

    /// <summary>Peers that one message may name: oneself and the two samples.</summary>
    public const int MaxPeersInMessage = 1 + ShuffleActive + ShufflePassive;

    /// <summary>Bytes a contact may have: eight addresses of IPv6 with their ports.</summary>
    public const int MaxContactSize = 8 * 18;

    /// <summary>Between two shuffles (n0's gossip).</summary>
    public static readonly TimeSpan ShuffleInterval = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Between two neighbours that are exchanged for a random other one. The paper's views stay as they are once they are full,
    /// so a room that was cut in two stays two clumps with a bridge between them. A guess: a handshake now and then.
    /// </summary>
    public static readonly TimeSpan RenewInterval = TimeSpan.FromMinutes(30);

    /// <summary>Least time a peer has to answer whether it wants to be a neighbour (n0's gossip); or three round trips.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a link may take to be made: what ICE and DTLS need behind the slowest path.</summary>
    public static readonly TimeSpan LinkPatience = TimeSpan.FromSeconds(15);

    /// <summary>First wait before peers that did not want or did not answer are tried again; doubles.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait.</summary>
    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);

    /// <summary>Between two neighbours that are let go when a room has grown out of the mesh. A guess: slow enough to heal.</summary>
    public static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(2);

    /// <summary>Walks that one neighbour may send at once; more are dropped. A newcomer's join makes one for each neighbour.</summary>
    public const int MaxWalkBurst = 64;

    /// <summary>Between two walks of one neighbour in the long run.</summary>
    public static readonly TimeSpan WalkInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Peers to fall back on that are kept although they did not answer. The paper forgets them, and after a cut of the network
    /// nobody knows anybody any more; a room of friends is small and comes back.
    /// </summary>
    public const int KeptSilent = 10;

    /// <summary>Links being made at once; a join makes a handful.</summary>
    public const int MaxRequests = 8;

    private readonly Dictionary<PeerId, Neighbour> _active = [];
    private readonly PassiveView _passive = new(entropy);
    private readonly Dictionary<PeerId, OverlayRequest> _requests = [];
    private readonly Dictionary<PeerId, Instant?> _linked = []; // until when it may stand idle
    private readonly HashSet<PeerId> _tried = [];
    private readonly ShuffleRoutes _routes = new();
    private readonly TimerTable<OverlayTimer> _timers = new();
    private readonly Queue<OverlayAction> _actions = new();
    private readonly RoundTrip _roundTrip = new();
    private (ulong Nonce, IReadOnlyList<PeerId> Sent) _ownShuffle;
    private TimeSpan _retryWait = FirstRetry;
    private bool _hasJoined;

    /// <summary>What the host of others needs to reach one; at most <see cref="MaxContactSize"/> bytes.</summary>
    public ReadOnlyMemory<byte> Contact { get; set; }

    /// <summary>The neighbours.</summary>
    public IReadOnlyCollection<PeerId> Active => _active.Keys;

    /// <summary>Peers to fall back on.</summary>
    public IReadOnlyList<OverlayPeer> Passive => _passive.All;

    /// <summary>Everybody who is known, neighbours among them.</summary>
    public IEnumerable<OverlayPeer> Known =>
        _active.Values.Select(n => n.Peer).Concat(_passive.All).Concat(_requests.Values.Select(r => r.Peer));

    /// <summary>The smoothed round trip to new neighbours.</summary>
    public TimeSpan RoundTripTime => _roundTrip.Value;

    /// <summary>Whether so few peers are known that all are linked to all.</summary>
    public bool IsMesh => KnownOthers < MeshSize;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var earliest = _timers.NextDeadline;
            foreach (var request in _requests.Values)
            {
                earliest = Instant.Earliest(earliest, request.Due);
            }

            foreach (var idleUntil in _linked.Values)
            {
                earliest = Instant.Earliest(earliest, idleUntil);
            }

            return earliest;
        }
    }

    private int Capacity => IsMesh ? MeshSize - 1 : ActiveSize;

    // Whoever is one more than a mesh holds makes the room a large one, so there is a place for them.
    private int Places => IsMesh ? Math.Max(MeshSize, ActiveSize) : ActiveSize;

    private int KnownOthers =>
        _active.Count
        + _passive.All.Count(p => !_active.ContainsKey(p.Id))
        + _requests.Keys.Count(p => !_active.ContainsKey(p) && !_passive.Contains(p));

    /// <summary>Tells of a peer that the host found.</summary>
    public void Introduce(OverlayPeer peer, Instant now)
    {
        if (Learn(peer))
        {
            Fill(now);
        }
    }

    /// <summary>Whether a link to a peer is of use: to a neighbour, to one who may become one, and for a while to whoever is new.</summary>
    public bool Needs(PeerId peer) =>
        IsMesh
        || _active.ContainsKey(peer)
        || _requests.ContainsKey(peer)
        || (_linked.TryGetValue(peer, out var idleUntil) && idleUntil is not null);

    /// <summary>A peer is known to be gone for good, or may not be met any more.</summary>
    public void Forget(PeerId peer) => _passive.Remove(peer);

    /// <summary>A link to a peer stands, whoever made it.</summary>
    public void HandleLinked(PeerId peer, Instant now)
    {
        if (peer == self)
        {
            return;
        }

        _linked[peer] = now + LinkPatience;
        if (_requests.TryGetValue(peer, out var request) && request.AskedAt is null)
        {
            Ask(request, now);
        }
    }

    /// <summary>The link to a peer is no more, or could not be made.</summary>
    public void HandleUnlinked(PeerId peer, Instant now)
    {
        _linked.Remove(peer);
        if (_requests.Remove(peer))
        {
            Doubt(peer);
        }

        if (_active.Remove(peer, out var neighbour))
        {
            _tried.Add(peer);
            if (_passive.Count < KeptSilent)
            {
                _passive.Add(neighbour.Peer);
            }

            _actions.Enqueue(new OverlayAction.NeighbourDown(peer));
        }

        Fill(now);
    }

    /// <summary>Takes in what a linked peer says.</summary>
    public void HandleMessage(PeerId from, OverlayMessage message, Instant now)
    {
        if (!_linked.ContainsKey(from))
        {
            return;
        }

        switch (message)
        {
            case OverlayMessage.Join join when !_active.ContainsKey(from):
                HandleJoin(new OverlayPeer(from, join.Contact), now);
                break;
            case OverlayMessage.Neighbour neighbour:
                HandleNeighbour(new OverlayPeer(from, neighbour.Contact), neighbour.IsHigh, now);
                break;
            case OverlayMessage.NeighbourReply reply:
                HandleReply(from, reply, now);
                break;
            case OverlayMessage.Disconnect:
                HandleDisconnect(from, now);
                break;
            case OverlayMessage.ForwardJoin walk when MayWalk(from, now):
                HandleForwardJoin(from, walk, now);
                break;
            case OverlayMessage.Shuffle shuffle when MayWalk(from, now):
                HandleShuffle(from, shuffle, now);
                break;
            case OverlayMessage.ShuffleReply reply when _active.ContainsKey(from):
                HandleShuffleReply(reply, now);
                break;
            default:
                break; // from somebody who is no neighbour, or too often
        }
    }

    /// <summary>Gives up, tries again and shuffles where the time has come.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var request in _requests.Values.Where(r => r.Due <= now).ToArray())
        {
            _requests.Remove(request.Peer.Id);
            Doubt(request.Peer.Id);
            Release(request.Peer.Id);
        }

        foreach (var (peer, _) in _linked.Where(l => l.Value <= now).ToArray())
        {
            _linked[peer] = null;
            if (!_active.ContainsKey(peer) && !_requests.ContainsKey(peer))
            {
                Release(peer);
            }
        }

        while (_timers.TryTakeDue(now, out var timer))
        {
            switch (timer)
            {
                case OverlayTimer.Shuffle:
                    StartShuffle(now);
                    break;
                case OverlayTimer.Renew:
                    Renew(now);
                    break;
                case OverlayTimer.Retry:
                    ForgetTried();
                    break;
                case OverlayTimer.Trim when _active.Count > Capacity:
                    Drop(PickActive(null)!.Value);
                    break;
                default:
                    break;
            }
        }

        Fill(now);
    }

    /// <summary>Takes what the host is to do next.</summary>
    public bool TryTakeAction([NotNullWhen(true)] out OverlayAction? action) =>
        _actions.TryDequeue(out action);

    private bool Learn(OverlayPeer peer, IReadOnlyList<PeerId>? forgetFirst = null)
    {
        if (peer.Id == self || peer.Contact.Length > MaxContactSize || _active.ContainsKey(peer.Id))
        {
            return false;
        }

        _passive.Add(peer, forgetFirst);
        return true;
    }

    /// <summary>
    /// Whoever did not want or did not answer may be tried again: all of them where neighbours are few, otherwise one. Each costs a link, a
    /// room of fourteen has no eighth neighbour for everybody, and who has a place free is looking for somebody too.
    /// </summary>
    private void ForgetTried()
    {
        var again = _passive.Pick(peer => !_tried.Contains(peer));
        if (IsMesh || _active.Count < ActiveSize / 2)
        {
            _tried.Clear();
        }
        else if (again is { } peer)
        {
            _tried.IntersectWith(_passive.All.Select(one => one.Id)); // nobody is remembered who is not known any more
            _tried.Remove(peer.Id);
        }
    }

    // It did not answer; who is alive is heard of again.
    private void Doubt(PeerId peer)
    {
        if (_passive.Count > KeptSilent)
        {
            _passive.Remove(peer);
        }
    }

    private void Fill(Instant now)
    {
        while (_active.Count + _requests.Count < Capacity)
        {
            var next = _passive.Pick(p =>
                _active.ContainsKey(p) || _requests.ContainsKey(p) || _tried.Contains(p)
            );
            if (next is not { } peer)
            {
                break;
            }

            _tried.Add(peer.Id);
            Request(peer, _active.Count == 0, now);
        }

        if (_active.Count < Capacity && _passive.Count > 0 && _timers[OverlayTimer.Retry] is null)
        {
            _timers.Set(OverlayTimer.Retry, now + _retryWait);
            _retryWait = _retryWait * 2 < LastRetry ? _retryWait * 2 : LastRetry;
        }

        if (_active.Count > Capacity && _timers[OverlayTimer.Trim] is null)
        {
            _timers.Set(OverlayTimer.Trim, now + entropy.NextTimeSpan(TrimInterval / 2, TrimInterval));
        }
    }

    private void Request(OverlayPeer peer, bool isHigh, Instant now)
    {
        if (_requests.Count >= MaxRequests)
        {
            return;
        }

        var request = new OverlayRequest(peer, null, isHigh, now + LinkPatience);
        _requests[peer.Id] = request;
        if (_linked.ContainsKey(peer.Id))
        {
            Ask(request, now);
        }
        else
        {
            _actions.Enqueue(new OverlayAction.Connect(peer));
        }
    }

    private void Ask(OverlayRequest request, Instant now)
    {
        var patience = _roundTrip.Value * 3 > AnswerPatience ? _roundTrip.Value * 3 : AnswerPatience;
        _requests[request.Peer.Id] = request with { AskedAt = now, Due = now + patience };
        OverlayMessage message =
            _hasJoined || _active.Count > 0
                ? new OverlayMessage.Neighbour(request.IsHigh || _active.Count == 0, Contact)
                : new OverlayMessage.Join(Contact);
        _hasJoined = true;
        _actions.Enqueue(new OverlayAction.Send(request.Peer.Id, message));
    }

    private void HandleJoin(OverlayPeer newcomer, Instant now)
    {
        Accept(newcomer, now);
        foreach (var peer in _active.Keys.Where(p => p != newcomer.Id).ToArray())
        {
            _actions.Enqueue(
                new OverlayAction.Send(peer, new OverlayMessage.ForwardJoin(newcomer, JoinWalk))
            );
        }
    }

    private void HandleNeighbour(OverlayPeer peer, bool isHigh, Instant now)
    {
        if (isHigh || _active.ContainsKey(peer.Id) || _active.Count < Places)
        {
            Accept(peer, now);
            return;
        }

        Learn(peer);
        _actions.Enqueue(new OverlayAction.Send(peer.Id, new OverlayMessage.NeighbourReply(false, Contact)));
        _linked[peer.Id] = now + AnswerPatience; // until the answer is there; who asked has no use for the link afterwards either
    }

    private void Accept(OverlayPeer peer, Instant now)
    {
        Activate(peer, now);
        _actions.Enqueue(new OverlayAction.Send(peer.Id, new OverlayMessage.NeighbourReply(true, Contact)));
    }

    private void HandleReply(PeerId from, OverlayMessage.NeighbourReply reply, Instant now)
    {
        if (!_requests.Remove(from, out var request) || request.AskedAt is not { } askedAt)
        {
            if (!_active.ContainsKey(from)) // otherwise both asked, and the other's question came first
            {
                _actions.Enqueue(new OverlayAction.Send(from, new OverlayMessage.Disconnect()));
                Release(from);
            }

            return;
        }

        _roundTrip.Add(now - askedAt);
        var answered = request.Peer with
        {
            Contact = reply.Contact.Length is > 0 and <= MaxContactSize
                ? reply.Contact
                : request.Peer.Contact,
        };
        if (!reply.Accepted)
        {
            Learn(answered);
            Release(from);
            Fill(now);
            return;
        }

        if (_active.Count >= Places && !request.IsHigh && !_active.ContainsKey(from))
        {
            _actions.Enqueue(new OverlayAction.Send(from, new OverlayMessage.Disconnect()));
            Release(from);
            return;
        }

        Activate(answered, now);
        Fill(now);
    }

    private void HandleDisconnect(PeerId from, Instant now)
    {
        _requests.Remove(from);
        if (_active.Remove(from, out var neighbour))
        {
            _actions.Enqueue(new OverlayAction.NeighbourDown(from));
            _passive.Add(neighbour.Peer);
            _tried.Add(from);
        }

        Release(from);
        Fill(now);
    }

    private void HandleForwardJoin(PeerId from, OverlayMessage.ForwardJoin walk, Instant now)
    {
        var newcomer = walk.Newcomer;
        if (newcomer.Id == self || newcomer.Contact.Length > MaxContactSize)
        {
            return;
        }

        var timeToLive = Math.Min(walk.TimeToLive, JoinWalk);
        var next =
            timeToLive > 0 && _active.Count > 1 ? PickActive(p => p == from || p == newcomer.Id) : null;
        if (next is { } peer)
        {
            if (timeToLive == PassiveWalk)
            {
                Learn(newcomer);
            }

            _actions.Enqueue(
                new OverlayAction.Send(peer, new OverlayMessage.ForwardJoin(newcomer, timeToLive - 1))
            );
        }
        else if (!_active.ContainsKey(newcomer.Id) && !_requests.ContainsKey(newcomer.Id))
        {
            Request(newcomer, true, now);
        }
    }

    private void StartShuffle(Instant now)
    {
        _timers.Set(
            OverlayTimer.Shuffle,
            now + entropy.NextTimeSpan(ShuffleInterval * 0.75, ShuffleInterval * 1.25)
        );
        if (PickActive(null) is not { } to)
        {
            return;
        }

        var sample = SampleOfViews(to);
        var nonce = entropy.NextUInt64();
        _ownShuffle = (nonce, [.. sample.Select(p => p.Id)]);
        _actions.Enqueue(
            new OverlayAction.Send(
                to,
                new OverlayMessage.Shuffle(nonce, ShuffleWalk, [new OverlayPeer(self, Contact), .. sample])
            )
        );
    }

    private void Renew(Instant now)
    {
        SetRenew(now);
        if (!IsMesh && _passive.Pick(p => _requests.ContainsKey(p)) is { } peer)
        {
            Request(peer, true, now);
        }
    }

    private void SetRenew(Instant now) =>
        _timers.Set(OverlayTimer.Renew, now + entropy.NextTimeSpan(RenewInterval * 0.5, RenewInterval * 1.5));

    private void HandleShuffle(PeerId from, OverlayMessage.Shuffle shuffle, Instant now)
    {
        if (shuffle.Peers.Count > MaxPeersInMessage || !_routes.Add(shuffle.Nonce, from))
        {
            return;
        }

        var timeToLive = Math.Min(shuffle.TimeToLive, ShuffleWalk) - 1;
        if (timeToLive > 0 && PickActive(p => p == from) is { } next)
        {
            _actions.Enqueue(new OverlayAction.Send(next, shuffle with { TimeToLive = timeToLive }));
            return;
        }

        var sample = SampleOfViews(from);
        _actions.Enqueue(
            new OverlayAction.Send(from, new OverlayMessage.ShuffleReply(shuffle.Nonce, sample))
        );
        Integrate(shuffle.Peers, [.. sample.Select(p => p.Id)], now);
    }

    private void HandleShuffleReply(OverlayMessage.ShuffleReply reply, Instant now)
    {
        if (reply.Peers.Count > MaxPeersInMessage)
        {
            return;
        }

        if (reply.Nonce == _ownShuffle.Nonce && _ownShuffle.Sent is { } sent)
        {
            _ownShuffle = default;
            Integrate(reply.Peers, sent, now);
        }
        else if (_routes.Find(reply.Nonce) is { } back)
        {
            _actions.Enqueue(new OverlayAction.Send(back, reply));
        }
    }

    private List<OverlayPeer> SampleOfViews(PeerId without) =>
        [
            .. _active
                .Values.Select(n => n.Peer)
                .Where(p => p.Id != without)
                .ToList()
                .Sample(ShuffleActive, entropy),
            .. _passive.Sample(ShufflePassive),
        ];

    private void Integrate(IReadOnlyList<OverlayPeer> peers, IReadOnlyList<PeerId> sent, Instant now)
    {
        foreach (var peer in peers)
        {
            Learn(peer, sent);
        }

        Fill(now);
    }

    private void Activate(OverlayPeer peer, Instant now)
    {
        _requests.Remove(peer.Id);
        _passive.Remove(peer.Id);
        _tried.Remove(peer.Id);
        if (_active.TryGetValue(peer.Id, out var known))
        {
            _active[peer.Id] = known with { Peer = peer };
            return;
        }

        while (_active.Count >= Places && PickActive(null) is { } victim)
        {
            Drop(victim);
        }

        _active.Add(peer.Id, new Neighbour(peer, new TokenBucket(now, MaxWalkBurst, WalkInterval)));
        _retryWait = FirstRetry;
        _actions.Enqueue(new OverlayAction.NeighbourUp(peer.Id));
        if (_timers[OverlayTimer.Shuffle] is null)
        {
            _timers.Set(OverlayTimer.Shuffle, now + entropy.NextTimeSpan(TimeSpan.Zero, ShuffleInterval));
            SetRenew(now);
        }
    }

    private void Drop(PeerId peer)
    {
        _active.Remove(peer, out var neighbour);
        _passive.Add(neighbour!.Peer);
        _tried.Add(peer);
        _actions.Enqueue(new OverlayAction.NeighbourDown(peer));
        _actions.Enqueue(new OverlayAction.Send(peer, new OverlayMessage.Disconnect()));
        Release(peer);
    }

    private void Release(PeerId peer)
    {
        _linked.Remove(peer);
        _actions.Enqueue(new OverlayAction.Release(peer));
    }

    private bool MayWalk(PeerId from, Instant now) =>
        _active.TryGetValue(from, out var neighbour) && neighbour.Walks.TryTake(now);

    private PeerId? PickActive(Func<PeerId, bool>? isExcluded)
    {
        var candidates = _active.Keys.Where(p => isExcluded is null || !isExcluded(p)).ToList();
        return candidates.Count == 0 ? null : candidates[entropy.NextBelow(candidates.Count)];
    }

    private sealed record Neighbour(OverlayPeer Peer, TokenBucket Walks);
}
