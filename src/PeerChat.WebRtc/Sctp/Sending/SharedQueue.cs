using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Whether others fill the queue of the path too, so that keeping it short would only give our share to them.</summary>
/// <remarks>
/// Two signs. A loss while there is a queue, after our own was short: that stays far below what a path drops at. And a queue that does not get
/// shorter as the window does, again and again. Either holds for <see cref="Memory"/>, or longer the more often others turn out to be still there;
/// in that time the window follows RFC 9438 alone.
/// </remarks>
internal sealed class SharedQueue
{
    /// <summary>How long a sign holds: a TCP with CUBIC drops something at least so often on paths that people have (RFC 9438 section 5.1).</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(15);

    /// <summary>How long at most: it doubles each time that they turn out to be still there, for looking costs a share.</summary>
    public static readonly TimeSpan MaxMemory = TimeSpan.FromSeconds(60);

    /// <summary>The shortest queue aimed at: below this, times are the scheduler's (guess).</summary>
    public static readonly TimeSpan MinTarget = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest one (guess: more than this is noticed in a conversation).</summary>
    public static readonly TimeSpan MaxTarget = TimeSpan.FromMilliseconds(50);

    /// <summary>Rounds in which the window was made smaller in vain before others are taken to be there (guess).</summary>
    public const int VainRounds = 3;

    private const double Progress = 0.5; // of what a smaller window takes off the round trip of who is alone (guess)
    private const int TargetDivisor = 2; // half a round trip: enough to use all of the path (guess)
    private Instant? _sharedUntil;
    private int _rounds;
    private (int Window, int Threshold) _before;
    private TimeSpan _last;
    private int _lastWindow;
    private TimeSpan _memory = Memory / 2;
    private double _aloneRate; // bytes per second while the queue was short; zero: not since the last sign, or the start

    /// <summary>How long our own queue may be.</summary>
    /// <param name="shortest">The shortest round trip of the path.</param>
    public static TimeSpan TargetOf(TimeSpan shortest)
    {
        var share = shortest / TargetDivisor;
        return share < MinTarget ? MinTarget
            : share > MaxTarget ? MaxTarget
            : share;
    }

    /// <summary>Whether others are taken to be there.</summary>
    public bool IsShared(Instant now) => now < _sharedUntil;

    /// <summary>The path dropped something at its queue.</summary>
    /// <remarks>
    /// That is a sign only if our own queue was short before: what slow start overshoots by, or CUBIC's window while others are taken to be there,
    /// makes the path drop by itself.
    /// </remarks>
    /// <param name="roundTrip">The least round trip of the last round.</param>
    /// <param name="now">The present.</param>
    /// <returns>The window that slow start may go to because others came; zero when that is not new.</returns>
    public int HandleLoss(TimeSpan roundTrip, Instant now)
    {
        _before = (
            (int)(_before.Window * CongestionWindow.Beta),
            (int)(_before.Threshold * CongestionWindow.Beta)
        );
        return _aloneRate > 0 && !IsShared(now) ? Note(roundTrip, now) : 0;
    }

    /// <summary>A round in which the queue was short enough.</summary>
    /// <param name="window">The window, in bytes.</param>
    /// <param name="roundTrip">The least round trip of the round.</param>
    public void HandleShortQueue(int window, TimeSpan roundTrip) =>
        (_rounds, _aloneRate) = (0, window / roundTrip.TotalSeconds);

    /// <summary>A round in which it was too long.</summary>
    /// <param name="window">The window, in bytes.</param>
    /// <param name="threshold">Where slow start ends; a flow that joins others must not lose it.</param>
    /// <param name="roundTrip">The least round trip of the round.</param>
    /// <param name="now">The present.</param>
    /// <returns>Null when the window is to be made smaller; else what both were before that, in vain.</returns>
    public (int Window, int Threshold)? HandleLongQueue(
        int window,
        int threshold,
        TimeSpan roundTrip,
        Instant now
    )
    {
        _before = _rounds == 0 ? (window, threshold) : _before;
        // Alone the rate is the link's, and the round trip goes with the window
        var expected = _last * (1 - ((double)window / Math.Max(1, _lastWindow)));
        var helped = _rounds > 0 && _last - roundTrip >= expected * Progress;
        _rounds += helped ? 0 : 1;
        (_last, _lastWindow) = (roundTrip, window);
        if (_rounds <= VainRounds)
        {
            return null;
        }

        var fair = Note(roundTrip, now);
        return (_before.Window, Math.Max(_before.Threshold, fair));
    }

    // Who had the link alone is due half of it, and should not need a minute of CUBIC's growth to have it.
    private int Note(TimeSpan roundTrip, Instant now)
    {
        var fair = (int)Math.Min(CongestionWindow.MaxBytes, _aloneRate / 2 * roundTrip.TotalSeconds);
        _memory = _aloneRate > 0 ? Memory : (_memory * 2 < MaxMemory ? _memory * 2 : MaxMemory);
        (_sharedUntil, _rounds, _aloneRate) = (now + _memory, 0, 0);
        return fair;
    }
}
