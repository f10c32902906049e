using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>All candidates of both sides and the pairs they form, best first (RFC 8445 section 6.1.2).</summary>
internal sealed class IceCheckList
{
    private readonly List<IceLocalCandidate> _locals = [];
    private readonly List<IceCandidate> _remotes = [];
    private readonly List<IceCandidatePair> _pairs = [];
    private int _signalled;
    private int _peerReflexive;
    private int _foundations;

    /// <summary>The own candidates.</summary>
    public IReadOnlyList<IceLocalCandidate> Locals => _locals;

    /// <summary>The pairs, highest priority first.</summary>
    public IReadOnlyList<IceCandidatePair> Pairs => _pairs;

    /// <summary>Adds an own candidate, and pairs it with the peer's.</summary>
    public void AddLocal(IceLocalCandidate local, bool isControlling)
    {
        if (_locals.Count == IceLimits.MaxLocalCandidates)
        {
            throw new ArgumentException(
                $"More than {IceLimits.MaxLocalCandidates} addresses.",
                nameof(local)
            );
        }

        Add(local, isControlling);
    }

    /// <summary>Adds an own candidate that came later or that a server gave; false when it is there already, or there are too many.</summary>
    public bool TryAddLocal(IceLocalCandidate local, bool isControlling)
    {
        if (
            _locals.Count >= IceLimits.MaxLocalCandidates + IceLimits.MaxGatheredCandidates
            || _locals.Exists(other =>
                other.Base == local.Base
                && (other.Candidate.Address == local.Candidate.Address || !IsPaired(local))
                && other.Candidate.Type == local.Candidate.Type
            )
        )
        {
            return false;
        }

        Add(local, isControlling);
        return true;
    }

    /// <summary>Takes away the own candidates whose base is gone, and their pairs.</summary>
    /// <returns>Whether a valid pair was among them.</returns>
    public bool RemoveLocals(Predicate<TransportAddress> isGone)
    {
        var lost = _pairs.Exists(pair => pair.IsValid && isGone(pair.LocalAddress));
        _locals.RemoveAll(local => isGone(local.Base));
        foreach (var pair in _pairs.Where(pair => isGone(pair.LocalAddress)).ToList())
        {
            pair.Fail();
            _pairs.Remove(pair);
        }

        return lost;
    }

    /// <summary>Adds a signalled candidate of the peer; false when it is refused.</summary>
    public bool AddRemote(IceCandidate remote, bool isControlling)
    {
        if (!remote.IsWellFormed || !IceAddressRules.IsUnicast(remote.Address))
        {
            return false;
        }

        var known = _remotes.FindIndex(other => SameEndpoint(other.Address, remote.Address));
        if (known >= 0)
        {
            return TryReplacePeerReflexive(known, remote, isControlling);
        }

        if (_signalled == IceLimits.MaxRemoteCandidates)
        {
            return false;
        }

        _signalled++;
        _remotes.Add(remote);
        PairWithAll(remote, isControlling);
        return true;
    }

    /// <summary>The pair of two addresses; made now, with a peer-reflexive candidate, when a check shows it first.</summary>
    public IceCandidatePair? FindOrAdd(
        TransportAddress local,
        TransportAddress remote,
        uint priority,
        bool isControlling,
        IceCandidatePair? inUse,
        Instant now
    )
    {
        if (Find(local, remote) is { } pair)
        {
            return pair;
        }

        var candidate = _remotes.Find(other => SameEndpoint(other.Address, remote));
        if (candidate is null)
        {
            if (_peerReflexive == IceLimits.MaxPeerReflexive && !TryForgetPeerReflexive(inUse, now))
            {
                return null;
            }

            _peerReflexive++;
            var foundation = $"prflx{++_foundations}";
            candidate = new IceCandidate(IceCandidateType.PeerReflexive, remote, priority, foundation);
            _remotes.Add(candidate);
        }

        // RFC 8445 section 7.3.1.4: only with the address it was seen at, not with all
        Pair(_locals.Find(other => IsPaired(other) && other.Base == local), candidate);
        Sort(isControlling);
        return Find(local, remote);
    }

    /// <summary>The pair of two addresses, if there is one.</summary>
    public IceCandidatePair? Find(TransportAddress local, TransportAddress remote)
    {
        foreach (var pair in _pairs)
        {
            if (pair.RemoteAddress == remote && pair.LocalAddress == local)
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>Whether one of our own addresses can have received something from that one.</summary>
    public bool CanReceive(TransportAddress local, TransportAddress remote) =>
        IceAddressRules.IsUnicast(remote)
        && IceAddressRules.CanPair(local, remote)
        && _locals.Exists(candidate => candidate.Base == local);

    /// <summary>Computes all priorities anew after the roles changed, and sorts by them.</summary>
    public void Sort(bool isControlling)
    {
        foreach (var pair in _pairs)
        {
            pair.UpdatePriority(isControlling);
        }

        _pairs.Sort((left, right) => right.Priority.CompareTo(left.Priority));
        // RFC 8445 section 6.1.2.5: the lowest go, but never one that has been tried
        for (var i = _pairs.Count - 1; i >= 0 && _pairs.Count > IceLimits.MaxPairs; i--)
        {
            if (_pairs[i].State == IcePairState.Waiting)
            {
                _pairs.RemoveAt(i);
            }
        }
    }

    /// <summary>Has pairs that failed tried again: the network is another one.</summary>
    public void ReviveAll()
    {
        foreach (var pair in _pairs.Where(pair => pair.State == IcePairState.Failed))
        {
            pair.State = IcePairState.Waiting;
            pair.Restart();
        }
    }

    private void Add(IceLocalCandidate local, bool isControlling)
    {
        _locals.Add(local);
        _remotes.ForEach(remote => Pair(local, remote));
        Sort(isControlling);
    }

    private static bool CanPair(IceLocalCandidate local, IceCandidate remote) =>
        local.Candidate.Type == IceCandidateType.Relayed
            ? IceAddressRules.CanRelay(local.Base, remote.Address)
            : IceAddressRules.CanPair(local.Base, remote.Address);

    private static bool SameEndpoint(TransportAddress left, TransportAddress right) =>
        left == right || IceAddressRules.InScopeOf(left, right) == left;

    // RFC 8445 section 6.1.2.4: a reflexive candidate would only double the pairs of its base
    private static bool IsPaired(IceLocalCandidate local) =>
        local.Candidate.Type is IceCandidateType.Host or IceCandidateType.Relayed;

    private void PairWithAll(IceCandidate remote, bool isControlling)
    {
        _locals.ForEach(local => Pair(local, remote));
        Sort(isControlling);
    }

    private void Pair(IceLocalCandidate? local, IceCandidate remote)
    {
        if (
            local is not null
            && IsPaired(local)
            && CanPair(local, remote)
            && Find(local.Base, IceAddressRules.InScopeOf(local.Base, remote.Address)) is null
        )
        {
            _pairs.Add(new IceCandidatePair(local, remote));
        }
    }

    // A peer that moves from network to network shows a new address each time: the one whose pairs are silent longest makes room.
    private bool TryForgetPeerReflexive(IceCandidatePair? inUse, Instant now)
    {
        var oldest = _remotes
            .Where(remote => remote.Type == IceCandidateType.PeerReflexive)
            .Select(remote => (Remote: remote, Pairs: _pairs.FindAll(pair => pair.Remote == remote)))
            .Where(one =>
                one.Pairs.TrueForAll(pair =>
                    pair != inUse && (pair.IsStale(now) || pair.State == IcePairState.Failed)
                )
            )
            .OrderBy(one => one.Pairs.Select(pair => pair.LastAnswerAt).DefaultIfEmpty(Instant.Origin).Max())
            .FirstOrDefault();
        if (oldest.Remote is null)
        {
            return false;
        }

        oldest.Pairs.ForEach(pair => pair.Fail());
        _pairs.RemoveAll(oldest.Pairs.Contains);
        _remotes.Remove(oldest.Remote);
        _peerReflexive--;
        return true;
    }

    // The checks of the pair go on; only what signalling knows better changes (RFC 8838 section 11.4).
    private bool TryReplacePeerReflexive(int index, IceCandidate remote, bool isControlling)
    {
        var known = _remotes[index];
        if (
            known.Type != IceCandidateType.PeerReflexive
            || remote.Type == IceCandidateType.PeerReflexive
            || _signalled == IceLimits.MaxRemoteCandidates
        )
        {
            return false;
        }

        _remotes[index] = remote;
        _peerReflexive--;
        _signalled++;
        foreach (var pair in _pairs)
        {
            pair.Remote = pair.Remote == known ? remote : pair.Remote;
        }

        PairWithAll(remote, isControlling);
        return true;
    }
}
