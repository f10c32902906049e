namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>
/// Decides by time what is lost (RFC 8985 section 6): a chunk is, once another that left after it has arrived and it had a round trip and
/// the reordering window for it.
/// </summary>
/// <remarks>
/// Two things differ. The three duplicate acknowledgements at which RFC 8985 section 6.2 does without the window count only on a path that has
/// kept the order of <see cref="ProofOfOrder"/> chunks. And how late the path delivers is measured at what it delivers late, not only
/// guessed by one step for each round with a duplicate.
/// </remarks>
/// <param name="timeout">The smoothed round trip.</param>
internal sealed class Rack(RetransmissionTimeout timeout)
{
    /// <summary>Chunks that came in order before a path is taken for one that keeps the order (guess: some windows).</summary>
    public const int ProofOfOrder = 64;

    /// <summary>Chunks acknowledged beyond a gap that show a loss at once on a path that keeps the order (RFC 8985 section 4: DupThresh).</summary>
    public const int DuplicateThreshold = 3;

    /// <summary>Rounds with losses for which a wider window is kept (RFC 8985 section 6.2 step 4).</summary>
    public const int Persistence = 16;

    /// <summary>
    /// The least wait beyond a round trip before a message is given up that may not be repeated. Nobody waits for the repetition, and a late
    /// chunk is worth more than none (guess: more than wireless links and bundled lines reorder by).
    /// </summary>
    public static readonly TimeSpan MinPatience = TimeSpan.FromMilliseconds(30);

    /// <summary>The reordering that is learnt on a path whose round trip is shorter; otherwise the round trip is the bound (guess).</summary>
    public static readonly TimeSpan MinBound = TimeSpan.FromMilliseconds(25);

    private const int WindowDivisor = 4; // RFC 8985 section 6.2: reo_wnd is a quarter of the shortest round trip
    private long _latest; // the latest transmission known to have arrived
    private long _latestBefore; // the same before the present SACK
    private TimeSpan _roundTrip; // of that transmission
    private TimeSpan _lateness; // how much later than its followers a chunk came
    private int _inOrder;
    private int _multiplier = 1;
    private int _persistence;
    private Tsn? _duplicateRound;
    private Tsn? _lossRound;

    /// <summary>The latest transmission that is known to have arrived, by its place among all; what came before it should be there.</summary>
    public long Latest => _latest;

    /// <summary>The shortest round trip seen; null before the first.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>Whether the path was seen to change the order.</summary>
    public bool SawReordering { get; private set; }

    /// <summary>The reordering window.</summary>
    public TimeSpan Window
    {
        get
        {
            var step = (Shortest ?? TimeSpan.Zero) / WindowDivisor * _multiplier;
            var smoothed = timeout.Smoothed ?? TimeSpan.Zero;
            var bounded = step < smoothed ? step : smoothed;
            return bounded > _lateness ? bounded : _lateness;
        }
    }

    /// <summary>How long a chunk has that may be repeated, from its transmission on.</summary>
    /// <param name="ackedBeyond">Chunks that are acknowledged beyond the first gap.</param>
    public TimeSpan LossDelay(int ackedBeyond) =>
        ackedBeyond >= DuplicateThreshold && !SawReordering && _inOrder >= ProofOfOrder
            ? _roundTrip
            : _roundTrip + Window;

    /// <summary>How long a chunk has whose message is given up with it.</summary>
    public TimeSpan GiveUpDelay
    {
        get
        {
            var smoothed = timeout.Smoothed ?? TimeSpan.Zero;
            var spread = timeout.Variation * 4;
            var patience = Window + (spread > MinPatience ? spread : MinPatience);
            return (_roundTrip > smoothed ? _roundTrip : smoothed) + patience;
        }
    }

    /// <summary>A SACK begins; the chunks of one SACK say nothing about the order among themselves.</summary>
    public void BeginSack() => _latestBefore = _latest;

    /// <summary>A chunk is acknowledged for the first time (RFC 8985 section 6.2 steps 1 to 3).</summary>
    /// <param name="roundTrip">From its last transmission to now.</param>
    /// <param name="sendOrder">The place of that transmission among all.</param>
    /// <param name="isFirst">Whether it was transmitted once.</param>
    public void HandleDelivered(TimeSpan roundTrip, long sendOrder, bool isFirst)
    {
        if (isFirst && (Shortest is not { } least || roundTrip < least))
        {
            Shortest = roundTrip;
        }
        else if (!isFirst && roundTrip < Shortest)
        {
            return; // the answer to an earlier transmission
        }

        if (sendOrder > _latest)
        {
            (_latest, _roundTrip) = (sendOrder, roundTrip);
            _inOrder += _inOrder < ProofOfOrder ? 1 : 0;
        }
        else if (isFirst && sendOrder < _latestBefore)
        {
            HandleReordered(roundTrip - _roundTrip);
        }
    }

    /// <summary>The peer got something twice although the path doubles nothing that we know of: a repetition was too early.</summary>
    public void HandleDuplicate(Tsn cumulativeTsnAck, Tsn lastTsn)
    {
        if (_duplicateRound is { } end && end.IsAfter(cumulativeTsnAck))
        {
            return;
        }

        _duplicateRound = lastTsn;
        SawReordering = true;
        _multiplier = Math.Min(_multiplier + 1, Persistence);
        _persistence = Persistence;
    }

    /// <summary>Something was found lost; after some rounds of that the window is the plain one again.</summary>
    public void HandleLoss(Tsn cumulativeTsnAck, Tsn lastTsn)
    {
        if (_lossRound is { } end && end.IsAfter(cumulativeTsnAck))
        {
            return;
        }

        _lossRound = lastTsn;
        _persistence--;
        if (_persistence <= 0)
        {
            (_multiplier, _lateness) = (1, TimeSpan.Zero);
        }
    }

    private void HandleReordered(TimeSpan late)
    {
        SawReordering = true;
        _persistence = Persistence;
        var bound = timeout.Smoothed is { } smoothed && smoothed > MinBound ? smoothed : MinBound;
        var wanted = late * 1.25; // the next one may be a little later
        wanted = wanted < bound ? wanted : bound;
        _lateness = wanted > _lateness ? wanted : _lateness;
    }
}
