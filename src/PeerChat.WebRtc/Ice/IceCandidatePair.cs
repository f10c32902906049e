using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>A local and a remote candidate, and how the checks between them go (RFC 8445 section 6.1.2).</summary>
internal sealed class IceCandidatePair(IceLocalCandidate local, IceCandidate remote)
{
    private const int RttGain = 8; // the weight of a new sample is one eighth, as in RFC 6298 section 2

    /// <summary>The own candidate.</summary>
    public IceLocalCandidate Local { get; } = local;

    /// <summary>The peer's candidate; replaced when signalling tells more about a peer-reflexive one.</summary>
    public IceCandidate Remote { get; set; } = remote;

    /// <summary>Where checks and data leave.</summary>
    public TransportAddress LocalAddress => Local.Base;

    /// <summary>Where checks and data go.</summary>
    public TransportAddress RemoteAddress { get; } = IceAddressRules.InScopeOf(local.Base, remote.Address);

    /// <summary>Where the checks stand.</summary>
    public IcePairState State { get; set; }

    /// <summary>Whether the pair may carry data.</summary>
    public bool IsValid => State == IcePairState.Succeeded;

    /// <summary>The priority; depends on the roles.</summary>
    public ulong Priority { get; private set; }

    /// <summary>Checks sent since the pair last began; limits how long it is tried.</summary>
    public int ChecksSent { get; private set; }

    /// <summary>When the next check is due: a repetition, or a consent check.</summary>
    public Instant? NextCheckAt { get; private set; }

    /// <summary>When the last check left.</summary>
    public Instant LastSentAt { get; private set; }

    /// <summary>When the last check was answered; says something once the pair was valid.</summary>
    public Instant LastAnswerAt { get; private set; }

    /// <summary>Whether an authentic check of the peer came in on this pair.</summary>
    public bool WasCheckedByPeer { get; set; }

    /// <summary>The controlling agent's checks on this pair carry USE-CANDIDATE; the controlled one has seen one.</summary>
    public bool IsNominating { get; set; }

    /// <summary>Nominated and valid.</summary>
    public bool IsNominated { get; set; }

    /// <summary>The round-trip time of the path; null before the first answer.</summary>
    /// <remarks>
    /// A faster answer counts at once, a slower one by an eighth: the first checks hold what starting costs either side, and a consent check
    /// comes only every five seconds, so that an even average would tell of the start for a minute.
    /// </remarks>
    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>When consent ends; meant for a valid pair.</summary>
    public Instant ConsentExpiresAt => LastAnswerAt + IceLimits.ConsentTimeout;

    /// <summary>When the pair counts as stale; meant for a valid pair.</summary>
    public Instant StaleAt => LastAnswerAt + IceLimits.StaleAfter;

    /// <summary>Whether two consent checks in a row were not answered.</summary>
    public bool IsStale(Instant now) => now >= StaleAt;

    /// <summary>Computes the priority anew.</summary>
    public void UpdatePriority(bool isControlling) =>
        Priority = isControlling
            ? IcePriority.OfPair(Local.Candidate.Priority, Remote.Priority)
            : IcePriority.OfPair(Remote.Priority, Local.Candidate.Priority);

    /// <summary>Starts the count of checks, and so the waits between them, from the beginning.</summary>
    public void Restart()
    {
        ChecksSent = 0;
        State = State == IcePairState.Succeeded ? State : IcePairState.Waiting;
    }

    /// <summary>Notes that a check leaves now, and when the next one is due.</summary>
    public void CheckSent(Instant now, Instant? nextCheckAt)
    {
        State = State == IcePairState.Succeeded ? State : IcePairState.InProgress;
        ChecksSent++;
        LastSentAt = now;
        NextCheckAt = nextCheckAt;
    }

    /// <summary>Notes an answer; the pair is valid from here on.</summary>
    public void CheckAnswered(Instant sentAt, Instant now)
    {
        State = IcePairState.Succeeded;
        LastAnswerAt = now;
        var sample = now - sentAt;
        RoundTripTime = RoundTripTime is { } rtt && sample > rtt ? rtt + ((sample - rtt) / RttGain) : sample;
    }

    /// <summary>Sets when the next consent check is due.</summary>
    public void ScheduleConsent(Instant nextCheckAt) => NextCheckAt = nextCheckAt;

    /// <summary>Ends the checks, or the consent, of this pair.</summary>
    public void Fail()
    {
        State = IcePairState.Failed;
        NextCheckAt = null;
        IsNominated = false;
        IsNominating = false;
    }

    /// <summary>How long to wait for an answer before the next check.</summary>
    public TimeSpan RetransmissionTimeout(int openPairs)
    {
        var near = IceAddressRules.IsNearby(LocalAddress) && IceAddressRules.IsNearby(RemoteAddress);
        var paced = IceLimits.Pace * openPairs; // RFC 8445 section 14.3: the more pairs, the slower each
        var first =
            near ? IceLimits.NearRetransmission
            : paced > IceLimits.FarRetransmission ? paced
            : IceLimits.FarRetransmission;
        var wait = first * (1 << Math.Min(ChecksSent, IceLimits.MaxChecksPerPair));
        return wait < IceLimits.MaxRetransmission ? wait : IceLimits.MaxRetransmission;
    }
}
