using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The sending half of an association: what goes into the next packet, and what is repeated (RFC 9260 section 6).</summary>
internal sealed class OutboundAssociation
{
    /// <summary>A message is not cut to fill less than this at the end of a packet: headers would eat the gain (guess).</summary>
    private const int MinFragment = 200;

    /// <summary>Streams that one FORWARD TSN names; more go with the next one. 1 KiB of it leaves room for a SACK.</summary>
    public const int MaxSkippedStreams = 128;

    /// <summary>The longest wait between two FORWARD TSN (RFC 3758 section 3.5 F2 allows so much delay).</summary>
    public static readonly TimeSpan MaxForwardTsnInterval = TimeSpan.FromMilliseconds(200);

    private readonly SendBuffer _buffer = new();
    private readonly SendQueue _queue;
    private readonly Rack _rack;
    private readonly OutstandingData _outstanding;
    private readonly CongestionWindow _congestion = new();
    private readonly Pacer _pacer = new();
    private readonly TimerTable<OutboundTimer> _timers = new();
    private bool _started;
    private bool _probeSpent;
    private Tsn? _repeatedByProbe;
    private Instant _probedAt;
    private bool _ignoreCongestion;
    private bool _wantSackNow;
    private bool _windowWasFull;
    private bool _interleaves;
    private bool _forwardTsnWanted;
    private Instant _nextForwardTsnAt = Instant.Origin;
    private long _advertisedWindow;
    private long _lost;
    private int _timeouts;
    private Instant? _waitingSince;

    /// <summary>Starts with nothing to send.</summary>
    /// <param name="roundTripTime">The round trip that another layer measured, if it did.</param>
    /// <param name="initialTsn">Our first TSN.</param>
    public OutboundAssociation(TimeSpan? roundTripTime, Tsn initialTsn)
    {
        _queue = new SendQueue(_buffer);
        Timeout = new RetransmissionTimeout(roundTripTime);
        _rack = new Rack(Timeout);
        _outstanding = new OutstandingData(initialTsn, _buffer, _rack);
    }

    /// <summary>The round trip and what follows from it.</summary>
    public RetransmissionTimeout Timeout { get; }

    /// <summary>Timeouts in a row without a new acknowledgement.</summary>
    public int TimeoutsInARow { get; private set; }

    /// <summary>Since when data is under way without a word of the peer: the first chunk's sending, or the last SACK. Null while nothing is.</summary>
    public Instant? WaitingSince => _started && HasOutstanding ? _waitingSince : null;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => _timers.NextDeadline;

    /// <summary>Whether all data was sent and acknowledged.</summary>
    public bool IsIdle => _queue.IsEmpty && _outstanding.IsEmpty;

    /// <summary>Whether data is under way.</summary>
    public bool HasOutstanding => !_outstanding.IsEmpty;

    /// <summary>Bytes that wait for acknowledgement, over all streams.</summary>
    public long BufferedBytes => _buffer.Bytes;

    /// <summary>The window that the peer announced last.</summary>
    public uint AdvertisedWindow => (uint)_advertisedWindow;

    /// <summary>The congestion window, for tests.</summary>
    public int CongestionWindowBytes => _congestion.Bytes;

    /// <summary>What it came to so far.</summary>
    public SendingStatistics Statistics =>
        new(
            _congestion.Bytes,
            _congestion.SlowStartThreshold,
            _congestion.Cuts,
            _lost,
            _timeouts,
            Timeout.Smoothed
        );

    /// <summary>Whether the path seems to swallow packets of the present size; once for each time.</summary>
    public bool TakeSwallowed() => _outstanding.TakeSwallowed();

    /// <summary>The last TSN that was given to a chunk.</summary>
    public Tsn LastAssignedTsn => _outstanding.NextTsn.Previous;

    private int HeaderSize => DataChunk.HeaderSizeOf(_interleaves);

    private int MaxFragment => SctpOptions.MaxPacketSize - CommonHeader.Size - HeaderSize;

    /// <summary>Whether the windows let a chunk go now.</summary>
    public bool CanTransmit(Instant now) =>
        _outstanding.TryPeekLost(out _, out var lost)
            ? MayTransmit(lost.Length, now)
            : _queue.Peek(now, MaxFragment) is { } message
                && !_outstanding.IsFull
                && MayTransmit(Math.Min(message.Remaining, MaxFragment), now);

    /// <summary>Bytes of one stream that wait for acknowledgement.</summary>
    public long BufferedAmount(StreamId stream) => _buffer.BytesOf(stream);

    /// <summary>Says below which amount a stream is noted by <see cref="TryTakeLow"/>; null: it is not.</summary>
    public void SetLowThreshold(StreamId stream, long? threshold) =>
        _buffer.SetLowThreshold(stream, threshold);

    /// <summary>Takes a stream whose buffered bytes fell to its threshold.</summary>
    public bool TryTakeLow(out StreamId stream) => _buffer.TryTakeLow(out stream);

    /// <summary>Says how much a stream may send compared with others.</summary>
    public void SetWeight(StreamId stream, ushort weight) => _queue.SetWeight(stream, weight);

    /// <summary>The peer took note that a stream begins anew; nothing waits on it.</summary>
    public void ResetStream(StreamId stream)
    {
        _queue.Reset(stream);
        _buffer.Forget(stream);
    }

    /// <summary>Takes a message of ours.</summary>
    public void Add(OutgoingMessage message)
    {
        _buffer.Add(message.Stream, message.Length);
        _queue.Add(message);
    }

    /// <summary>The peer's window, streams and extensions are known.</summary>
    public void HandlePeer(uint advertisedWindow, int streamCount, PeerFeatures features)
    {
        _advertisedWindow = advertisedWindow;
        _interleaves = features.Interleaving;
        _queue.Interleaves = features.Interleaving;
        _outstanding.MayAbandon = features.ForwardTsn;
        _queue.DropFrom(streamCount);
    }

    /// <summary>The association is up: from now on lost data is noticed.</summary>
    public void Start(Instant now)
    {
        _started = true;
        if (HasOutstanding)
        {
            RestartTimers(now);
        }
    }

    /// <summary>Stops all timers.</summary>
    public void Stop()
    {
        _started = false;
        _timers.ClearAll();
    }

    /// <summary>Takes a SACK in; false when it speaks of what was never sent, or is older than one before.</summary>
    public bool HandleSack(in SackChunk sack, Instant now)
    {
        if (!_outstanding.IsPlausible(sack))
        {
            return false;
        }

        var outcome = _outstanding.HandleSack(sack, now);
        _waitingSince = now;
        _advertisedWindow = sack.AdvertisedReceiverWindow;
        if (outcome.SampleSentAt is { } sentAt)
        {
            Timeout.HandleSample(now - sentAt);
            _congestion.HandleSample(now - sentAt, sack.CumulativeTsnAck, LastAssignedTsn, now);
        }

        if (outcome.NewlyAckedBytes > 0)
        {
            _congestion.HandleAcked(outcome.NewlyAckedBytes, _windowWasFull, sack.CumulativeTsnAck, now);
            Timeout.HandleProgress();
            _probeSpent = false;
        }

        if (_congestion.ShortestRoundTrip is { } shortest && Timeout.Smoothed is { } smoothed)
        {
            _pacer.SetPace(_congestion.Bytes, smoothed, shortest, _congestion.IsInSlowStart);
        }

        if (outcome.NewlyAckedBytes > 0 || outcome.CumulativeAdvanced || _advertisedWindow == 0)
        {
            // What was given up has no bytes to acknowledge. And a peer without room is alive and may stay so for long (RFC 9260 section 6.1 A)
            TimeoutsInARow = 0;
        }

        HandleLoss(outcome.LostCount + ProbeLosses(sack, now), now);

        if (_outstanding.IsEmpty)
        {
            _timers.ClearAll();
        }
        else if (outcome.CumulativeAdvanced)
        {
            RestartTimers(now);
        }
        else if (outcome.NewlyAckedBytes > 0)
        {
            RestartProbe(now);
        }

        SetReorderingTimer();
        RequestForwardTsn(now);
        return true;
    }

    /// <summary>Acts on timers that are due.</summary>
    public void HandleDeadline(Instant now)
    {
        while (_timers.TryTakeDue(now, out var timer))
        {
            switch (timer)
            {
                case OutboundTimer.Retransmission:
                    HandleTimeout(now);
                    break;
                case OutboundTimer.Probe:
                    SendProbe(now);
                    break;
                case OutboundTimer.Reordering:
                    HandleLoss(_outstanding.DetectLoss(now), now);
                    SetReorderingTimer();
                    RequestForwardTsn(now);
                    break;
                case OutboundTimer.ForwardTsn:
                    RequestForwardTsn(now);
                    break;
                default:
                    break; // of the pace: what waits is written now
            }
        }
    }

    /// <summary>The path works again, or another one does: the waits have grown on one that did not.</summary>
    /// <param name="roundTripTime">That of the path, as another layer measured it: what was measured here meanwhile tells of the outage.</param>
    /// <param name="now">The present.</param>
    public void HandlePathBack(TimeSpan? roundTripTime, Instant now)
    {
        if (_outstanding.IsEmpty || !_started)
        {
            return;
        }

        Timeout.Restart(roundTripTime);
        _outstanding.MarkAllLost(forgetGapAcks: true, now);
        _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
    }

    /// <summary>Repeats what went with a COOKIE ECHO that was not answered.</summary>
    public void Repeat() => _outstanding.MarkAllLost(forgetGapAcks: false, now: null);

    /// <summary>Writes as many DATA chunks as the windows and the packet have room for; false when none.</summary>
    public bool WriteData(ref SpanWriter writer, Instant now)
    {
        var any = false;
        var before = _outstanding.FlightBytes;
        while (TryWriteLost(ref writer, now, any) || TryWriteNew(ref writer, now, any))
        {
            any = true;
        }

        if (any)
        {
            _ignoreCongestion = false;
            _wantSackNow = false;
            _pacer.HandleSent(_outstanding.FlightBytes - before, now);
        }

        // What the pace holds back for a moment would fill the window; half of it is in use at the beginning (RFC 7661 section 4.3)
        var used = _timers[OutboundTimer.Pacing] is null
            ? _outstanding.FlightBytes
            : _outstanding.FlightBytes * 2L;
        _windowWasFull = used >= _congestion.Bytes && (_outstanding.HasLost || !_queue.IsEmpty);
        return any;
    }

    /// <summary>Writes FORWARD TSN when it is due and the packet has room.</summary>
    public void WriteForwardTsn(ref SpanWriter writer, Instant now)
    {
        var room = ForwardTsnChunk.CapacityOf(_interleaves, writer.Remaining);
        if (!_forwardTsnWanted || room <= 0)
        {
            return;
        }

        Span<SkippedStream> skipped = stackalloc SkippedStream[Math.Min(room, MaxSkippedStreams)];
        var tsn = _outstanding.GetSkipped(_interleaves, skipped, out var count);
        ForwardTsnChunk.Write(ref writer, _interleaves, tsn, skipped[..count]);
        _forwardTsnWanted = false;
        // RFC 3758 section 3.5 C4: one per round trip, for the answer to the last one is under way
        var interval = Timeout.Smoothed ?? MaxForwardTsnInterval;
        _nextForwardTsnAt = now + (interval < MaxForwardTsnInterval ? interval : MaxForwardTsnInterval);
    }

    private bool TryWriteLost(ref SpanWriter writer, Instant now, bool packetHasData)
    {
        Tsn tsn;
        OutstandingChunk chunk;
        while (_outstanding.TryPeekLost(out tsn, out chunk) && MayAbandonExpired(chunk.Message, now))
        {
            Abandon(chunk.Message, now);
        }

        if (
            !_outstanding.HasLost
            || !MayTransmit(chunk.Length, now, packetHasData)
            || writer.Remaining < HeaderSize + chunk.Length
        )
        {
            return false;
        }

        _outstanding.HandleRetransmitted(tsn, now);
        Write(ref writer, tsn, chunk.Message, chunk.Offset, chunk.Length, chunk.FragmentNumber);
        if (tsn == _outstanding.CumulativeTsnAck.Next && _started)
        {
            _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
        }

        return true;
    }

    private bool TryWriteNew(ref SpanWriter writer, Instant now, bool packetHasData)
    {
        var room = writer.Remaining - HeaderSize;
        if (_outstanding.HasLost || _outstanding.IsFull || room <= 0)
        {
            return false;
        }

        OutgoingMessage? message;
        while ((message = _queue.Peek(now, MaxFragment)) is not null && MayAbandonExpired(message, now))
        {
            Abandon(message, now);
        }

        if (message is null)
        {
            return false;
        }

        var length = Math.Min(message.Remaining, Math.Min(room, MaxFragment));
        if ((length < message.Remaining && length < MinFragment) || !MayTransmit(length, now, packetHasData))
        {
            return false;
        }

        if (message.ChunkCount == 0)
        {
            _queue.Start(message);
        }

        var offset = message.Offset;
        _waitingSince = HasOutstanding ? _waitingSince : now;
        var tsn = _outstanding.Add(message, offset, length, now);
        _queue.Advance(length);
        Write(ref writer, tsn, message, offset, length, message.ChunkCount - 1);
        if (_started)
        {
            if (_timers[OutboundTimer.Retransmission] is null)
            {
                _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
            }

            RestartProbe(now);
        }

        return true;
    }

    private bool MayAbandonExpired(OutgoingMessage message, Instant now) =>
        _outstanding.MayAbandon && message.ChunkCount > 0 && message.IsExpired(now);

    private void Abandon(OutgoingMessage message, Instant now)
    {
        _outstanding.Abandon(message);
        RequestForwardTsn(now);
    }

    /// <summary>Has FORWARD TSN sent if the peer waits for what was given up, now or when it may go.</summary>
    private void RequestForwardTsn(Instant now)
    {
        _forwardTsnWanted = false;
        if (!_started || !_outstanding.IsForwardTsnNeeded)
        {
            return;
        }

        if (_nextForwardTsnAt <= now)
        {
            _forwardTsnWanted = true;
        }
        else
        {
            _timers.Set(OutboundTimer.ForwardTsn, _nextForwardTsnAt);
        }
    }

    private void Write(
        ref SpanWriter writer,
        Tsn tsn,
        OutgoingMessage message,
        int offset,
        int length,
        int fragmentNumber
    )
    {
        var isLast = _queue.IsEmpty && !_outstanding.HasLost;
        var immediate = isLast || _wantSackNow || _congestion.Bytes < CongestionWindow.InitialBytes;
        var flags =
            (offset == 0 ? DataChunk.BeginFlag : 0)
            | (offset + length == message.Length ? DataChunk.EndFlag : 0)
            | (message.IsUnordered ? DataChunk.UnorderedFlag : 0)
            | (immediate ? DataChunk.ImmediateFlag : 0);
        new DataChunk
        {
            IsInterleaved = _interleaves,
            Flags = (byte)flags,
            Tsn = tsn,
            Stream = message.Stream,
            MessageNumber = message.Number,
            FragmentNumber = (uint)fragmentNumber,
            Ppid = message.Ppid,
            Payload = message.Payload.AsSpan(offset, length),
        }.Write(ref writer);
        writer.Advance(Padding.RoundUp(length) - length).Clear();
    }

    /// <summary>
    /// The congestion window and the pace limit all but one packet at a loss and a probe; the peer's window limits all but one chunk,
    /// which asks whether it opened (RFC 9260 section 6.1).
    /// </summary>
    private bool MayTransmit(int length, Instant now, bool packetHasData = false)
    {
        var flight = _outstanding.FlightBytes;
        var window = _advertisedWindow - flight;
        if (length > window && (flight > 0 || packetHasData))
        {
            return false;
        }

        if (_ignoreCongestion)
        {
            return true;
        }

        // What shares a packet is one to the pace
        return flight < _congestion.Bytes && (packetHasData || IsInPace(now));
    }

    private bool IsInPace(Instant now)
    {
        if (_pacer.NextTime(now) is not { } at)
        {
            return true;
        }

        _timers.Set(OutboundTimer.Pacing, at);
        return false;
    }

    private void HandleTimeout(Instant now)
    {
        TimeoutsInARow++;
        _timeouts++;
        Timeout.HandleTimeout();
        _congestion.HandleTimeout();
        _outstanding.MarkAllLost(forgetGapAcks: TimeoutsInARow > 1, now);
        _probeSpent = true;
        _repeatedByProbe = null;
        _timers.ClearAll();
        _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
        _nextForwardTsnAt = now;
        RequestForwardTsn(now);
    }

    private void HandleLoss(int count, Instant now)
    {
        if (count > 0)
        {
            _ignoreCongestion |= !_congestion.IsInRecovery;
            _lost += count;
            _congestion.HandleLoss(count, LastAssignedTsn, now);
        }
    }

    // RFC 8985 section 7.4: who is told of no duplicate after a repeated probe, has lost the first transmission
    private int ProbeLosses(in SackChunk sack, Instant now)
    {
        if (_repeatedByProbe is not { } tsn || tsn.IsAfter(sack.CumulativeTsnAck))
        {
            return 0;
        }

        _repeatedByProbe = null;
        return sack.DuplicateCount > 0 || now - _probedAt < _rack.Shortest ? 0 : 1;
    }

    private void SetReorderingTimer()
    {
        _timers.Clear(OutboundTimer.Reordering);
        if (_started && _outstanding.NextLossCheck is { } at)
        {
            _timers.Set(OutboundTimer.Reordering, at);
        }
    }

    private void SendProbe(Instant now)
    {
        if (_advertisedWindow == 0 || _outstanding.IsEmpty)
        {
            return;
        }

        _probeSpent = true;
        _ignoreCongestion = true;
        _wantSackNow = true;
        if (!_outstanding.HasLost && (_queue.IsEmpty || !CanTransmit(now)))
        {
            (_repeatedByProbe, _probedAt) = (_outstanding.MarkLastLost(now), now);
        }

        RequestForwardTsn(now);
    }

    private void RestartTimers(Instant now)
    {
        if (_started)
        {
            _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
            RestartProbe(now);
        }
    }

    private void RestartProbe(Instant now)
    {
        _timers.Clear(OutboundTimer.Probe);
        if (_started && !_probeSpent && Timeout.Probe is { } wait && _advertisedWindow > 0)
        {
            _timers.Set(OutboundTimer.Probe, now + wait);
        }
    }
}
