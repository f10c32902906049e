namespace PeerChat.WebRtc.Dtls;

/// <summary>How long to wait before a flight is sent again: doubling, within bounds (RFC 6347 section 4.2.4.1).</summary>
/// <remarks>
/// The RFC proposes 1 s doubling to 60 s. ICE has measured the path, so the first wait is two round trips; a lost first
/// hello then costs little.
/// </remarks>
internal sealed class RetransmissionTimer
{
    /// <summary>The least first wait: below it, the peer's computing time counts as loss (guess).</summary>
    public static readonly TimeSpan MinInitial = TimeSpan.FromMilliseconds(30);

    /// <summary>The longest first wait, and the first wait on an unmeasured path (RFC 6347 section 4.2.4.1).</summary>
    public static readonly TimeSpan MaxInitial = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait: a user is waiting too (guess).</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _initial;

    /// <summary>Takes the round-trip time of the path, if it is known.</summary>
    public RetransmissionTimer(TimeSpan? roundTripTime)
    {
        var wanted = roundTripTime is { } rtt ? 2 * rtt : MaxInitial;
        _initial = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, MinInitial.Ticks, MaxInitial.Ticks));
        Interval = _initial;
    }

    /// <summary>The wait after the latest transmission.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>A new flight starts with the first wait again.</summary>
    public void Reset() => Interval = _initial;

    /// <summary>The next wait is twice as long.</summary>
    public void BackOff() => Interval = TimeSpan.FromTicks(Math.Min(Interval.Ticks * 2, Max.Ticks));
}
