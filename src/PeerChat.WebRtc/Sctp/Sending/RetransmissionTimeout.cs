namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The smoothed round trip and what follows from it (RFC 9260 section 6.3.1).</summary>
internal sealed class RetransmissionTimeout
{
    /// <summary>Before the first sample (RFC 9260 section 16).</summary>
    public static readonly TimeSpan Initial = TimeSpan.FromSeconds(1);

    /// <summary>Must exceed the peer's delayed SACK, 200 ms at most implementations (measured); the RFC says 1 s.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(250);

    /// <summary>A dead path is noticed by others before longer waits would help; the RFC says 60 s.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MinProbe = TimeSpan.FromMilliseconds(10); // a scheduler's turn
    private int _backoff;

    /// <summary>Starts with the round trip that another layer measured, if it did.</summary>
    public RetransmissionTimeout(TimeSpan? roundTripTime)
    {
        if (roundTripTime is { } sample && sample > TimeSpan.Zero)
        {
            HandleSample(sample);
        }
    }

    /// <summary>The smoothed round trip; null before the first sample.</summary>
    public TimeSpan? Smoothed { get; private set; }

    /// <summary>How much round trips differ from the smoothed one.</summary>
    public TimeSpan Variation { get; private set; }

    /// <summary>How long to wait for an acknowledgement, doubled for each time in a row that none came.</summary>
    public TimeSpan Current
    {
        get
        {
            var plain = Smoothed is { } smoothed ? smoothed + (Variation * 4) : Initial;
            var floored = plain < Min ? Min : plain;
            var doubled = floored * (1 << _backoff);
            return doubled > Max ? Max : doubled;
        }
    }

    /// <summary>
    /// How long to wait before a probe asks whether the last packet was lost: two round trips (RFC 8985 section 7.2). The allowance for a
    /// delayed SACK is not added, because the last chunk asks for one at once. Null before the first sample.
    /// </summary>
    public TimeSpan? Probe =>
        Smoothed is { } smoothed ? Longer(Longer(smoothed * 2, smoothed + (Variation * 4)), MinProbe) : null;

    /// <summary>Takes a round trip in.</summary>
    public void HandleSample(TimeSpan sample)
    {
        if (sample < TimeSpan.Zero)
        {
            return;
        }

        if (Smoothed is { } smoothed)
        {
            Variation = (Variation * 0.75) + ((smoothed - sample).Duration() * 0.25);
            Smoothed = (smoothed * 0.875) + (sample * 0.125);
        }
        else
        {
            Smoothed = sample;
            Variation = sample / 2;
        }

        _backoff = 0;
    }

    /// <summary>Begins anew with the round trip that another layer measured; without one, the old samples stay and the doubling ends.</summary>
    public void Restart(TimeSpan? roundTripTime)
    {
        if (roundTripTime is { } sample && sample > TimeSpan.Zero)
        {
            Smoothed = null;
            HandleSample(sample);
        }

        _backoff = 0;
    }

    /// <summary>No acknowledgement came in time.</summary>
    public void HandleTimeout() => _backoff = Math.Min(_backoff + 1, 6); // 250 ms * 2^6 is over the maximum

    /// <summary>The peer acknowledged something new, if not something that gives a sample.</summary>
    public void HandleProgress() => _backoff = 0;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
