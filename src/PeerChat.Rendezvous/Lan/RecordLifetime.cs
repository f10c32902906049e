using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>How long a record from the network is believed, and when it should be asked for again (RFC 6762 section 5.2).</summary>
internal sealed class RecordLifetime
{
    // RFC 6762 section 5.2: ask again at 80, 85, 90 and 95 per cent.
    private const int FirstRefreshPercent = 80;
    private const int RefreshStepPercent = 5;

    // RFC 6762 section 10.1: what is withdrawn stays one second, so that another owner can step in.
    private static readonly TimeSpan WithdrawalGrace = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _ttl;
    private readonly double _jitterPercent;
    private int _nextPercent = FirstRefreshPercent;

    /// <summary>Starts a lifetime.</summary>
    /// <param name="now">When the record came.</param>
    /// <param name="ttl">Its seconds as received.</param>
    /// <param name="maxTtl">The most seconds that are believed.</param>
    /// <param name="jitterPercent">0 to 2, so that not all who heard the record ask for it at once.</param>
    public RecordLifetime(Instant now, uint ttl, uint maxTtl, double jitterPercent)
    {
        Received = now;
        _ttl = TimeSpan.FromSeconds(Math.Min(ttl, maxTtl));
        _jitterPercent = jitterPercent;
        Expires = now + _ttl;
        if (ttl == 0)
        {
            Withdraw(now);
        }
    }

    /// <summary>When the record came.</summary>
    public Instant Received { get; }

    /// <summary>When the record is no longer believed.</summary>
    public Instant Expires { get; private set; }

    /// <summary>Whether its owner took it back.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>When to ask for the record again; null when it has been asked for often enough.</summary>
    public Instant? NextRefresh =>
        _nextPercent < 100 ? Received + (_ttl * ((_nextPercent + _jitterPercent) / 100)) : null;

    /// <summary>When something happens next.</summary>
    public Instant NextDeadline => NextRefresh is { } refresh ? Instant.Min(refresh, Expires) : Expires;

    /// <summary>Whole seconds left.</summary>
    public uint Remaining(Instant now) => (uint)Math.Max(0, (long)(Expires - now).TotalSeconds);

    /// <summary>Whether more than half of the life lies ahead, as a known answer must have (RFC 6762 section 7.1).</summary>
    public bool IsFresh(Instant now) => Expires - now > _ttl / 2;

    /// <summary>Whether a later set of records makes this one void (RFC 6762 section 10.2).</summary>
    public bool IsOlderThanFlush(Instant now) => now - Received > WithdrawalGrace;

    /// <summary>Lets the record end in a second.</summary>
    public void Withdraw(Instant now)
    {
        IsWithdrawn = true;
        Expires = Instant.Min(Expires, now + WithdrawalGrace);
        if (_ttl == TimeSpan.Zero)
        {
            Expires = now + WithdrawalGrace;
        }

        _nextPercent = 100;
    }

    /// <summary>Whether a refresh is due; each is due once.</summary>
    public bool TryTakeRefresh(Instant now)
    {
        var due = NextRefresh <= now;
        while (NextRefresh <= now)
        {
            _nextPercent += RefreshStepPercent;
        }

        return due;
    }
}
