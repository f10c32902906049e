using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>How many bytes may be under way: CUBIC (RFC 9438), entered by slow start with HyStart++ (RFC 9406).</summary>
/// <remarks>
/// Three things differ. A loss while no queue has formed is no sign of congestion, and the window stays. A queue has formed when the round
/// trip is longer than the shortest one of the path by more than <see cref="QueueShare"/>; a share of lost packets above
/// <see cref="MaxRandomLoss"/> counts as congestion whatever the round trip is. And while no queue forms for some round trips, the window grows by
/// a share of itself, for the path has room. Without that, one lost packet in a hundred on a path of 40 ms
/// limits any window of this kind to 0.35 MB/s. And while nobody else fills the path's queue, the window keeps it to <see cref="SharedQueue.TargetOf"/>,
/// so that what a user says is not behind seconds of bulk; see <see cref="SharedQueue"/>.
/// </remarks>
internal sealed class CongestionWindow
{
    /// <summary>The first window; RFC 6928 found ten packets harmless, RFC 9260 allows about four.</summary>
    public const int InitialBytes = 10 * SctpOptions.MaxPacketSize;

    /// <summary>The least window after a loss (RFC 9260 section 7.2.3).</summary>
    public const int MinBytes = 4 * SctpOptions.MaxPacketSize;

    /// <summary>No path needs more; a peer that acknowledges too early must not make it grow for ever.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>What is left of the window after a loss (RFC 9438 section 4.6).</summary>
    public const double Beta = 0.7;

    /// <summary>The part of the shortest round trip by which a longer one shows a queue (guess; HyStart++ takes the same).</summary>
    public const double QueueShare = 1.0 / 8;

    /// <summary>The share of lost packets that no path loses without congestion (guess; BBR version 2 takes 2 %).</summary>
    public const double MaxRandomLoss = 0.03;

    private const double C = 0.4; // packets per second cubed (RFC 9438 section 5)
    private const double Packet = SctpOptions.MaxPacketSize;
    private const double LossWeight = 1.0 / 512; // of one packet in the share of lost ones (guess: some round trips)
    private const int MinSamples = 8; // RFC 9406 section 4.2: N_RTT_SAMPLE
    private const double Aim = 0.95; // of the longest queue that is short enough: else it is only ever approached
    private const int MinQueueSamples = 4; // of a round, to judge the queue by its least round trip (guess)
    private const int CautiousRounds = 5; // RFC 9406: CSS_ROUNDS
    private const int CautiousDivisor = 4; // RFC 9406: CSS_GROWTH_DIVISOR
    private const int QuietRounds = 3; // then the path has room (guess)
    private const int QuietDivisor = 8; // and the window grows by an eighth a round trip (guess)
    private static readonly TimeSpan MinQueue = TimeSpan.FromMilliseconds(4); // RFC 9406: MIN_RTT_THRESH
    private static readonly TimeSpan MaxQueue = TimeSpan.FromMilliseconds(16); // RFC 9406: MAX_RTT_THRESH

    private int _slowStartThreshold = MaxBytes;
    private Tsn? _recoveryExit;
    private double _lossShare;
    private TimeSpan? _shortest; // round trip of the path
    private TimeSpan? _lastRound; // least round trip of the last round
    private TimeSpan? _thisRound;
    private int _roundSamples;
    private Tsn? _roundEnd;
    private int _quietRounds; // rounds in a row without a queue
    private Instant? _lastCut;
    private Instant? _fullUntil; // two cuts in a row: who came to a queue that others keep has never seen the path without it
    private int _cautious; // rounds of conservative slow start so far, counted from one; zero: none
    private readonly SharedQueue _sharing = new();
    private bool _wasUsed; // in the present round
    private bool _isQueueLong; // as far as it is ours to shorten
    private bool _isShortening; // the samples of this round are of packets that left before the window was made smaller
    private double _windowMax; // in bytes, as all windows here
    private Instant? _epochStart;
    private double _epochWindow;
    private double _k; // seconds from the start of the epoch to the window of the last loss
    private double _renoWindow;

    /// <summary>The window.</summary>
    public int Bytes { get; private set; } = InitialBytes;

    /// <summary>Below this the window grows by slow start.</summary>
    public int SlowStartThreshold => _slowStartThreshold;

    /// <summary>How often the window was cut for a loss.</summary>
    public int Cuts { get; private set; }

    /// <summary>Whether a loss is being repaired; a window is cut once in this time.</summary>
    public bool IsInRecovery => _recoveryExit is not null;

    /// <summary>Whether packets wait somewhere on the path, as the round trips of the present round tell.</summary>
    public bool HasQueue =>
        _shortest is not { } shortest
        || (_thisRound ?? _lastRound) is not { } present
        || present - shortest >= QueueOf(shortest);

    /// <summary>Whether the window doubles each round trip.</summary>
    public bool IsInSlowStart => Bytes < _slowStartThreshold;

    /// <summary>The shortest round trip seen; null before the first.</summary>
    public TimeSpan? ShortestRoundTrip => _shortest;

    /// <summary>A round trip was measured.</summary>
    /// <param name="sample">The round trip.</param>
    /// <param name="cumulativeTsnAck">Where the peer's cumulative TSN ack is now.</param>
    /// <param name="lastTsn">The last TSN sent: when it is acknowledged, a round is over.</param>
    /// <param name="now">The present.</param>
    public void HandleSample(TimeSpan sample, Tsn cumulativeTsnAck, Tsn lastTsn, Instant now)
    {
        if (sample <= TimeSpan.Zero)
        {
            return;
        }

        _shortest = _shortest is { } shortest && shortest < sample ? shortest : sample;
        if (_roundEnd is not { } end || !end.IsAfter(cumulativeTsnAck))
        {
            _roundEnd = lastTsn;
            var samples = _roundSamples;
            (_lastRound, _thisRound, _roundSamples) = (_thisRound ?? _lastRound, null, 0);
            EndRound(samples, now);
        }

        _thisRound = _thisRound is { } least && least < sample ? least : sample;
        _roundSamples++;
        // On a path shorter than the threshold itself the times are the scheduler's, and overshooting is mended at once.
        if (
            Bytes < _slowStartThreshold
            && _shortest >= MinQueue
            && _roundSamples >= MinSamples
            && _lastRound is { } last
        )
        {
            var grew = _thisRound - last >= QueueOf(last);
            _cautious = grew ? Math.Max(1, _cautious) : 0;
        }
    }

    /// <summary>Data was acknowledged.</summary>
    /// <param name="newlyAckedBytes">How much.</param>
    /// <param name="wasFull">Whether the window, and not a lack of data, held back sending before.</param>
    /// <param name="cumulativeTsnAck">Where the peer's cumulative TSN ack is now.</param>
    /// <param name="now">The present.</param>
    public void HandleAcked(int newlyAckedBytes, bool wasFull, Tsn cumulativeTsnAck, Instant now)
    {
        _lossShare *= Math.Pow(1 - LossWeight, newlyAckedBytes / Packet);
        if (_recoveryExit is { } exit)
        {
            if (!exit.IsAfter(cumulativeTsnAck))
            {
                _recoveryExit = null;
            }

            return;
        }

        _wasUsed |= wasFull;
        if (!wasFull || _isQueueLong)
        {
            return;
        }

        // One SACK for much data, as after a timeout without a loss, must not open the window in one leap
        newlyAckedBytes = Math.Min(newlyAckedBytes, Bytes);
        if (Bytes < _slowStartThreshold)
        {
            Grow(_cautious > 0 ? newlyAckedBytes / CautiousDivisor : newlyAckedBytes);
            return;
        }

        if (_quietRounds >= QuietRounds && !(now < _fullUntil))
        {
            _epochStart = null;
            Grow(newlyAckedBytes / QuietDivisor);
            return;
        }

        Grow(CubicIncrease(newlyAckedBytes, now));
    }

    /// <summary>Packets were found lost; cuts the window unless that was done for this round trip, or the loss is none of congestion.</summary>
    /// <param name="lostPackets">How many.</param>
    /// <param name="lastTsn">The last TSN sent; recovery ends when it is acknowledged.</param>
    /// <param name="now">The present.</param>
    public void HandleLoss(int lostPackets, Tsn lastTsn, Instant now)
    {
        _lossShare += (1 - _lossShare) * (1 - Math.Pow(1 - LossWeight, lostPackets));
        if (IsInRecovery || (!HasQueue && _lossShare < MaxRandomLoss))
        {
            return;
        }

        var fair = _sharing.HandleLoss(_thisRound ?? _lastRound ?? TimeSpan.Zero, now);

        // Fast convergence (RFC 9438 section 4.7): who must give way twice in a row leaves room for others
        _windowMax = Bytes < _windowMax ? Bytes * (1 + Beta) / 2 : Bytes;
        _slowStartThreshold = Math.Max((int)(Bytes * Beta), MinBytes);
        Bytes = _slowStartThreshold;
        _slowStartThreshold = Math.Max(_slowStartThreshold, fair);
        _epochStart = null;
        _cautious = 0;
        _recoveryExit = lastTsn;
        _fullUntil =
            _lastCut is { } cut && now - cut < SharedQueue.Memory ? now + SharedQueue.Memory : _fullUntil;
        _lastCut = now;
        Cuts++;
    }

    /// <summary>Nothing was acknowledged for a whole retransmission timeout (RFC 9260 section 6.3.3 E1).</summary>
    public void HandleTimeout()
    {
        _windowMax = Bytes;
        _slowStartThreshold = Math.Max((int)(Bytes * Beta), MinBytes);
        Bytes = SctpOptions.MaxPacketSize;
        _epochStart = null;
        _cautious = 0;
        _recoveryExit = null;
        _isShortening = false;
        _isQueueLong = false; // what is repeated gives no samples, and must not be held to one packet
    }

    private static TimeSpan QueueOf(TimeSpan roundTrip)
    {
        var share = roundTrip * QueueShare;
        return share < MinQueue ? MinQueue
            : share > MaxQueue ? MaxQueue
            : share;
    }

    // A round of few samples says little, and a window of few packets makes no long queue on a path that carries bulk.
    private void ShortenQueue(int samples, Instant now)
    {
        if (_isShortening)
        {
            _isShortening = false;
            return;
        }

        _isQueueLong = false;
        var wasUsed = _wasUsed;
        _wasUsed = false;
        if (!wasUsed)
        {
            return; // then the queue is not this window's
        }

        if (_shortest is not { } shortest || _lastRound is not { } last || samples < MinQueueSamples)
        {
            return;
        }

        var target = shortest + SharedQueue.TargetOf(shortest);
        _isQueueLong = last > target && !_sharing.IsShared(now);
        if (!_isQueueLong)
        {
            if (last <= target && !IsInSlowStart)
            {
                _sharing.HandleShortQueue(Bytes, last);
            }

            return;
        }

        if (_sharing.HandleLongQueue(Bytes, _slowStartThreshold, last, now) is { } before)
        {
            (Bytes, _slowStartThreshold) = before;
            _isQueueLong = false;
            return;
        }

        Bytes = Math.Max(MinBytes, (int)(Bytes * Math.Max(Beta, target * Aim / last)));
        _isShortening = true;
        _slowStartThreshold = Math.Min(_slowStartThreshold, Bytes);
        _windowMax = Bytes;
        _epochStart = null;
        _cautious = 0;
    }

    private void EndRound(int samples, Instant now)
    {
        ShortenQueue(samples, now);
        _quietRounds = HasQueue ? 0 : _quietRounds + 1;
        if (_cautious == 0)
        {
            return;
        }

        _cautious++;
        if (_cautious > CautiousRounds)
        {
            _slowStartThreshold = Bytes;
            _cautious = 0;
        }
    }

    private void Grow(int bytes) => Bytes = (int)Math.Min(MaxBytes, (long)Bytes + bytes);

    private int CubicIncrease(int ackedBytes, Instant now)
    {
        if (_epochStart is not { } start)
        {
            start = now;
            _epochStart = now;
            _epochWindow = Bytes;
            _renoWindow = Bytes;
            _windowMax = Math.Max(_windowMax, Bytes);
            _k = Math.Cbrt((_windowMax - Bytes) / Packet / C);
        }

        var elapsed = (now - start + (_shortest ?? TimeSpan.Zero)).TotalSeconds;
        var target = _windowMax + (C * Math.Pow(elapsed - _k, 3) * Packet);
        target = Math.Clamp(target, Bytes, Bytes * 1.5); // RFC 9438 section 4.2
        // What Reno would have by now (RFC 9438 section 4.3)
        var alpha = _renoWindow < _epochWindow / Beta ? 3 * (1 - Beta) / (1 + Beta) : 1;
        _renoWindow += alpha * Packet * ackedBytes / Bytes;
        var cubic = Bytes + ((target - Bytes) * ackedBytes / Bytes);
        return (int)Math.Max(0, Math.Max(cubic, Math.Min(_renoWindow, Bytes * 1.5)) - Bytes);
    }
}
