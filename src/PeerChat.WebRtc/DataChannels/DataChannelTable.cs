using System.Text;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>The data channels of one association, opened with DCEP (RFC 8831, RFC 8832).</summary>
/// <remarks>
/// After each call of the association call <see cref="Pump"/>, then take <see cref="TryTakeEvent"/> until it is empty. Only
/// reliable ordered channels are opened; channels that the peer opens otherwise are accepted, and we send on them reliably
/// and in order.
/// </remarks>
/// <param name="association">What carries the messages; its events are taken here and nowhere else.</param>
/// <param name="isDtlsClient">The DTLS client opens channels with even ids, the server with odd ones (RFC 8832 section 6).</param>
internal sealed class DataChannelTable(SctpAssociation association, bool isDtlsClient)
{
    /// <summary>Channels of both sides together; each costs memory for as long as the association lives.</summary>
    public const int MaxChannels = 1024;

    private const int IdStep = 2;
    private readonly HashSet<ushort> _channels = [];
    private readonly EarlyMessages _early = new();
    private readonly Queue<StreamId> _acks = [];
    private readonly Queue<DataChannelEvent> _events = [];
    private int _nextId = isDtlsClient ? 0 : 1;
    private bool _closed;

    /// <summary>Messages of the peer that broke a rule or found no room, and were dropped.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Opens a reliable ordered channel. Messages may follow at once (RFC 8832 section 6).</summary>
    /// <exception cref="ArgumentException">The label is longer than <see cref="DcepOpen.MaxNameBytes"/>.</exception>
    /// <exception cref="InvalidOperationException">No id is left, or the association takes no messages.</exception>
    public ushort Open(string label, Instant now)
    {
        if (Encoding.UTF8.GetByteCount(label) > DcepOpen.MaxNameBytes)
        {
            throw new ArgumentException("The label is too long.", nameof(label));
        }

        if (_channels.Count >= MaxChannels || _nextId >= association.OutboundStreamCount)
        {
            throw new InvalidOperationException("The peer takes no more channels.");
        }

        var id = (ushort)_nextId;
        var open = new DcepOpen(DcepChannelType.Reliable, DcepOpen.NormalPriority, 0, label, Protocol: "");
        association.Send(
            new StreamId(id),
            PayloadProtocolIdentifier.Dcep,
            open.ToBytes(),
            unordered: false,
            now
        );
        _channels.Add(id);
        _nextId += IdStep;
        return id;
    }

    /// <summary>Sends a message. Does nothing when the association has ended.</summary>
    /// <exception cref="ArgumentException">The message is larger than the peer takes.</exception>
    /// <exception cref="InvalidOperationException">There is no such channel, or the buffer is full.</exception>
    public void Send(ushort channel, bool isText, ReadOnlySpan<byte> message, Instant now)
    {
        if (_closed)
        {
            return;
        }

        if (!_channels.Contains(channel))
        {
            throw new InvalidOperationException("There is no such channel.");
        }

        // SCTP has no empty messages: a byte that means nothing stands for one (RFC 8831 section 6.6)
        var ppid = (isText, message.IsEmpty) switch
        {
            (true, false) => PayloadProtocolIdentifier.String,
            (true, true) => PayloadProtocolIdentifier.StringEmpty,
            (false, false) => PayloadProtocolIdentifier.Binary,
            (false, true) => PayloadProtocolIdentifier.BinaryEmpty,
        };
        association.Send(new StreamId(channel), ppid, message.IsEmpty ? [0] : message, unordered: false, now);
    }

    /// <summary>Bytes of a channel that the peer has not acknowledged.</summary>
    public long BufferedAmount(ushort channel) => association.BufferedAmount(new StreamId(channel));

    /// <summary>Takes the association's events in.</summary>
    public void Pump(Instant now)
    {
        DroppedCount += _early.DropExpired(now);
        while (association.TryTakeEvent(out var e))
        {
            switch (e)
            {
                case SctpEvent.Connected:
                    HandleConnected();
                    break;
                case SctpEvent.MessageReceived { Ppid: var ppid } message
                    when ppid == PayloadProtocolIdentifier.Dcep:
                    HandleDcep(now, message);
                    break;
                case SctpEvent.MessageReceived message:
                    HandleMessage(now, message);
                    break;
                case SctpEvent.Closed closed:
                    _closed = true;
                    _events.Enqueue(new DataChannelEvent.Closed(closed.Reason));
                    break;
                default:
                    break;
            }
        }

        SendAcks(now);
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent(out DataChannelEvent e) => _events.TryDequeue(out e!);

    private void HandleConnected()
    {
        _events.Enqueue(new DataChannelEvent.Connected());
        foreach (var id in _channels.Where(id => id >= association.OutboundStreamCount).Order().ToArray())
        {
            // Opened before we knew how few streams the peer has
            _channels.Remove(id);
            _events.Enqueue(new DataChannelEvent.ChannelClosed(id));
        }
    }

    private void HandleDcep(Instant now, SctpEvent.MessageReceived message)
    {
        var id = message.Stream.Value;
        if (IsAck(message.Payload.Span) && IsOurs(id) && _channels.Contains(id))
        {
            return; // Nothing waits for it: we send ordered before and after
        }

        // RFC 8832 section 6 wants the stream of a bad OPEN reset; without RE-CONFIG it stays, and what comes on it is dropped
        if (
            !DcepOpen.TryParse(message.Payload.Span, out var open)
            || IsOurs(id)
            || _channels.Contains(id)
            || _channels.Count >= MaxChannels
            || id >= association.OutboundStreamCount
        )
        {
            DroppedCount++;
            return;
        }

        _channels.Add(id);
        _acks.Enqueue(message.Stream);
        _events.Enqueue(new DataChannelEvent.Opened(id, open.Label));
        foreach (var early in _early.Take(message.Stream))
        {
            HandleMessage(now, early);
        }
    }

    private void HandleMessage(Instant now, SctpEvent.MessageReceived message)
    {
        var id = message.Stream.Value;
        if (!_channels.Contains(id))
        {
            DroppedCount += !IsOurs(id) && _early.TryAdd(now, message) ? 0 : 1;
            return;
        }

        if (TryReadKind(message.Ppid, out var isText, out var isEmpty))
        {
            var payload = isEmpty ? ReadOnlyMemory<byte>.Empty : message.Payload;
            _events.Enqueue(new DataChannelEvent.Message(id, isText, payload));
            return;
        }

        DroppedCount++;
    }

    /// <summary>An OPEN is answered as soon as the buffer has room.</summary>
    private void SendAcks(Instant now)
    {
        while (
            association is { IsEstablished: true }
            && association.CanBuffer(1)
            && _acks.TryDequeue(out var stream)
        )
        {
            association.Send(
                stream,
                PayloadProtocolIdentifier.Dcep,
                [(byte)DcepMessageType.Ack],
                unordered: false,
                now
            );
        }
    }

    private static bool IsAck(ReadOnlySpan<byte> message) => message is [(byte)DcepMessageType.Ack];

    private bool IsOurs(ushort id) => id % IdStep == (isDtlsClient ? 0 : 1);

    private static bool TryReadKind(PayloadProtocolIdentifier ppid, out bool isText, out bool isEmpty)
    {
        isText =
            ppid == PayloadProtocolIdentifier.String
            || ppid == PayloadProtocolIdentifier.StringPartial
            || ppid == PayloadProtocolIdentifier.StringEmpty;
        isEmpty =
            ppid == PayloadProtocolIdentifier.StringEmpty || ppid == PayloadProtocolIdentifier.BinaryEmpty;
        return isText
            || isEmpty
            || ppid == PayloadProtocolIdentifier.Binary
            || ppid == PayloadProtocolIdentifier.BinaryPartial;
    }
}
