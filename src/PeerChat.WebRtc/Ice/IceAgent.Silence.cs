using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>A path that falls silent: noticed within a second, given up only with the consent (RFC 7675).</summary>
/// <remarks>
/// A consent check every five seconds tells of a path that is gone after six at best. So a check on a valid pair that is not answered is
/// repeated soon, and whoever has another reason to doubt has one sent at once: data that is not acknowledged, an error of a socket, a pair that
/// turns up late. A pair that misses three gives way to one that answers; where none does, all that failed are tried again.
/// </remarks>
internal sealed partial class IceAgent
{
    private Instant _nextRevival = Instant.Origin;
    private Instant? _lostAt;

    /// <summary>Since when checks on the path in use are not answered, two of them at least; null while it answers, and before there is one.</summary>
    public Instant? SilentSince =>
        State != IceAgentState.Connected ? null
        : Selected is null ? _lostAt
        : Selected.Unanswered > 1 ? Selected.UnansweredSince
        : null;

    /// <summary>Checks all valid pairs now, but none more often than every <see cref="IceLimits.FirstProbe"/>: there is reason to doubt the path.</summary>
    public void Probe(Instant now)
    {
        if (State != IceAgentState.Connected)
        {
            return;
        }

        foreach (var pair in _checkList.Pairs)
        {
            ProbePair(pair, IceLimits.FirstProbe, now);
        }

        Advance(now);
    }

    /// <summary>Data came by this path. Where that is not the one in use here, the peer had reason to leave that.</summary>
    public void NoteData(TransportAddress local, TransportAddress remote, Instant now)
    {
        if (
            State == IceAgentState.Connected
            && Selected is { } pair
            && (pair.RemoteAddress != remote || pair.LocalAddress != local)
        )
        {
            pair.NoteLeft(now);
            if (ProbePair(pair, IceLimits.StrayInterval, now) || pair.IsStale(now))
            {
                Advance(now);
            }
        }
    }

    private bool ProbePair(IceCandidatePair pair, TimeSpan spacing, Instant now)
    {
        var isDue = pair.IsValid && now - pair.LastSentAt >= spacing;
        if (isDue)
        {
            SendCheck(pair, now);
        }

        return isDue;
    }

    // The pair in use is stale only when all valid ones are
    private void Revive(Instant now)
    {
        if (State == IceAgentState.Connected && Selected?.IsStale(now) == true && now >= _nextRevival)
        {
            _nextRevival = now + IceLimits.RevivalInterval;
            _ordinaryChecks = 0;
            _checkList.ReviveAll();
        }
    }
}
