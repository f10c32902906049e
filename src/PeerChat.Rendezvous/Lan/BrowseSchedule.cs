using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>When the continuous query goes out on one interface.</summary>
internal sealed class BrowseSchedule(Instant firstQuery)
{
    /// <summary>When the next query is due.</summary>
    public Instant NextQuery { get; set; } = firstQuery;

    /// <summary>When the last query went out.</summary>
    public Instant? LastQuery { get; private set; }

    /// <summary>Queries since the start or since the user asked again.</summary>
    public int Queries { get; set; }

    /// <summary>Notes a query, and doubles the wait for the next (RFC 6762 section 5.2).</summary>
    public void Advance(Instant now, TimeSpan firstInterval, TimeSpan maxInterval)
    {
        const int EnoughDoublings = 16; // 2^16 seconds are more than an hour
        var wait = firstInterval * (1 << Math.Min(Queries, EnoughDoublings));
        LastQuery = now;
        Queries++;
        NextQuery = now + (wait < maxInterval ? wait : maxInterval);
    }
}
