using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.Rendezvous.Services;
using PeerChat.WebRtc;

namespace PeerChat.Node.Guests;

/// <summary>One connection to a PeerJS page: WebRTC underneath, no hello, one channel, texts.</summary>
/// <remarks>
/// DTLS keeps what is said from everybody but the PeerServer, which could have put its own fingerprints into offer and answer. There is
/// nothing to be done about it: a stock page proves nothing.
/// </remarks>
internal sealed class GuestLink(int id, int service, GuestOffer offer, PeerConnection connection, Instant now)
{
    /// <summary>So long a page may take to open its channel; ICE itself gives up after 15 s.</summary>
    public static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(30);

    /// <summary>Channels beside the one: a stock page opens no other.</summary>
    public const int MaxRefusedChannels = 4;

    /// <summary>Messages above the rate, or of no use, before the page is let go; somebody who pastes quickly stays below.</summary>
    public const int MaxRefusedMessages = 256;

    /// <summary>A page that lets more than this wait does not read.</summary>
    public const int MaxBufferedBytes = 1024 * 1024;

    private readonly GuestCodec _codec = new(offer.Serialization);
    private readonly MessageBudget _budget = new(now);
    private readonly Queue<GuestLinkEvent> _events = new();
    private readonly Instant _openBy = now + OpenPatience;
    private ushort? _channel;
    private int _refusedChannels;
    private int _refusedMessages;

    /// <summary>Its number.</summary>
    public int Id => id;

    /// <summary>The service that carried the offer.</summary>
    public int Service => service;

    /// <summary>As whom the service knows the page.</summary>
    public string Peer => offer.Peer;

    /// <summary>What the page calls the connection.</summary>
    public string ConnectionId => offer.ConnectionId;

    /// <summary>What the page says its user is called.</summary>
    public string Name => offer.Name;

    /// <summary>The connection underneath.</summary>
    public PeerConnection Connection => connection;

    /// <summary>Whether texts can be sent.</summary>
    public bool IsOpen => _channel is not null && !IsClosed;

    /// <summary>Whether it ended by our wish, of which the page is to be told.</summary>
    public bool TellsPage { get; private set; }

    /// <summary>Whether it is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline =>
        IsClosed ? null
        : _channel is null ? Instant.Earliest(connection.NextDeadline, _openBy)
        : connection.NextDeadline;

    /// <summary>One more address of the page.</summary>
    public void AddCandidate(IceCandidate candidate, Instant at)
    {
        if (!IsClosed)
        {
            connection.AddRemoteCandidate(candidate, at);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void HandleDeadline(Instant at)
    {
        connection.HandleDeadline(at);
        if (_channel is null && _openBy <= at)
        {
            Close(at);
        }
    }

    /// <summary>Sends a text; false where the page could not take it.</summary>
    public bool TrySend(string text, Instant at)
    {
        var messages = _codec.Write(text);
        if (_channel is not { } channel || IsClosed || messages.Count == 0)
        {
            return false;
        }

        if (connection.BufferedAmount(channel) > MaxBufferedBytes)
        {
            Close(at);
            return false;
        }

        foreach (var message in messages)
        {
            connection.Send(channel, _codec.WritesText, message, at);
        }

        return true;
    }

    /// <summary>Ends it from this side.</summary>
    /// <param name="at">The time.</param>
    /// <param name="tellsPage">
    /// Whether the page is told through the PeerServer too; not where it has left, or calls anew: it would end the new call.
    /// </param>
    public void Close(Instant at, bool tellsPage = true)
    {
        if (IsClosed)
        {
            return;
        }

        TellsPage = tellsPage;

        if (_channel is { } channel)
        {
            connection.Send(channel, _codec.WritesText, _codec.WriteClose(), at);
        }

        connection.Close(at);
        End();
    }

    /// <summary>Moves on after input.</summary>
    public void Pump(Instant at)
    {
        while (!IsClosed && connection.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case PeerConnectionEvent.ChannelOpened opened when _channel is null:
                    _channel = opened.Channel;
                    _events.Enqueue(new GuestLinkEvent.Opened());
                    break;
                case PeerConnectionEvent.ChannelOpened opened:
                    RefuseChannel(opened.Channel, at);
                    break;
                case PeerConnectionEvent.MessageReceived received:
                    if (received.Channel == _channel)
                    {
                        HandleMessage(received, at);
                    }

                    PeerConnection.Recycle(received);
                    break;
                case PeerConnectionEvent.ChannelClosed closed when closed.Channel == _channel:
                    connection.Close(at);
                    End();
                    break;
                case PeerConnectionEvent.Closed:
                    End();
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out GuestLinkEvent? happened) =>
        _events.TryDequeue(out happened);

    private void RefuseChannel(ushort channel, Instant at)
    {
        if (++_refusedChannels > MaxRefusedChannels)
        {
            Close(at);
        }
        else
        {
            connection.CloseChannel(channel, at);
        }
    }

    private void HandleMessage(PeerConnectionEvent.MessageReceived received, Instant at)
    {
        if (!_budget.TryTake(at))
        {
            Refuse(at);
            return;
        }

        var message = _codec.Read(received.Message, received.IsText);
        switch (message.Kind)
        {
            case GuestMessageKind.Text:
                _events.Enqueue(new GuestLinkEvent.TextReceived(message.Text));
                break;
            case GuestMessageKind.TooLong:
                _events.Enqueue(new GuestLinkEvent.TooLong());
                Refuse(at);
                break;
            case GuestMessageKind.Malformed:
                Refuse(at);
                break;
            case GuestMessageKind.Close:
                connection.Close(at);
                End();
                break;
            default:
                break;
        }
    }

    private void Refuse(Instant at)
    {
        if (++_refusedMessages > MaxRefusedMessages)
        {
            Close(at);
        }
    }

    private void End()
    {
        IsClosed = true;
        _events.Enqueue(new GuestLinkEvent.Ended());
    }
}
