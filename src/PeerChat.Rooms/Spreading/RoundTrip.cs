namespace PeerChat.Rooms.Spreading;

/// <summary>A smoothed round trip, as RFC 6298 section 2 smooths it, within bounds.</summary>
internal sealed class RoundTrip
{
    /// <summary>Before the first measurement; n0's gossip is tuned for half of it (graft after 80 ms), the internet is slower.</summary>
    public static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(200);

    /// <summary>Below this a timer would only measure how busy the machines are.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(40);

    /// <summary>Above this the path is as good as broken; a hostile peer can so not stretch the timers without end.</summary>
    public static readonly TimeSpan Greatest = TimeSpan.FromSeconds(2);

    private TimeSpan? _smoothed;

    /// <summary>The smoothed value.</summary>
    public TimeSpan Value => _smoothed ?? Initial;

    /// <summary>Takes a measurement in.</summary>
    public void Add(TimeSpan sample)
    {
        var bounded = TimeSpan.FromTicks(Math.Clamp(sample.Ticks, Least.Ticks, Greatest.Ticks));
        _smoothed = _smoothed is { } before ? (before * 0.875) + (bounded * 0.125) : bounded;
    }
}
