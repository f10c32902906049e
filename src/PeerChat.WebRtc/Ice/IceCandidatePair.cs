using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>A local and a remote candidate, and how the checks between them go (RFC 8445 section 6.1.2).</summary>
internal sealed class IceCandidatePair(IceLocalCandidate local, IceCandidate remote)
{
    private const int RttGain = 8; // the weight of a new sample is one eighth, as in RFC 6298 section 2
    private const int StaleRoundTrips = 4;
    private readonly IceCheckHistory _history = new();
    private bool _isLeft;
    private const int ProbeRoundTrips = 2; // an answer that is a little late is no reason to ask again

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

    /// <summary>When the first of the checks left that were not answered; null where the last answer is younger than all of them.</summary>
    public Instant? UnansweredSince { get; private set; }

    /// <summary>Checks sent since the last answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>When the pair counts as stale; null while too few checks are unanswered.</summary>
    public Instant? StaleAt =>
        Unanswered >= IceLimits.StaleChecks
            ? UnansweredSince + Longer(IceLimits.StaleAfter, RoundTrips(StaleRoundTrips))
            : null;

    /// <summary>Whether several checks in a row were not answered in time, or the peer has left; meant for a valid pair.</summary>
    public bool IsStale(Instant now) => _isLeft || StaleAt <= now;

    /// <summary>
    /// The peer sends by another pair now. Unless a check that had its time was answered, this one counts as stale until it is.
    /// </summary>
    public void NoteLeft(Instant now) =>
        _isLeft |= now - UnansweredSince >= Longer(IceLimits.FirstProbe, RoundTrips(ProbeRoundTrips));

    /// <summary>How many checks were lost since the pair is valid.</summary>
    public PathLoss LossAt(Instant now) => _history.At(now);

    /// <summary>How long a valid pair waits for an answer before it is checked again.</summary>
    public TimeSpan ProbeWait
    {
        get
        {
            var wait =
                IceLimits.FirstProbe * (1 << Math.Clamp(Unanswered - 1, 0, IceLimits.MaxChecksPerPair));
            return Longer(wait < IceLimits.MaxProbe ? wait : IceLimits.MaxProbe, RoundTrips(ProbeRoundTrips));
        }
    }

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

    /// <summary>Notes that a check leaves now, and when the next one is due if no answer comes; null: as on a valid pair.</summary>
    public void CheckSent(Instant now, Instant? nextCheckAt)
    {
        State = State == IcePairState.Succeeded ? State : IcePairState.InProgress;
        ChecksSent++;
        if (IsValid)
        {
            _history.Sent(now); // before, nobody knows whether there is a path to lose anything
        }

        Unanswered++;
        UnansweredSince ??= now;
        LastSentAt = now;
        NextCheckAt = nextCheckAt ?? now + ProbeWait;
    }

    /// <summary>Notes an answer; the pair is valid from here on.</summary>
    public void CheckAnswered(Instant sentAt, Instant now)
    {
        State = IcePairState.Succeeded;
        LastAnswerAt = now;
        _history.Answered(sentAt, now);
        (Unanswered, UnansweredSince, _isLeft) = (0, null, false);
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

    private TimeSpan RoundTrips(int count) => RoundTripTime.GetValueOrDefault() * count;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
