using System.Diagnostics;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Resets;
using PeerChat.WebRtc.Sctp.Sending;

namespace PeerChat.WebRtc.Sctp;

/// <summary>An SCTP association with the one peer at the other end of a DTLS connection (RFC 9260, RFC 8261).</summary>
/// <remarks>
/// After each call: take <see cref="TryTakeTransmit"/> and <see cref="TryTakeEvent"/> until they are empty, then wait for a
/// packet or <see cref="NextDeadline"/>. Both sides call <see cref="Connect"/>, so two INITs that cross are the normal case.
/// </remarks>
internal sealed partial class SctpAssociation
{
    /// <summary>Streams that we announce in both directions: all but 65535, which RFC 8832 does not allow.</summary>
    public const ushort MaxStreams = 65_535;

    /// <summary>Chunks looked at in one packet; honest ones have a handful.</summary>
    public const int MaxChunksPerPacket = 128;

    /// <summary>Timeouts in a row after which the peer is taken for gone (RFC 9260 section 16: Association.Max.Retrans).</summary>
    public const int MaxRetransmissions = 10;

    private readonly SctpOptions _options;
    private readonly IEntropy _entropy;
    private readonly VerificationTag _localTag;
    private readonly Tsn _initialTsn;
    private readonly OutboundAssociation _outbound;
    private readonly TimerTable<AssociationTimer> _timers = new();
    private readonly Queue<SctpEvent> _events = [];
    private AssociationState _state = new AssociationState.Closed();

    /// <summary>An association that has not sent anything.</summary>
    public SctpAssociation(SctpOptions options, IEntropy entropy)
    {
        _options = options;
        _entropy = entropy;
        _localTag = options.InitiateTag is { } tag ? new VerificationTag(tag) : VerificationTag.Draw(entropy);
        _initialTsn = new Tsn(options.InitialTsn ?? entropy.NextUInt32());
        _path = new PathMtu(options.MaxDatagramSize);
        _outgoingResets = new OutgoingResets(_initialTsn);
        _outbound = new OutboundAssociation(options.RoundTripTime, _initialTsn);
    }

    /// <summary>Packets and chunks that made no sense and were dropped.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Streams that we may send on; what the peer takes, once it is known.</summary>
    public int OutboundStreamCount { get; private set; } = MaxStreams;

    /// <summary>Bytes that wait for acknowledgement, over all streams.</summary>
    public long TotalBufferedAmount => _outbound.BufferedBytes;

    /// <summary>The extensions that both sides announced; null before the peer's INIT or INIT ACK.</summary>
    public PeerFeatures? Features => _state.Peer?.Features;

    /// <summary>What was sent and lost so far.</summary>
    public SendingStatistics Sending => _outbound.Statistics;

    /// <summary>Whether the association is up and takes messages.</summary>
    public bool IsEstablished => _state is AssociationState.Established;

    /// <summary>The congestion window in bytes.</summary>
    public int CongestionWindowBytes => _outbound.CongestionWindowBytes;

    /// <summary>When <see cref="HandleDeadline"/> is due; null when nothing waits for time to pass.</summary>
    public Instant? NextDeadline =>
        _state is AssociationState.Ended
            ? null
            : Instant.Earliest(
                Instant.Earliest(_timers.NextDeadline, _path.NextDeadline),
                Instant.Earliest(_outbound.NextDeadline, _state.Peer?.Inbound.NextDeadline)
            );

    /// <summary>Starts the handshake; both sides do once DTLS is up. Does nothing when it has begun.</summary>
    public void Connect(Instant now)
    {
        if (_state is AssociationState.Closed)
        {
            SendInit(now, tries: 1);
        }
    }

    /// <summary>Whether there is room to send for a message of this length.</summary>
    public bool CanBuffer(int messageLength) =>
        _outbound.BufferedBytes + messageLength <= _options.SendBufferLimit;

    /// <summary>Sends a message; before the association is up it waits. Does nothing when the association has ended.</summary>
    /// <exception cref="ArgumentException">The message is empty, or larger than the peer takes.</exception>
    /// <exception cref="InvalidOperationException">
    /// The buffer is full, the peer does not have the stream, or <see cref="Shutdown"/> was called.
    /// </exception>
    public void Send(
        StreamId stream,
        PayloadProtocolIdentifier ppid,
        ReadOnlySpan<byte> message,
        bool unordered,
        Instant now
    ) => Send(stream, ppid, message, new SendOptions(unordered), now);

    /// <summary>Sends a message, and gives it up when the options say so and the peer knows FORWARD TSN.</summary>
    /// <exception cref="ArgumentException">The message is empty, or larger than the peer takes.</exception>
    /// <exception cref="InvalidOperationException">
    /// The buffer is full, the peer does not have the stream, it is being reset, or <see cref="Shutdown"/> was called.
    /// </exception>
    public void Send(
        StreamId stream,
        PayloadProtocolIdentifier ppid,
        ReadOnlySpan<byte> message,
        SendOptions options,
        Instant now
    )
    {
        if (message.IsEmpty || message.Length > _options.MaxSendMessageSize)
        {
            throw new ArgumentException(
                "A message has at least one byte and at most what the peer takes.",
                nameof(message)
            );
        }

        if (
            _state
            is AssociationState.Ended
                or AssociationState.ShutdownReceived
                or AssociationState.ShutdownAckSent
        )
        {
            return; // The caller has not seen the event yet
        }

        if (_state is AssociationState.ShutdownPending or AssociationState.ShutdownSent)
        {
            throw new InvalidOperationException("The association is being shut down.");
        }

        if (stream.Value >= OutboundStreamCount)
        {
            throw new InvalidOperationException("The peer does not have this stream.");
        }

        if (_outgoingResets.Contains(stream))
        {
            throw new InvalidOperationException("The stream is being reset.");
        }

        if (!CanBuffer(message.Length))
        {
            throw new InvalidOperationException("The send buffer is full; ask CanBuffer before.");
        }

        var copy = System.Buffers.ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(copy);
        _outbound.Add(
            new OutgoingMessage(stream, ppid, options.IsUnordered, copy)
            {
                Length = message.Length,
                IsBorrowed = true,
                MaxRetransmissions = options.MaxRetransmissions,
                ExpiresAt = now + options.LifeTime,
            }
        );
    }

    /// <summary>Bytes of a stream that the peer has not acknowledged.</summary>
    public long BufferedAmount(StreamId stream) => _outbound.BufferedAmount(stream);

    /// <summary>
    /// Says at which amount <see cref="SctpEvent.BufferedAmountLow"/> comes, when a stream's bytes fall to it from above;
    /// null: never.
    /// </summary>
    public void SetLowThreshold(StreamId stream, long? threshold) =>
        _outbound.SetLowThreshold(stream, threshold);

    /// <summary>Says how much a stream may send compared with others (RFC 8831 section 6.4).</summary>
    public void SetWeight(StreamId stream, ushort weight) => _outbound.SetWeight(stream, weight);

    /// <summary>Ends the association once all data is acknowledged; at once when it is not up.</summary>
    public void Shutdown(Instant now)
    {
        switch (_state)
        {
            case AssociationState.Established established:
                _state = new AssociationState.ShutdownPending(established.Other);
                AdvanceShutdown(now);
                break;
            case AssociationState.Closed or AssociationState.CookieWait or AssociationState.CookieEchoed:
                Abort(now);
                break;
            default:
                break; // It is under way, or all is over
        }
    }

    /// <summary>Ends the association at once; what is not acknowledged may be lost.</summary>
    public void Abort(Instant now)
    {
        _ = now; // Every command takes the time
        if (_state is not AssociationState.Ended)
        {
            End(SctpCloseReason.Aborted, ErrorCause.UserInitiatedAbort);
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent(out SctpEvent e)
    {
        var taken = _events.TryDequeue(out e!);
        if (e is SctpEvent.MessageReceived message)
        {
            _state.Peer?.Inbound.HandleDelivered(message.Payload.Length);
        }

        return taken;
    }

    /// <summary>Acts on timers that are due.</summary>
    public void HandleDeadline(Instant now)
    {
        if (_state is AssociationState.Ended)
        {
            return;
        }

        _state.Peer?.Inbound.HandleDeadline(now);
        _path.HandleDeadline(now);
        var timeouts = _outbound.TimeoutsInARow;
        _outbound.HandleDeadline(now);
        var isSwallowed = _outbound.TakeSwallowed();
        if (isSwallowed || _outbound.TimeoutsInARow > timeouts)
        {
            _path.HandleSwallowed(now);
        }

        if (_outbound.TimeoutsInARow > MaxRetransmissions)
        {
            End(SctpCloseReason.RetransmissionLimit, ErrorCause.UserInitiatedAbort);
        }

        while (_timers.TryTakeDue(now, out var timer))
        {
            switch (timer)
            {
                case AssociationTimer.Handshake:
                    HandleHandshakeTimeout(now);
                    break;
                case AssociationTimer.Shutdown:
                    HandleShutdownTimeout(now);
                    break;
                case AssociationTimer.ShutdownGuard:
                    End(SctpCloseReason.ShutdownTimeout, ErrorCause.UserInitiatedAbort);
                    break;
                case AssociationTimer.Heartbeat:
                    SendHeartbeat(now);
                    break;
                case AssociationTimer.HeartbeatAnswer:
                    HandleHeartbeatTimeout(now);
                    break;
                case AssociationTimer.Reset:
                    HandleResetTimeout(now);
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    /// <summary>Ends the association: the last event, the last packet, no timers.</summary>
    private void End(SctpCloseReason reason, ErrorCause abortCause, ReadOnlySpan<byte> causeValue = default)
    {
        if (_state.Peer is { } peer)
        {
            EndWith(reason, peer.Tag, ErrorChunk.Create(ChunkType.Abort, abortCause, causeValue));
        }
        else
        {
            EndSilently(reason);
        }
    }

    private void EndWith(SctpCloseReason reason, VerificationTag tag, byte[] lastChunk)
    {
        if (_state is not AssociationState.Ended)
        {
            EndSilently(reason);
            EnqueueStandalone(tag, lastChunk);
        }
    }

    private void EndSilently(SctpCloseReason reason)
    {
        if (_state is AssociationState.Ended)
        {
            return;
        }

        var peer = _state.Peer;
        _control.Clear();
        _standalone.Clear();
        _state = new AssociationState.Ended(peer, reason);
        _timers.ClearAll();
        _outbound.Stop();
        _events.Enqueue(new SctpEvent.Closed(reason));
    }
}
