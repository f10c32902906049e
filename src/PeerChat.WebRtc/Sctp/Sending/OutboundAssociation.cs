using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The sending half of an association: what goes into the next packet, and what is repeated (RFC 9260 section 6).</summary>
internal sealed class OutboundAssociation
{
    /// <summary>Payload of the largest DATA chunk.</summary>
    public const int MaxFragment = SctpOptions.MaxPacketSize - CommonHeader.Size - DataChunk.HeaderSize;

    /// <summary>A message is not cut to fill less than this at the end of a packet: headers would eat the gain (guess).</summary>
    private const int MinFragment = 200;

    private readonly SendBuffer _buffer = new();
    private readonly SendQueue _queue = new();
    private readonly OutstandingData _outstanding;
    private readonly CongestionWindow _congestion = new();
    private readonly TimerTable<OutboundTimer> _timers = new();
    private bool _started;
    private bool _probeSpent;
    private bool _ignoreCongestion;
    private bool _wantSackNow;
    private bool _windowWasFull;
    private long _advertisedWindow;

    /// <summary>Starts with nothing to send.</summary>
    /// <param name="roundTripTime">The round trip that another layer measured, if it did.</param>
    /// <param name="initialTsn">Our first TSN.</param>
    public OutboundAssociation(TimeSpan? roundTripTime, Tsn initialTsn)
    {
        _outstanding = new OutstandingData(initialTsn, _buffer);
        Timeout = new RetransmissionTimeout(roundTripTime);
    }

    /// <summary>The round trip and what follows from it.</summary>
    public RetransmissionTimeout Timeout { get; }

    /// <summary>Timeouts in a row without a new acknowledgement.</summary>
    public int TimeoutsInARow { get; private set; }

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

    /// <summary>Whether the windows let a chunk go now.</summary>
    public bool CanTransmit =>
        _outstanding.TryPeekLost(out _, out var lost)
            ? MayTransmit(lost.Length)
            : _queue.Peek() is { } message
                && !_outstanding.IsFull
                && MayTransmit(Math.Min(message.Remaining, MaxFragment));

    /// <summary>Bytes of one stream that wait for acknowledgement.</summary>
    public long BufferedAmount(StreamId stream) => _buffer.BytesOf(stream);

    /// <summary>Takes a message of ours.</summary>
    public void Add(OutgoingMessage message)
    {
        _buffer.Add(message.Stream, message.Payload.Length);
        _queue.Add(message);
    }

    /// <summary>The peer's window and streams are known.</summary>
    public void HandlePeer(uint advertisedWindow, int streamCount)
    {
        _advertisedWindow = advertisedWindow;
        _queue.DropFrom(streamCount, _buffer);
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

        var outcome = _outstanding.HandleSack(sack, now, Timeout.LossDelay);
        _advertisedWindow = sack.AdvertisedReceiverWindow;
        if (outcome.SampleSentAt is { } sentAt)
        {
            Timeout.HandleSample(now - sentAt);
        }

        if (outcome.NewlyAckedBytes > 0)
        {
            _congestion.HandleAcked(outcome.NewlyAckedBytes, _windowWasFull, sack.CumulativeTsnAck);
            Timeout.HandleProgress();
            _probeSpent = false;
        }

        if (outcome.NewlyAckedBytes > 0 || _advertisedWindow == 0)
        {
            // A peer without room is alive and may stay so for long (RFC 9260 section 6.1 A)
            TimeoutsInARow = 0;
        }

        if (outcome.AnyLost)
        {
            _ignoreCongestion |= !_congestion.IsInRecovery;
            _congestion.HandleLoss(_outstanding.NextTsn.Previous);
        }

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

        return true;
    }

    /// <summary>Acts on timers that are due.</summary>
    public void HandleDeadline(Instant now)
    {
        while (_timers.TryTakeDue(now, out var timer))
        {
            if (timer == OutboundTimer.Retransmission)
            {
                TimeoutsInARow++;
                Timeout.HandleTimeout();
                _congestion.HandleTimeout();
                _outstanding.MarkAllLost(forgetGapAcks: TimeoutsInARow > 1);
                _probeSpent = true;
                _timers.ClearAll();
                _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
            }
            else
            {
                SendProbe();
            }
        }
    }

    /// <summary>Repeats what went with a COOKIE ECHO that was not answered.</summary>
    public void Repeat() => _outstanding.MarkAllLost(forgetGapAcks: false);

    /// <summary>Writes as many DATA chunks as the windows and the packet have room for; false when none.</summary>
    public bool WriteData(ref SpanWriter writer, Instant now)
    {
        var any = false;
        while (TryWriteLost(ref writer, now, any) || TryWriteNew(ref writer, now, any))
        {
            any = true;
        }

        if (any)
        {
            _ignoreCongestion = false;
            _wantSackNow = false;
        }

        _windowWasFull =
            _outstanding.FlightBytes >= _congestion.Bytes && (_outstanding.HasLost || !_queue.IsEmpty);
        return any;
    }

    private bool TryWriteLost(ref SpanWriter writer, Instant now, bool packetHasData)
    {
        if (
            !_outstanding.TryPeekLost(out var tsn, out var chunk)
            || !MayTransmit(chunk.Length, packetHasData)
            || writer.Remaining < DataChunk.HeaderSize + chunk.Length
        )
        {
            return false;
        }

        _outstanding.HandleRetransmitted(tsn, now);
        Write(ref writer, tsn, chunk.Message, chunk.Offset, chunk.Length);
        if (tsn == _outstanding.CumulativeTsnAck.Next && _started)
        {
            _timers.Set(OutboundTimer.Retransmission, now + Timeout.Current);
        }

        return true;
    }

    private bool TryWriteNew(ref SpanWriter writer, Instant now, bool packetHasData)
    {
        var room = writer.Remaining - DataChunk.HeaderSize;
        if (_outstanding.HasLost || _outstanding.IsFull || room <= 0 || _queue.Peek() is not { } message)
        {
            return false;
        }

        var length = Math.Min(message.Remaining, Math.Min(room, MaxFragment));
        if ((length < message.Remaining && length < MinFragment) || !MayTransmit(length, packetHasData))
        {
            return false;
        }

        var offset = message.Offset;
        var tsn = _outstanding.Add(message, offset, length, now);
        _queue.Advance(length);
        Write(ref writer, tsn, message, offset, length);
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

    private void Write(ref SpanWriter writer, Tsn tsn, OutgoingMessage message, int offset, int length)
    {
        var isLast = _queue.IsEmpty && !_outstanding.HasLost;
        var immediate = isLast || _wantSackNow || _congestion.Bytes < CongestionWindow.InitialBytes;
        var flags =
            (offset == 0 ? DataChunk.BeginFlag : 0)
            | (offset + length == message.Payload.Length ? DataChunk.EndFlag : 0)
            | (message.IsUnordered ? DataChunk.UnorderedFlag : 0)
            | (immediate ? DataChunk.ImmediateFlag : 0);
        new DataChunk
        {
            Flags = (byte)flags,
            Tsn = tsn,
            Stream = message.Stream,
            StreamSequenceNumber = message.StreamSequenceNumber,
            Ppid = message.Ppid,
            Payload = message.Payload.AsSpan(offset, length),
        }.Write(ref writer);
        writer.Advance(Padding.RoundUp(length) - length).Clear();
    }

    /// <summary>
    /// The congestion window limits all but one packet at a loss and a probe; the peer's window limits all but one chunk,
    /// which asks whether it opened (RFC 9260 section 6.1).
    /// </summary>
    private bool MayTransmit(int length, bool packetHasData = false)
    {
        var flight = _outstanding.FlightBytes;
        var window = _advertisedWindow - flight;
        return (flight < _congestion.Bytes || _ignoreCongestion)
            && (length <= window || (flight == 0 && !packetHasData));
    }

    private void SendProbe()
    {
        if (_advertisedWindow == 0 || _outstanding.IsEmpty)
        {
            return;
        }

        _probeSpent = true;
        _ignoreCongestion = true;
        _wantSackNow = true;
        if (!_outstanding.HasLost && (_queue.IsEmpty || !CanTransmit))
        {
            _outstanding.MarkLastLost();
        }
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
