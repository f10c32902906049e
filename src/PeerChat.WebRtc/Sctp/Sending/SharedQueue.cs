using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Whether others fill the queue of the path too, so that keeping it short would only give our share to them.</summary>
/// <remarks>
/// Two signs. A loss outside slow start while there is a queue: our own stays far below what a path drops at. And a queue that does not get
/// shorter although the window does, round after round. Either holds for <see cref="Memory"/>, in which the window follows RFC 9438 alone.
/// </remarks>
internal sealed class SharedQueue
{
    /// <summary>How long a sign holds: a TCP with CUBIC drops something at least so often on paths that people have (RFC 9438 section 5.1).</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(15);

    /// <summary>The shortest queue aimed at: below this, times are the scheduler's (guess).</summary>
    public static readonly TimeSpan MinTarget = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest one (guess: more than this is noticed in a conversation).</summary>
    public static readonly TimeSpan MaxTarget = TimeSpan.FromMilliseconds(50);

    /// <summary>Rounds in which the window was made smaller in vain before others are taken to be there (guess).</summary>
    public const int VainRounds = 3;

    private const double Progress = 0.95; // of the last round trip: then making the window smaller helped (guess)
    private const int TargetDivisor = 2; // half a round trip: enough to use all of the path (guess)
    private Instant? _sharedUntil;
    private int _rounds;
    private (int Window, int Threshold) _before;
    private TimeSpan _last;

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
    public void HandleLoss(Instant now) => _sharedUntil = now + Memory;

    /// <summary>A round in which the queue was short enough, or is not ours to shorten.</summary>
    public void HandleShortQueue() => _rounds = 0;

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
        var helped = _rounds > 0 && roundTrip < _last * Progress;
        _rounds += helped ? 0 : 1;
        _last = roundTrip;
        if (_rounds <= VainRounds)
        {
            return null;
        }

        _rounds = 0;
        HandleLoss(now);
        return _before;
    }
}
