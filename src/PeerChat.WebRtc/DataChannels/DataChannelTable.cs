using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>The data channels of one association, opened with DCEP or agreed on elsewhere (RFC 8831, RFC 8832).</summary>
/// <remarks>
/// After each call of the association call <see cref="Pump"/>, then take <see cref="TryTakeEvent"/> until it is empty.
/// A channel closes when both sides have reset their stream (RFC 8831 section 6.7): whoever begins, the other follows.
/// </remarks>
/// <param name="association">What carries the messages; its events are taken here and nowhere else.</param>
/// <param name="isDtlsClient">The DTLS client opens channels with even ids, the server with odd ones (RFC 8832 section 6).</param>
internal sealed partial class DataChannelTable(SctpAssociation association, bool isDtlsClient)
{
    /// <summary>Channels of both sides together; each costs memory until it is closed.</summary>
    public const int MaxChannels = 1024;

    /// <summary>Channels with those that the peer opened against the rules, and that are being closed again.</summary>
    public const int MaxChannelsWithRefused = 2 * MaxChannels;

    private readonly Dictionary<ushort, DataChannel> _channels = [];
    private readonly ChannelIds _ids = new(isDtlsClient);
    private readonly EarlyMessages _early = new();
    private readonly Queue<DataChannel> _acks = [];
    private readonly Queue<DataChannelEvent> _events = [];
    private bool _closed;

    /// <summary>Messages of the peer that broke a rule or found no room, and were dropped.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Opens a reliable ordered channel. Messages may follow at once (RFC 8832 section 6).</summary>
    /// <exception cref="ArgumentException">The label is longer than <see cref="DcepOpen.MaxNameBytes"/>.</exception>
    /// <exception cref="InvalidOperationException">No id is left, or the association takes no messages.</exception>
    public ushort Open(string label, Instant now) => Open(label, new DataChannelOptions(), now);

    /// <summary>Opens a channel. Messages may follow at once; they travel in order until the peer answers.</summary>
    /// <exception cref="ArgumentException">
    /// A name is longer than <see cref="DcepOpen.MaxNameBytes"/>, the id is 65535, or the limits of loss make no sense.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The id is in use or was and cannot be again, no id is left, or the association takes no messages.
    /// </exception>
    public ushort Open(string label, DataChannelOptions options, Instant now)
    {
        // Throws before anything is changed
        var message = DcepOpen.Of(label, options).ToBytes();
        var limit = Math.Min(association.OutboundStreamCount, SctpAssociation.MaxStreams);
        var id = options.Id ?? 0;
        if (id >= SctpAssociation.MaxStreams)
        {
            throw new ArgumentException("65535 is no number of a channel.", nameof(options));
        }

        if (options.Id is not null && (_channels.ContainsKey(id) || !_ids.IsUsable(id) || id >= limit))
        {
            throw new InvalidOperationException("The number is in use, or the peer does not have it.");
        }

        if (
            _channels.Count >= MaxChannels
            || (options.Id is null && !_ids.TryTake(limit, _channels.ContainsKey, out id))
        )
        {
            throw new InvalidOperationException("The peer takes no more channels.");
        }

        var channel = new DataChannel(id, options) { AwaitsAck = options.Id is null };
        if (options.Id is null)
        {
            association.Send(channel.Stream, PayloadProtocolIdentifier.Dcep, message, unordered: false, now);
        }

        Add(channel);
        TakeEarly(now, channel.Stream);
        return id;
    }

    /// <summary>Sends a message. Does nothing when the channel is being closed or the association has ended.</summary>
    /// <exception cref="ArgumentException">The message is larger than the peer takes.</exception>
    /// <exception cref="InvalidOperationException">There is no such channel, or the buffer is full.</exception>
    public void Send(ushort channel, bool isText, ReadOnlySpan<byte> message, Instant now)
    {
        if (_closed)
        {
            return;
        }

        var found = Find(channel);
        if (found.IsClosing)
        {
            return;
        }

        // SCTP has no empty messages: a byte that means nothing stands for one (RFC 8831 section 6.6)
        var ppid = (isText, message.IsEmpty) switch
        {
            (true, false) => PayloadProtocolIdentifier.String,
            (true, true) => PayloadProtocolIdentifier.StringEmpty,
            (false, false) => PayloadProtocolIdentifier.Binary,
            (false, true) => PayloadProtocolIdentifier.BinaryEmpty,
        };
        association.Send(found.Stream, ppid, message.IsEmpty ? [0] : message, found.SendOptions, now);
    }

    /// <summary>
    /// Closes a channel: what was sent still arrives, what comes is dropped, and once both streams are reset
    /// <see cref="DataChannelEvent.ChannelClosed"/> follows. Does nothing when it is being closed.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such channel.</exception>
    public void Close(ushort channel, Instant now)
    {
        if (!_closed)
        {
            StartClosing(Find(channel), now);
        }
    }

    /// <summary>How a channel treats loss and order.</summary>
    /// <exception cref="InvalidOperationException">There is no such channel.</exception>
    public DataChannelOptions OptionsOf(ushort channel) => Find(channel).Options;

    /// <summary>Whether the peer has shown that it knows a channel, by its ACK or otherwise.</summary>
    public bool IsConfirmed(ushort channel) =>
        _channels.TryGetValue(channel, out var found) && !found.AwaitsAck;

    /// <summary>Bytes of a channel that the peer has not acknowledged.</summary>
    public long BufferedAmount(ushort channel) => association.BufferedAmount(new StreamId(channel));

    /// <summary>
    /// Has <see cref="DataChannelEvent.BufferedAmountLow"/> come each time when <see cref="BufferedAmount"/> falls to this from
    /// above; null: never.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such channel.</exception>
    public void SetLowThreshold(ushort channel, long? bytes) =>
        association.SetLowThreshold(Find(channel).Stream, bytes);

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
                case SctpEvent.MessageReceived message:
                    HandleReceived(now, message);
                    break;
                case SctpEvent.StreamsReset reset:
                    HandleReset(now, reset);
                    break;
                case SctpEvent.PeerResetStreams reset:
                    HandlePeerReset(now, reset);
                    break;
                case SctpEvent.BufferedAmountLow low when _channels.ContainsKey(low.Stream.Value):
                    _events.Enqueue(new DataChannelEvent.BufferedAmountLow(low.Stream.Value));
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
        AdvanceClosing(now);
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent(out DataChannelEvent e) => _events.TryDequeue(out e!);

    private DataChannel Find(ushort channel) =>
        _channels.TryGetValue(channel, out var found) && found.IsReported
            ? found
            : throw new InvalidOperationException("There is no such channel.");

    private void Add(DataChannel channel)
    {
        _channels.Add(channel.Id, channel);
        association.SetWeight(channel.Stream, channel.Options.Priority);
    }

    private void HandleConnected()
    {
        _events.Enqueue(new DataChannelEvent.Connected());
        foreach (
            var id in _channels.Keys.Where(id => id >= association.OutboundStreamCount).Order().ToArray()
        )
        {
            // Opened before we knew how few streams the peer has
            _channels.Remove(id);
            _events.Enqueue(new DataChannelEvent.ChannelClosed(id));
        }
    }

    private void HandleReceived(Instant now, SctpEvent.MessageReceived message)
    {
        var channel = _channels.GetValueOrDefault(message.Stream.Value);
        if (channel?.IsResetByPeer == true)
        {
            if (!TryFinishByReuse(channel, now))
            {
                DroppedCount++;
                return;
            }

            channel = null;
        }

        if (message.Ppid == PayloadProtocolIdentifier.Dcep)
        {
            HandleDcep(now, message, channel);
        }
        else
        {
            HandleMessage(now, message, channel);
        }
    }

    private void HandleDcep(Instant now, SctpEvent.MessageReceived message, DataChannel? channel)
    {
        if (message.Payload.Span is [(byte)DcepMessageType.Ack])
        {
            DroppedCount += channel?.AwaitsAck == true ? 0 : 1;
            HandleKnownByPeer(channel);
            return;
        }

        var id = message.Stream.Value;
        var isOpen = DcepOpen.TryParse(message.Payload.Span, out var open);
        if (
            !isOpen
            || _ids.IsOurs(id)
            || !_ids.IsUsable(id)
            || channel is not null
            || _channels.Count >= MaxChannels
            || id >= association.OutboundStreamCount
        )
        {
            DroppedCount++;
            if (isOpen || channel is null)
            {
                Refuse(now, id, channel);
            }

            return;
        }

        var opened = new DataChannel(id, open.ToOptions());
        Add(opened);
        _acks.Enqueue(opened);
        _events.Enqueue(new DataChannelEvent.Opened(id, open.Label));
        TakeEarly(now, message.Stream);
    }

    /// <summary>RFC 8832 section 6: an OPEN that breaks a rule closes what there is under its number, and is not answered.</summary>
    private void Refuse(Instant now, ushort id, DataChannel? channel)
    {
        if (channel is null)
        {
            if (_channels.Count >= MaxChannelsWithRefused || id >= association.OutboundStreamCount)
            {
                return;
            }

            channel = new DataChannel(id, new DataChannelOptions()) { IsReported = false };
            Add(channel);
        }

        StartClosing(channel, now);
    }

    private void HandleMessage(Instant now, SctpEvent.MessageReceived message, DataChannel? channel)
    {
        var id = message.Stream.Value;
        if (channel is null)
        {
            DroppedCount += _ids.IsUsable(id) && _early.TryAdd(now, message) ? 0 : 1;
            return;
        }

        HandleKnownByPeer(channel);
        if (!channel.IsClosing && TryReadKind(message.Ppid, out var isText, out var isEmpty))
        {
            var payload = isEmpty ? ReadOnlyMemory<byte>.Empty : message.Payload;
            _events.Enqueue(new DataChannelEvent.Message(id, isText, payload));
            return;
        }

        DroppedCount++;
    }

    /// <summary>Whatever comes on a channel shows that the peer has seen its OPEN, as its ACK does.</summary>
    private static void HandleKnownByPeer(DataChannel? channel)
    {
        if (channel is not null)
        {
            channel.AwaitsAck = false;
        }
    }

    private void TakeEarly(Instant now, StreamId stream)
    {
        foreach (var early in _early.Take(stream))
        {
            HandleReceived(now, early);
        }
    }

    /// <summary>An OPEN is answered as soon as the buffer has room.</summary>
    private void SendAcks(Instant now)
    {
        while (
            association is { IsEstablished: true }
            && association.CanBuffer(1)
            && _acks.TryDequeue(out var channel)
        )
        {
            if (!channel.IsClosing)
            {
                association.Send(
                    channel.Stream,
                    PayloadProtocolIdentifier.Dcep,
                    [(byte)DcepMessageType.Ack],
                    unordered: false,
                    now
                );
            }
        }
    }

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
