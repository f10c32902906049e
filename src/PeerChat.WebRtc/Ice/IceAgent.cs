using System.Text;
using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Ice;

/// <summary>A full ICE agent for one component: finds the paths to the peer, picks one and watches it (RFC 8445, 8838, 7675).</summary>
/// <remarks>
/// <para>After each call: drain <see cref="TryTakeTransmit"/>, look at <see cref="State"/>, wait for input or <see cref="NextDeadline"/>.</para>
/// <para>
/// Every check is a transaction of its own, repetitions too: an answer then tells exactly which check it answers, and
/// so the round-trip time, and each repetition carries the role and nomination of its own moment.
/// </para>
/// </remarks>
internal sealed partial class IceAgent
{
    private readonly IEntropy _entropy;
    private readonly IceRole _role;
    private readonly IceTransactions _transactions;
    private readonly IceCheckList _checkList = new();
    private readonly IceEarlyChecks _earlyChecks = new();
    private readonly Queue<Datagram> _transmits = new();
    private IceCredentials? _remote;
    private int _ordinaryChecks;
    private Instant _nextOrdinaryCheckAt;
    private Instant? _nominateAt;
    private Instant? _failAt;
    private Instant? _rescueUntil;

    /// <summary>Makes an agent with one host candidate per address.</summary>
    /// <exception cref="ArgumentException">An address is not that of one host, comes twice, or there are too many.</exception>
    public IceAgent(bool isControlling, IReadOnlyList<TransportAddress> localAddresses, IEntropy entropy)
    {
        _entropy = entropy;
        _role = new IceRole(isControlling, entropy);
        _transactions = new IceTransactions(entropy);
        LocalCredentials = IceCredentials.Create(entropy);
        foreach (var candidate in IceHostCandidates.From(localAddresses))
        {
            _checkList.AddLocal(candidate, isControlling);
        }
    }

    /// <summary>Where the agent stands.</summary>
    public IceAgentState State { get; private set; }

    /// <summary>Whether this agent nominates; role conflicts may change it.</summary>
    public bool IsControlling => _role.IsControlling;

    /// <summary>The own credentials, to be signalled.</summary>
    public IceCredentials LocalCredentials { get; }

    /// <summary>The own candidates, to be signalled.</summary>
    public IEnumerable<IceCandidate> LocalCandidates => _checkList.Locals.Select(local => local.Candidate);

    /// <summary>The pairs, best first.</summary>
    public IReadOnlyList<IceCandidatePair> Pairs => _checkList.Pairs;

    /// <summary>The pair to send data on: nominated if there is one, else the best valid one.</summary>
    public IceCandidatePair? Selected { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline { get; private set; }

    /// <summary>Datagrams that made no sense, or were not authentic, or came too many.</summary>
    public long Dropped { get; private set; }

    /// <summary>Candidates of the peer that were not taken.</summary>
    public long RefusedCandidates { get; private set; }

    /// <summary>How long checks are tried before all is given up; longer where the other side begins late.</summary>
    public TimeSpan Patience { get; set; } = IceLimits.FailureTimeout;

    private bool IsOver => State is IceAgentState.Failed or IceAgentState.ConsentLost;

    /// <summary>Takes the peer's description in, and starts the checks.</summary>
    /// <exception cref="InvalidOperationException">It was there already.</exception>
    public void SetRemote(IceCredentials remote, IEnumerable<IceCandidate> candidates, Instant now)
    {
        if (_remote is not null)
        {
            throw new InvalidOperationException("The peer's description is already set.");
        }

        _remote = remote;
        State = IceAgentState.Checking;
        _failAt = now + Patience;
        foreach (var candidate in candidates)
        {
            AddRemote(candidate);
        }

        foreach (var check in _earlyChecks.TakeAll(remote.Ufrag))
        {
            HandleCheck(check, now);
        }

        Advance(now);
    }

    /// <summary>Takes one more candidate of the peer in (RFC 8838 section 11).</summary>
    public void AddRemoteCandidate(IceCandidate candidate, Instant now)
    {
        if (_remote is null)
        {
            throw new InvalidOperationException("The peer's description comes before further candidates.");
        }

        if (!IsOver)
        {
            AddRemote(candidate);
            Advance(now);
        }
    }

    /// <summary>Adds own candidates that servers gave; they are paired, and the caller signals them.</summary>
    public void AddGathered(IReadOnlyList<GatheredCandidate> gathered, Instant now)
    {
        for (var i = 0; i < gathered.Count; i++)
        {
            _checkList.TryAddLocal(IceHostCandidates.From(gathered[i], i), IsControlling);
        }

        Advance(now);
    }

    /// <summary>
    /// The own addresses are others now. Paths from those that went are over; new ones are tried at once with what is known of the peer, who
    /// learns them from the checks. So a connection survives a change on one side without a word being exchanged.
    /// </summary>
    public void SetLocals(
        IReadOnlyList<TransportAddress> localAddresses,
        IReadOnlyList<GatheredCandidate> gathered,
        Instant now
    )
    {
        if (IsOver)
        {
            return;
        }

        var bases = localAddresses.Concat(gathered.Select(candidate => candidate.Base)).ToHashSet();
        var lost = _checkList.RemoveLocals(address => !bases.Contains(address));
        foreach (var candidate in IceHostCandidates.From(localAddresses))
        {
            _checkList.TryAddLocal(candidate, IsControlling);
        }

        _checkList.ReviveAll();
        if (lost && State == IceAgentState.Connected)
        {
            _rescueUntil = now + IceLimits.RescueTime;
        }

        _lostAt = lost ? now : _lostAt;
        _ordinaryChecks = 0; // a new start, and a quick one
        AddGathered(gathered, now);
    }

    /// <summary>Takes a STUN message in; false when it is not for this agent, or no use to it.</summary>
    public bool HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        ReadOnlySpan<byte> datagram
    )
    {
        if (IsOver)
        {
            return false;
        }

        var understood =
            StunMessage.TryParse(datagram, out var message)
            && _checkList.CanReceive(local, remote)
            && message.Header.Type switch
            {
                StunMessageType.BindingRequest => HandleRequest(message, local, remote, now),
                StunMessageType.BindingSuccess => HandleSuccess(message, local, remote, now),
                StunMessageType.BindingError => HandleError(message, local, remote, now),
                StunMessageType.BindingIndication => true,
                _ => false,
            };
        if (!understood)
        {
            Dropped++;
            return false;
        }

        Advance(now);
        return true;
    }

    /// <summary>Repeats checks, renews consent, nominates or gives up, whatever is due.</summary>
    public void HandleDeadline(Instant now)
    {
        if (NextDeadline is not { } deadline || now < deadline)
        {
            return;
        }

        foreach (var pair in _checkList.Pairs)
        {
            CheckPair(pair, now);
        }

        if (_failAt <= now)
        {
            _failAt = null;
            State = IceAgentState.Failed;
        }

        _transactions.ForgetOld(now);
        Advance(now);
    }

    /// <summary>The next datagram to send, if one is waiting.</summary>
    public bool TryTakeTransmit(out Datagram datagram) => _transmits.TryDequeue(out datagram);

    /// <summary>Whether data may come in on this path: one on which the peer answered a check and still consents.</summary>
    public bool IsValid(TransportAddress local, TransportAddress remote) =>
        _checkList.Find(local, remote) is { IsValid: true };

    /// <summary>Whether an authentic check came in on this path.</summary>
    public bool WasChecked(TransportAddress local, TransportAddress remote) =>
        _earlyChecks.Contains(local, remote) || _checkList.Find(local, remote) is { WasCheckedByPeer: true };

    private bool HandleRequest(
        in StunMessage request,
        TransportAddress local,
        TransportAddress remote,
        Instant now
    )
    {
        // RFC 8489 section 9.1.3 wants 400 or 401 here; silence does not tell strangers that somebody is listening.
        if (
            !IceMessages.TrySplitUsername(request.Username, out var receiver, out var sender)
            || !IsText(receiver, LocalCredentials.Ufrag)
            || (_remote is not null && !IsText(sender, _remote.Ufrag))
            || !request.VerifyIntegrity(LocalCredentials.Key)
        )
        {
            return false;
        }

        var id = request.Header.TransactionId;
        if (!request.UnknownAttributes.IsEmpty)
        {
            Refuse(id, StunErrorCode.UnknownAttribute, local, remote, request.UnknownAttributes);
        }
        else if (!SettleRoles(request))
        {
            Refuse(id, StunErrorCode.RoleConflict, local, remote);
        }
        else if (request.Priority is not { } priority || priority is 0 or > IceCandidate.MaxPriority)
        {
            Refuse(id, StunErrorCode.BadRequest, local, remote);
        }
        else
        {
            Transmit(local, remote, IceMessages.Success(id, LocalCredentials, remote));
            var check = new IceCheck(local, remote, priority, request.UseCandidate);
            if (_remote is null)
            {
                return _earlyChecks.TryAdd(Encoding.UTF8.GetString(sender), check);
            }

            HandleCheck(check, now);
        }

        return true;
    }

    // False when the peer has to take the other role.
    private bool SettleRoles(in StunMessage request)
    {
        var verdict = _role.Judge(request);
        if (verdict == IceRoleVerdict.WeYield)
        {
            _role.Switch();
            RoleChanged();
        }

        return verdict != IceRoleVerdict.PeerYields;
    }

    private void RoleChanged()
    {
        _nominateAt = null;
        foreach (var pair in _checkList.Pairs)
        {
            pair.IsNominating = false;
        }

        _checkList.Sort(IsControlling);
    }

    // RFC 8445 sections 7.3.1.3 to 7.3.1.5
    private void HandleCheck(in IceCheck check, Instant now)
    {
        var pair = _checkList.FindOrAdd(
            check.Local,
            check.Remote,
            check.Priority,
            IsControlling,
            Selected,
            now
        );
        if (pair is null)
        {
            Dropped++;
            return;
        }

        pair.WasCheckedByPeer = true;
        pair.IsNominating |= check.UseCandidate && !IsControlling;
        if (pair.IsValid)
        {
            pair.IsNominated |= pair.IsNominating && !IsControlling;
            return;
        }

        if (pair.State != IcePairState.InProgress)
        {
            pair.Restart();
            SendCheck(pair, now);
        }
        else if (now - pair.LastSentAt >= IceLimits.TriggeredSpacing)
        {
            SendCheck(pair, now);
        }
    }

    private bool HandleSuccess(
        in StunMessage response,
        TransportAddress local,
        TransportAddress remote,
        Instant now
    )
    {
        if (
            _remote is null
            || response.MappedAddress is null
            || !_transactions.TryTake(response, local, remote, _remote.Key, out var check)
        )
        {
            return false;
        }

        var pair = check.Pair;
        var wasValid = pair.IsValid;
        pair.CheckAnswered(check.SentAt, now);
        if (check.UseCandidate && IsControlling && pair.IsNominating)
        {
            pair.IsNominated = true;
        }
        else if (!IsControlling)
        {
            pair.IsNominated |= pair.IsNominating;
        }

        if (!wasValid || pair.IsNominated || !(IsControlling && pair.IsNominating))
        {
            pair.ScheduleConsent(NextConsentCheck(now));
        }

        if (!wasValid && Selected is { } former && former != pair)
        {
            ProbePair(former, IceLimits.FirstProbe, now); // the peer may have moved from there to here
        }

        if (_failAt is not null)
        {
            _failAt = null;
            State = IceAgentState.Connected;
            var rtt = pair.RoundTripTime.GetValueOrDefault();
            _nominateAt = now + (rtt > IceLimits.NominationDelay ? rtt : IceLimits.NominationDelay);
        }

        return true;
    }

    private bool HandleError(
        in StunMessage response,
        TransportAddress local,
        TransportAddress remote,
        Instant now
    )
    {
        if (_remote is null || !_transactions.TryTake(response, local, remote, _remote.Key, out var check))
        {
            return false;
        }

        var pair = check.Pair;
        if (response.ErrorCode == (int)StunErrorCode.RoleConflict)
        {
            // RFC 8445 section 7.2.5.1; a role that has changed since this check left is already the right one
            if (check.WasControlling == IsControlling)
            {
                _role.Yield();
                RoleChanged();
            }

            SendCheck(pair, now);
        }
        else if (pair.State == IcePairState.InProgress)
        {
            pair.Fail(); // RFC 8445 section 7.2.5.2.4
        }

        return true;
    }

    private void CheckPair(IceCandidatePair pair, Instant now)
    {
        if (pair.IsValid && pair.ConsentExpiresAt <= now)
        {
            pair.Fail();
        }
        else if (pair.NextCheckAt <= now)
        {
            var isExhausted =
                pair.ChecksSent >= IceLimits.MaxChecksPerPair && Patience <= IceLimits.FailureTimeout;
            if (pair.State == IcePairState.InProgress && isExhausted)
            {
                pair.Fail();
            }
            else
            {
                SendCheck(pair, now);
            }
        }
    }

    // What has to be looked at again after every input.
    private void Advance(Instant now)
    {
        if (State == IceAgentState.Connected)
        {
            Nominate(now);
            Select(now);
            Revive(now);
        }

        SendOrdinaryChecks(now);
        NextDeadline = IsOver ? null : FindDeadline(now);
    }

    // RFC 8445 section 8.1.1, except that a better pair is nominated again when it turns up later: peers follow.
    private void Nominate(Instant now)
    {
        if (!IsControlling)
        {
            return;
        }

        // the pairs are sorted: the first is the best
        var candidates = _checkList.Pairs.Where(pair => pair.IsValid && !pair.IsStale(now));
        if (candidates.FirstOrDefault() is not { } best)
        {
            return;
        }

        var current = candidates.FirstOrDefault(pair => pair.IsNominating);
        if (current is not null && current.Priority >= best.Priority)
        {
            return;
        }

        var mayGetBetter = _checkList.Pairs.Any(pair =>
            pair.Priority > best.Priority && pair.State is IcePairState.Waiting or IcePairState.InProgress
        );
        if (current is null && mayGetBetter && now < _nominateAt)
        {
            return;
        }

        foreach (var pair in _checkList.Pairs)
        {
            pair.IsNominating = false;
        }

        best.IsNominating = true;
        best.Restart();
        SendCheck(best, now);
    }

    private void Select(Instant now)
    {
        Selected = _checkList
            .Pairs.Where(pair => pair.IsValid)
            .MaxBy(pair => (!pair.IsStale(now), pair.IsNominated, pair.Priority));
        if (Selected is null)
        {
            State = _rescueUntil > now ? State : IceAgentState.ConsentLost;
            return;
        }

        _rescueUntil = null;

        if (!Selected.IsNominated || Selected.IsStale(now))
        {
            return;
        }

        // RFC 8445 section 8.1.2: what cannot be better than the nominated pair is not checked any further
        foreach (var pair in _checkList.Pairs)
        {
            if (
                pair.State is IcePairState.Waiting or IcePairState.InProgress
                && pair.Priority < Selected.Priority
            )
            {
                pair.Fail();
            }
        }
    }

    private void SendOrdinaryChecks(Instant now)
    {
        while (State is IceAgentState.Checking or IceAgentState.Connected && now >= _nextOrdinaryCheckAt)
        {
            if (_checkList.Pairs.FirstOrDefault(pair => pair.State == IcePairState.Waiting) is not { } pair)
            {
                return;
            }

            // The only pair of two hosts is nominated by its first check: there is nothing to choose from.
            pair.IsNominating |=
                IsControlling && _checkList.Pairs.Count == 1 && pair.Remote.Type == IceCandidateType.Host;
            _ordinaryChecks++;
            _nextOrdinaryCheckAt =
                now + (_ordinaryChecks < IceLimits.FastStartChecks ? IceLimits.FastPace : IceLimits.Pace);
            SendCheck(pair, now);
        }
    }

    private void SendCheck(IceCandidatePair pair, Instant now)
    {
        if (_remote is null)
        {
            return;
        }

        var useCandidate = IsControlling && pair.IsNominating;
        var check = new IceOutstandingCheck(pair, now, IsControlling, useCandidate);
        var request = IceMessages.Request(
            _transactions.Add(check),
            LocalCredentials,
            _remote,
            IcePriority.AsPeerReflexive(pair.Local.Candidate.Priority),
            IsControlling,
            _role.TieBreaker,
            useCandidate
        );
        Transmit(pair.LocalAddress, pair.RemoteAddress, request);

        var isConsent = pair.IsValid && (!useCandidate || pair.IsNominated);
        var isTried = pair.ChecksSent < IceLimits.MaxChecksPerPair;
        pair.CheckSent(
            now,
            isConsent || (pair.IsValid && !isTried)
                ? null
                : now + pair.RetransmissionTimeout(CountOpenPairs())
        );
    }

    private void Refuse(
        StunTransactionId id,
        StunErrorCode code,
        TransportAddress local,
        TransportAddress remote,
        ReadOnlySpan<ushort> unknownAttributes = default
    ) => Transmit(local, remote, IceMessages.Error(id, LocalCredentials, code, unknownAttributes));

    private void Transmit(TransportAddress local, TransportAddress remote, byte[] message) =>
        _transmits.Enqueue(new Datagram(local, remote, message));

    private Instant NextConsentCheck(Instant now) =>
        now
        + _entropy.NextTimeSpan(
            IceLimits.ConsentInterval * (1 - IceLimits.ConsentJitter),
            IceLimits.ConsentInterval * (1 + IceLimits.ConsentJitter)
        );

    private int CountOpenPairs() =>
        _checkList.Pairs.Count(pair => pair.State is IcePairState.Waiting or IcePairState.InProgress);

    private Instant? FindDeadline(Instant now)
    {
        var deadline = Instant.Earliest(_failAt, _rescueUntil);
        foreach (var pair in _checkList.Pairs)
        {
            deadline = Instant.Earliest(deadline, pair.NextCheckAt);
            if (pair.State == IcePairState.Waiting && State != IceAgentState.New)
            {
                deadline = Instant.Earliest(deadline, Instant.Max(now, _nextOrdinaryCheckAt));
            }
            else if (pair.IsValid)
            {
                deadline = Instant.Earliest(deadline, pair.ConsentExpiresAt);
                deadline = pair.IsStale(now) ? deadline : Instant.Earliest(deadline, pair.StaleAt);
            }
        }

        if (State == IceAgentState.Connected && Selected?.IsStale(now) == true)
        {
            deadline = Instant.Earliest(deadline, Instant.Max(now, _nextRevival));
        }

        return _nominateAt > now ? Instant.Earliest(deadline, _nominateAt) : deadline;
    }

    private void AddRemote(IceCandidate candidate) =>
        RefusedCandidates += _checkList.AddRemote(candidate, IsControlling) ? 0 : 1;

    private static bool IsText(ReadOnlySpan<byte> bytes, string text) => Ascii.Equals(bytes, text);
}
