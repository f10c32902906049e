namespace PeerChat.WebRtc.Ice;

/// <summary>The limits and times of the ICE agent, each with its origin.</summary>
internal static class IceLimits
{
    /// <summary>Own addresses; a host with more interfaces picks (guess).</summary>
    public const int MaxLocalCandidates = 16;

    /// <summary>Own candidates beside those: of servers, and of addresses that came later.</summary>
    public const int MaxGatheredCandidates = 16;

    /// <summary>Signalled candidates of the peer: more would make us a tool for scanning others (guess).</summary>
    public const int MaxRemoteCandidates = 30;

    /// <summary>Candidates of the peer that only checks showed (guess: a peer behind NAT shows one per own address).</summary>
    public const int MaxPeerReflexive = 10;

    /// <summary>Pairs in the checklist (RFC 8445 section 6.1.2.5).</summary>
    public const int MaxPairs = 100;

    /// <summary>Checks kept from before the peer's description (guess).</summary>
    public const int MaxEarlyChecks = 8;

    /// <summary>Checks to an address that never answered: with the waits below about 15 seconds.</summary>
    public const int MaxChecksPerPair = 10;

    /// <summary>How many first checks of a session go out in quick succession.</summary>
    public const int FastStartChecks = 10;

    /// <summary>Between checks of the fast start: the floor that RFC 8445 section 14.2 sets for one host.</summary>
    public static readonly TimeSpan FastPace = TimeSpan.FromMilliseconds(5);

    /// <summary>Between later checks: Ta (RFC 8445 section 14.2).</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>First wait for an answer on a pair of near addresses: twice what a bad wireless link needs (guess).</summary>
    public static readonly TimeSpan NearRetransmission = TimeSpan.FromMilliseconds(50);

    /// <summary>First wait for an answer elsewhere (RFC 8445 section 14.3).</summary>
    public static readonly TimeSpan FarRetransmission = TimeSpan.FromMilliseconds(500);

    /// <summary>The wait doubles up to this, so that a path that opens late is still found in time (guess).</summary>
    public static readonly TimeSpan MaxRetransmission = TimeSpan.FromSeconds(2);

    /// <summary>Least time between two checks on a pair that the peer's checks trigger: they would multiply otherwise.</summary>
    public static readonly TimeSpan TriggeredSpacing = TimeSpan.FromMilliseconds(20);

    /// <summary>Least time a controlling agent looks for a better pair after the first success (guess).</summary>
    public static readonly TimeSpan NominationDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Without any valid pair for this long after both descriptions, the session has failed.</summary>
    public static readonly TimeSpan FailureTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Between consent checks, before jitter (RFC 7675 section 5.1).</summary>
    public static readonly TimeSpan ConsentInterval = TimeSpan.FromSeconds(5);

    /// <summary>The jitter is this part of the interval, either way (RFC 7675 section 5.1).</summary>
    public const double ConsentJitter = 0.2;

    /// <summary>Consent ends this long after the last answer (RFC 7675 section 5.1).</summary>
    public static readonly TimeSpan ConsentTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A valid pair whose check is not answered so long is checked again, then after twice the time, up to <see cref="MaxProbe"/>: who waits for
    /// the next consent check learns only after five seconds that a path is gone (guess: a bad wireless link recovers meanwhile).
    /// </summary>
    public static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between checks on a valid pair that does not answer: at most 34 until consent ends.</summary>
    public static readonly TimeSpan MaxProbe = TimeSpan.FromSeconds(1);

    /// <summary>So many checks in a row without an answer, over <see cref="StaleAfter"/>, and the pair gives way to one that answers; two get lost by chance.</summary>
    public const int StaleChecks = 3;

    /// <summary>The least time over which those checks were not answered; four round trips where they take longer.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMilliseconds(700);

    /// <summary>While no pair answers, those that failed before are tried again so often: the network may be another one.</summary>
    public static readonly TimeSpan RevivalInterval = TimeSpan.FromSeconds(5);

    /// <summary>Data that comes by another pair than the selected one is reason to check that one, once in so long.</summary>
    public static readonly TimeSpan StrayInterval = TimeSpan.FromSeconds(1);

    /// <summary>An answer later than this belongs to no request any more.</summary>
    public static readonly TimeSpan TransactionLifetime = TimeSpan.FromSeconds(15);

    /// <summary>An agent whose addresses went away has so long to find another path; the peer's own consent lasts as long.</summary>
    public static readonly TimeSpan RescueTime = ConsentTimeout;

    /// <summary>An offer to restart that is not answered so long is withdrawn (guess: longer than any outage that consent survives).</summary>
    public static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(40);

    /// <summary>After a restart the former paths are taken data in from so long: the peer uses them until its new one is valid.</summary>
    public static readonly TimeSpan RetirementTime = TimeSpan.FromSeconds(15);
}
