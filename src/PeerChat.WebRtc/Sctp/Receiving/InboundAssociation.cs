using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>The receiving half of an association: which DATA is taken, what is delivered, when a SACK goes and what it says.</summary>
/// <param name="options">The limits.</param>
/// <param name="initialTsn">The peer's first TSN.</param>
/// <param name="isInterleaved">Whether data comes as I-DATA.</param>
internal sealed class InboundAssociation(SctpOptions options, Tsn initialTsn, bool isInterleaved)
{
    private const int BytesPerTsn = 64; // smaller chunks than this on average are not worth a window
    private readonly DataTracker _tracker = new(initialTsn, options.ReceiveWindow / BytesPerTsn);
    private readonly ReassemblyQueue _reassembly = new(options.MaxReceiveMessageSize, isInterleaved);
    private readonly SackTimer _sackTimer = new();
    private bool _packetHasData;
    private bool _packetIsUrgent;
    private uint _announcedWindow = (uint)options.ReceiveWindow;
    private int _undeliveredBytes;

    /// <summary>The last TSN before the first gap.</summary>
    public Tsn CumulativeTsnAck => _tracker.CumulativeTsnAck;

    /// <summary>When a SACK must go; null when none waits.</summary>
    public Instant? NextDeadline => _sackTimer.Deadline;

    /// <summary>Whether a SACK must go now.</summary>
    public bool IsSackDue => _sackTimer.IsDue;

    /// <summary>Whether a SACK waits, so that a packet that leaves anyway should take it along.</summary>
    public bool IsSackPending => _sackTimer.IsPending;

    // The peer counts payload alone and may have promised itself the whole window when a gap opened; one message
    // more than the window lets it fill that gap.
    private long HardLimit => (long)options.ReceiveWindow + options.MaxReceiveMessageSize;

    private int BufferedBytes => _reassembly.Bytes + _undeliveredBytes;

    private uint Window => (uint)Math.Max(0, options.ReceiveWindow - BufferedBytes);

    /// <summary>Takes DATA in.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? HandleData(in DataChunk chunk)
    {
        _packetHasData = true;
        _packetIsUrgent |= chunk.IsImmediate;
        var standing = _tracker.StandingOf(chunk.Tsn);
        if (standing == TsnStanding.Duplicate)
        {
            _tracker.AddDuplicate(chunk.Tsn);
            return null;
        }

        if (!HasRoomFor(standing))
        {
            // The SACK says that it was not taken, and the peer repeats it
            _packetIsUrgent = true;
            return IsStuck(standing) ? SctpCloseReason.OutOfResource : null;
        }

        _tracker.Add(chunk.Tsn);
        return _reassembly.Add(chunk);
    }

    /// <summary>Takes FORWARD TSN in.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isPlausible">False when it points where no honest peer can be, and was ignored.</param>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? HandleForwardTsn(in ForwardTsnChunk chunk, out bool isPlausible)
    {
        var distance = _tracker.Forward(chunk.NewCumulativeTsn, out var isTooFar);
        isPlausible = !isTooFar;
        if (isTooFar)
        {
            return null;
        }

        // Also when it is old: then the SACK was lost that would have said so. At once, for the sender keeps what it skips.
        _packetHasData = true;
        _packetIsUrgent = true;
        return distance <= 0 ? null : _reassembly.Skip(chunk);
    }

    /// <summary>Lets streams of the peer begin anew (RFC 6525 section 5.2.2); none means all.</summary>
    public void ResetStreams(IReadOnlyCollection<StreamId> streams) => _reassembly.ResetStreams(streams);

    /// <summary>Acknowledges DATA that is not delivered, such as that on a stream that was not agreed.</summary>
    public void HandleRefusedData(Tsn tsn)
    {
        _packetHasData = true;
        if (_tracker.StandingOf(tsn) is TsnStanding.Next or TsnStanding.Ahead)
        {
            _tracker.Add(tsn);
        }
    }

    /// <summary>All chunks of a packet were given.</summary>
    public void HandlePacketEnd(Instant now)
    {
        if (_packetHasData)
        {
            var immediate = _packetIsUrgent || _tracker.HasGaps || _tracker.DuplicateCount > 0;
            _sackTimer.HandleDataPacket(now, immediate);
        }

        _packetHasData = false;
        _packetIsUrgent = false;
    }

    /// <summary>Takes the next message that can be delivered; it counts until <see cref="HandleDelivered"/>.</summary>
    public bool TryTakeMessage(out ReassembledMessage message)
    {
        var taken = _reassembly.TryTake(out message);
        _undeliveredBytes += taken ? CostOf(message.Payload.Length) : 0;
        return taken;
    }

    /// <summary>The layer above took a message; tells the peer when that opened the window again.</summary>
    public void HandleDelivered(int payloadLength)
    {
        _undeliveredBytes -= CostOf(payloadLength);
        // RFC 9260 section 6.2: a SACK when the window grew by much, else a sender that stopped waits for its probe
        var threshold = options.ReceiveWindow / 2;
        if (_announcedWindow < threshold && Window >= threshold)
        {
            _sackTimer.RequestNow();
        }
    }

    /// <summary>Asks for a SACK at once.</summary>
    public void RequestSack() => _sackTimer.RequestNow();

    /// <summary>Makes a SACK due that has waited long enough.</summary>
    public void HandleDeadline(Instant now) => _sackTimer.HandleDeadline(now);

    /// <summary>Writes a SACK.</summary>
    public void WriteSack(ref SpanWriter writer)
    {
        Span<GapAckBlock> blocks = stackalloc GapAckBlock[DataTracker.MaxGapAckBlocks];
        Span<Tsn> duplicates = stackalloc Tsn[DataTracker.MaxDuplicates];
        blocks = blocks[.._tracker.GetGapAckBlocks(blocks)];
        duplicates = duplicates[.._tracker.TakeDuplicates(duplicates)];
        _announcedWindow = Window;
        SackChunk.Write(ref writer, _tracker.CumulativeTsnAck, _announcedWindow, blocks, duplicates);
        _sackTimer.HandleSent();
    }

    private static int CostOf(int payloadLength) => payloadLength + FragmentStore.Overhead;

    /// <summary>The last tenth of the buffer is for the next TSN alone, which is what makes data deliverable.</summary>
    private bool HasRoomFor(TsnStanding standing) =>
        standing switch
        {
            // What the layer above leaves lying is no reason for more: the window is there to stop the peer
            TsnStanding.Next => BufferedBytes < options.ReceiveWindow
                || (_undeliveredBytes == 0 && BufferedBytes < HardLimit),
            TsnStanding.Ahead => BufferedBytes < options.ReceiveWindow / 10L * 9,
            _ => false,
        };

    private bool IsStuck(TsnStanding standing) =>
        standing == TsnStanding.Next && _undeliveredBytes == 0 && _reassembly.Bytes >= HardLimit;
}
