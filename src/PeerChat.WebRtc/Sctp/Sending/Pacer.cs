using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Spreads a window over the round trip (RFC 9002 section 7.7), in portions that share system calls.</summary>
/// <remarks>
/// One number: when all that was sent would have been sent at the pace. What was not used for a while may go at once, up to a bound.
/// Without a round trip of a millisecond there is no pace: no timer is that fine, and no queue on such a path that matters.
/// </remarks>
internal sealed class Pacer
{
    /// <summary>Paths with a shorter round trip are not paced.</summary>
    public static readonly TimeSpan MinRoundTrip = TimeSpan.FromMilliseconds(1);

    /// <summary>How much faster than a window a round trip, so that the window and not the pace limits (RFC 9002 section 7.7).</summary>
    public const double Gain = 1.25;

    /// <summary>The same in slow start, where the window is twice as large a round trip later.</summary>
    public const double SlowStartGain = 2;

    /// <summary>What may always go at once after silence: the first window (RFC 9002 section 7.7).</summary>
    public const int MinBurst = CongestionWindow.InitialBytes;

    /// <summary>What is sent in one portion at most: a batch of the system (UDP_SEGMENT).</summary>
    public const int MaxPortion = 32 * SctpOptions.MaxPacketSize;

    /// <summary>One portion goes in so much time where it is smaller than that: what hosts can wait for.</summary>
    public static readonly TimeSpan Portion = TimeSpan.FromMilliseconds(1);

    /// <summary>What was not sent because the host woke up late is made good up to so much of it (guess: some wake-ups).</summary>
    public static readonly TimeSpan MaxArrears = TimeSpan.FromMilliseconds(4);

    private double _bytesPerTick; // 0: no pace
    private Instant _paidUntil = Instant.Origin;
    private Instant? _heldUntil;

    /// <summary>The present pace in bytes a second; infinite without one.</summary>
    public double BytesPerSecond =>
        _bytesPerTick > 0 ? _bytesPerTick * TimeSpan.TicksPerSecond : double.PositiveInfinity;

    /// <summary>The window or the round trip is another one.</summary>
    public void SetPace(int window, TimeSpan smoothed, TimeSpan shortest, bool isSlowStart) =>
        _bytesPerTick =
            shortest < MinRoundTrip ? 0 : (isSlowStart ? SlowStartGain : Gain) * window / smoothed.Ticks;

    /// <summary>When the next portion may go; null: now.</summary>
    public Instant? NextTime(Instant now)
    {
        if (_bytesPerTick <= 0 || (_heldUntil is null && _paidUntil <= now))
        {
            return null;
        }

        // Once the pace has stopped it, a whole portion comes together before more is sent
        _heldUntil ??= _paidUntil + PortionTime;
        _heldUntil = _heldUntil > now ? _heldUntil : null;
        return _heldUntil;
    }

    /// <summary>So much payload left.</summary>
    public void HandleSent(int bytes, Instant now)
    {
        if (_bytesPerTick <= 0)
        {
            return;
        }

        var burst = TimeSpan.FromTicks(Math.Max(TicksFor(MinBurst), MaxArrears.Ticks));
        _paidUntil = Instant.Max(_paidUntil, now - burst) + TimeSpan.FromTicks(TicksFor(bytes));
    }

    private TimeSpan PortionTime => TimeSpan.FromTicks(Math.Min(Portion.Ticks, TicksFor(MaxPortion)));

    private long TicksFor(int bytes) => (long)(bytes / _bytesPerTick);
}
