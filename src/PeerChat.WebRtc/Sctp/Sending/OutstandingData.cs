using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>Chunks between the cumulative TSN ack and the last TSN sent: which are under way, acknowledged or lost.</summary>
/// <param name="initialTsn">Our first TSN.</param>
/// <param name="buffer">Told what is acknowledged for good.</param>
/// <param name="rack">Decides what is lost, by the times of transmissions instead of the missing reports of RFC 9260 section 7.2.4.</param>
internal sealed class OutstandingData(Tsn initialTsn, SendBuffer buffer, Rack rack)
{
    private readonly ChunkRing _chunks = new();
    private long _sendOrder;
    private int _lostCount;
    private int _firstLost;
    private int _ackedBeyond; // chunks in gap ack blocks
    private bool _hasRepeated; // since duplicates were last looked at

    /// <summary>A chunk that was lost so often shows that the path swallows packets of this size (guess; chance takes one in a million at 1 %).</summary>
    public const int SwallowedTransmissions = 3;

    private bool _wasSwallowed;

    /// <summary>When <see cref="DetectLoss"/> may find more without another SACK; null: not before one.</summary>
    public Instant? NextLossCheck { get; private set; }

    /// <summary>The last TSN before the first that is not acknowledged.</summary>
    public Tsn CumulativeTsnAck { get; private set; } = initialTsn.Previous;

    /// <summary>The last TSN that the peer need not wait for: acknowledged, or given up and told so (RFC 3758 section 3.5).</summary>
    public Tsn AdvancedPeerAckPoint { get; private set; } = initialTsn.Previous;

    /// <summary>Whether the peer knows FORWARD TSN; otherwise nothing is given up.</summary>
    public bool MayAbandon { get; set; }

    /// <summary>Whether the peer waits for what was given up.</summary>
    public bool IsForwardTsnNeeded => AdvancedPeerAckPoint.IsAfter(CumulativeTsnAck);

    /// <summary>The TSN of the next new chunk.</summary>
    public Tsn NextTsn => CumulativeTsnAck.Add(_chunks.Count + 1);

    /// <summary>Payload under way.</summary>
    public int FlightBytes { get; private set; }

    /// <summary>Whether all is acknowledged.</summary>
    public bool IsEmpty => _chunks.Count == 0;

    /// <summary>Whether chunks wait to be transmitted again.</summary>
    public bool HasLost => _lostCount > 0;

    /// <summary>Whether no SACK could acknowledge one chunk more: gap ack blocks have 16 bits.</summary>
    public bool IsFull => _chunks.Count >= ushort.MaxValue;

    /// <summary>Whether a chunk was lost <see cref="SwallowedTransmissions"/> times since this was asked last.</summary>
    public bool TakeSwallowed()
    {
        var was = _wasSwallowed;
        _wasSwallowed = false;
        return was;
    }

    /// <summary>Adds a chunk that is transmitted for the first time.</summary>
    public Tsn Add(OutgoingMessage message, int offset, int length, Instant now)
    {
        var tsn = NextTsn;
        if (message.ChunkCount == 0)
        {
            message.FirstTsn = tsn;
        }

        message.LastTsn = tsn;
        _chunks.Add(
            new OutstandingChunk
            {
                Message = message,
                Offset = offset,
                Length = length,
                FragmentNumber = message.ChunkCount++,
                SentAt = now,
                SendOrder = ++_sendOrder,
                Transmissions = 1,
            }
        );
        FlightBytes += length;
        return tsn;
    }

    /// <summary>The oldest lost chunk.</summary>
    public bool TryPeekLost(out Tsn tsn, out OutstandingChunk chunk)
    {
        tsn = default;
        chunk = default;
        if (_lostCount == 0)
        {
            return false;
        }

        while (_chunks[_firstLost].State != OutstandingState.Lost)
        {
            _firstLost++;
        }

        tsn = TsnAt(_firstLost);
        chunk = _chunks[_firstLost];
        return true;
    }

    /// <summary>Notes that a lost chunk was transmitted again.</summary>
    public void HandleRetransmitted(Tsn tsn, Instant now)
    {
        ref var chunk = ref _chunks[IndexOf(tsn)];
        _lostCount--;
        chunk.State = OutstandingState.InFlight;
        chunk.SentAt = now;
        chunk.SendOrder = ++_sendOrder;
        chunk.Transmissions++;
        _hasRepeated = true;
        FlightBytes += chunk.Length;
    }

    /// <summary>Whether a SACK speaks of what was sent; one that does not is noise or an attack.</summary>
    public bool IsPlausible(in SackChunk sack)
    {
        var highest = NextTsn.Previous.DistanceFrom(sack.CumulativeTsnAck);
        if (highest < 0 || sack.CumulativeTsnAck.DistanceFrom(CumulativeTsnAck) < 0)
        {
            return false;
        }

        var last = 0;
        for (var i = 0; i < sack.GapAckBlockCount; i++)
        {
            var block = sack.GapAckBlock(i);
            if (block.Start <= last || block.End < block.Start || block.End > highest)
            {
                return false;
            }

            last = block.End;
        }

        return true;
    }

    /// <summary>Takes a SACK in that is plausible.</summary>
    /// <param name="sack">The SACK.</param>
    /// <param name="now">The current time.</param>
    public SackOutcome HandleSack(in SackChunk sack, Instant now)
    {
        var acked = new Acknowledged();
        rack.BeginSack();
        var advance = sack.CumulativeTsnAck.DistanceFrom(CumulativeTsnAck);
        for (var i = 0; i < advance; i++)
        {
            ref var chunk = ref _chunks[0];
            _ackedBeyond -= chunk.State == OutstandingState.Acked ? 1 : 0;
            Acknowledge(ref chunk, ref acked, now);
            var message = chunk.Message;
            buffer.Remove(message.Stream, chunk.Length);
            _chunks.RemoveFirst();
            if (message.Remaining == 0 && message.LastTsn == TsnAt(i))
            {
                message.Release();
            }
        }

        CumulativeTsnAck = sack.CumulativeTsnAck;
        AdvanceAckPoint();
        _firstLost = Math.Max(0, _firstLost - advance);
        for (var i = 0; i < sack.GapAckBlockCount; i++)
        {
            var block = sack.GapAckBlock(i);
            for (var distance = (int)block.Start; distance <= block.End; distance++)
            {
                _ackedBeyond += Acknowledge(ref _chunks[distance - 1], ref acked, now) ? 1 : 0;
            }
        }

        if (sack.DuplicateCount > 0 && _hasRepeated)
        {
            _hasRepeated = false;
            rack.HandleDuplicate(CumulativeTsnAck, NextTsn.Previous);
        }

        return new SackOutcome(acked.Bytes, advance > 0, DetectLoss(now), acked.SampleSentAt);
    }

    /// <summary>Marks what is lost by now, and gives up what may not be repeated; after a SACK, and at <see cref="NextLossCheck"/>.</summary>
    /// <returns>How many chunks.</returns>
    public int DetectLoss(Instant now)
    {
        NextLossCheck = null;
        var lost = 0;
        var (delay, giveUpDelay) = (rack.LossDelay(_ackedBeyond), rack.GiveUpDelay);
        // New chunks are in the order of their transmission: once one was sent last, nothing behind it was sent before
        for (var i = 0; i < _chunks.Count; i++)
        {
            ref var chunk = ref _chunks[i];
            if (chunk.SendOrder >= rack.Latest)
            {
                if (chunk.Transmissions == 1)
                {
                    break;
                }

                continue;
            }

            if (chunk.State != OutstandingState.InFlight)
            {
                continue;
            }

            var due = chunk.SentAt + (IsSpent(chunk.Message, chunk.Transmissions, now) ? giveUpDelay : delay);
            if (due <= now)
            {
                _wasSwallowed |= chunk.Transmissions >= SwallowedTransmissions;
                MarkLost(i, now);
                lost++;
            }
            else
            {
                NextLossCheck = Instant.Earliest(NextLossCheck, due);
            }
        }

        if (lost > 0)
        {
            rack.HandleLoss(CumulativeTsnAck, NextTsn.Previous);
        }

        return lost;
    }

    /// <summary>Takes all that is not acknowledged for lost, after a timeout.</summary>
    /// <param name="forgetGapAcks">
    /// Also what gap ack blocks acknowledged: the peer may have dropped it again (RFC 9260 section 6.2.1).
    /// </param>
    /// <param name="now">The present; null when nothing shall be given up, however often it was sent.</param>
    public void MarkAllLost(bool forgetGapAcks, Instant? now)
    {
        NextLossCheck = null;
        _ackedBeyond = forgetGapAcks ? 0 : _ackedBeyond;
        for (var i = 0; i < _chunks.Count; i++)
        {
            ref var chunk = ref _chunks[i];
            if (
                chunk.State == OutstandingState.InFlight
                || (forgetGapAcks && chunk.State == OutstandingState.Acked)
            )
            {
                MarkLost(i, now);
            }
        }
    }

    /// <summary>
    /// Takes the last chunk that is not acknowledged and may be repeated for lost, so that it is sent again as a probe.
    /// </summary>
    /// <returns>Its TSN; null when there is none.</returns>
    public Tsn? MarkLastLost(Instant now)
    {
        for (var i = _chunks.Count - 1; i >= 0; i--)
        {
            ref var chunk = ref _chunks[i];
            if (chunk.State == OutstandingState.InFlight && !IsSpent(chunk.Message, chunk.Transmissions, now))
            {
                MarkLost(i, now);
                return TsnAt(i);
            }
        }

        return null;
    }

    /// <summary>Gives a message up that is in chunks at least in part: all of it, with what is in no chunk yet.</summary>
    public void Abandon(OutgoingMessage message)
    {
        message.IsAbandoned = true;
        var last = IndexOf(message.LastTsn);
        for (var i = Math.Max(0, IndexOf(message.FirstTsn)); i <= last; i++)
        {
            ref var chunk = ref _chunks[i];
            if (!ReferenceEquals(chunk.Message, message))
            {
                continue; // With I-DATA the messages of several streams are mixed
            }

            FlightBytes -= chunk.State == OutstandingState.InFlight ? chunk.Length : 0;
            _lostCount -= chunk.State == OutstandingState.Lost ? 1 : 0;
            chunk.State = OutstandingState.Abandoned;
        }

        if (message.Remaining > 0)
        {
            // The peer may have all chunks made so far, and so would see the next message begin inside this one. A TSN that is
            // never sent stands for the end, so that FORWARD TSN has something to skip.
            buffer.Remove(message.Stream, message.Remaining);
            message.Offset = message.Length;
            var end = Add(message, message.Offset, 0, Instant.Origin);
            _chunks[IndexOf(end)].State = OutstandingState.Abandoned;
        }

        AdvanceAckPoint();
    }

    /// <summary>Which messages FORWARD TSN skips, as far as the entries go, and up to which TSN that is.</summary>
    /// <param name="isInterleaved">Whether unordered messages are told too, as in I-FORWARD TSN.</param>
    /// <param name="entries">Where they go; the latest message of each stream.</param>
    /// <param name="count">How many there are.</param>
    public Tsn GetSkipped(bool isInterleaved, Span<SkippedStream> entries, out int count)
    {
        count = 0;
        var length = AdvancedPeerAckPoint.DistanceFrom(CumulativeTsnAck);
        for (var i = 0; i < length; i++)
        {
            var message = _chunks[i].Message;
            if (message.IsUnordered && !isInterleaved)
            {
                continue;
            }

            var place = 0;
            while (place < count && !IsOfSameOrder(entries[place], message))
            {
                place++;
            }

            if (place == entries.Length)
            {
                return TsnAt(i).Previous; // RFC 3758 section 3.5: the rest goes with the next chunk
            }

            entries[place] = new SkippedStream(message.Stream, message.IsUnordered, message.Number);
            count = Math.Max(count, place + 1);
        }

        return AdvancedPeerAckPoint;
    }

    // Whether it was not acknowledged before
    private bool Acknowledge(ref OutstandingChunk chunk, ref Acknowledged acked, Instant now)
    {
        if (chunk.State is OutstandingState.Acked or OutstandingState.Abandoned)
        {
            return false;
        }

        if (chunk.State == OutstandingState.InFlight)
        {
            FlightBytes -= chunk.Length;
        }
        else
        {
            _lostCount--;
        }

        chunk.State = OutstandingState.Acked;
        acked.Bytes += chunk.Length;
        rack.HandleDelivered(now - chunk.SentAt, chunk.SendOrder, isFirst: chunk.Transmissions == 1);
        if (chunk.Transmissions == 1)
        {
            // Karn's rule (RFC 9260 section 6.3.1 C5): an answer to a repeated chunk may be to its first transmission
            acked.SampleSentAt = chunk.SentAt;
        }

        return true;
    }

    private bool IsSpent(OutgoingMessage message, int transmissions, Instant now) =>
        MayAbandon && (transmissions > message.MaxRetransmissions || message.IsExpired(now));

    private static bool IsOfSameOrder(SkippedStream entry, OutgoingMessage message) =>
        entry.Stream == message.Stream && entry.IsUnordered == message.IsUnordered;

    private void AdvanceAckPoint()
    {
        var count = Math.Max(0, AdvancedPeerAckPoint.DistanceFrom(CumulativeTsnAck));
        while (count < _chunks.Count && _chunks[count].State == OutstandingState.Abandoned)
        {
            count++;
        }

        AdvancedPeerAckPoint = CumulativeTsnAck.Add(count);
    }

    // No reference to a chunk outlives this call: giving up may add a chunk, and the ring grow
    private void MarkLost(int index, Instant? now)
    {
        ref var chunk = ref _chunks[index];
        if (now is { } present && IsSpent(chunk.Message, chunk.Transmissions, present))
        {
            Abandon(chunk.Message);
            return;
        }

        if (chunk.State == OutstandingState.InFlight)
        {
            FlightBytes -= chunk.Length;
        }

        chunk.State = OutstandingState.Lost;
        _firstLost = _lostCount == 0 ? index : Math.Min(_firstLost, index);
        _lostCount++;
    }

    private Tsn TsnAt(int index) => CumulativeTsnAck.Add(index + 1);

    private int IndexOf(Tsn tsn) => tsn.DistanceFrom(CumulativeTsnAck) - 1;

    private struct Acknowledged
    {
        public int Bytes;
        public Instant? SampleSentAt;
    }
}
