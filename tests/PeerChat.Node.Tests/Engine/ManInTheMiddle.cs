using System.Net;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Signalling;
using PeerChat.TestKit;
using PeerChat.WebRtc;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Holds the keys of two bare names, rewrites offer and answer, and terminates DTLS towards both ends to relay what they say.</summary>
internal sealed class ManInTheMiddle : IWorldPart, IDisposable
{
    private readonly EngineWorld _world;
    private readonly Signals _signals;
    private readonly SeededEntropy _entropy = new(4711);
    private readonly TransportAddress _towardsDialler = new(new IPAddress([10, 0, 0, 99]), 7001);
    private readonly TransportAddress _towardsListener = new(new IPAddress([10, 0, 0, 99]), 7002);
    private readonly Dictionary<ushort, ushort> _toDialler = [];
    private readonly Dictionary<ushort, ushort> _toListener = [];
    private readonly Queue<(bool FromDialler, byte[] Message, ushort Channel)> _early = new();
    private readonly Queue<(bool FromDialler, PeerConnectionEvent.ChannelOpened Opened)> _opened = new();
    private SignalBody? _offer;
    private byte[]? _forgedOffer;
    private byte[]? _forgedAnswer;
    private PeerConnection? _atDialler;
    private PeerConnection? _atListener;

    public ManInTheMiddle(EngineWorld world, SignalKeys keys)
    {
        _world = world;
        _signals = new Signals(keys);
        world.Lan.Attach(_towardsDialler, HostFirewall.None);
        world.Lan.Interceptor = Intercept;
        world.Add(this);
    }

    /// <summary>What the side that dialled said, in the clear.</summary>
    public List<byte[]> FromDialler { get; } = [];

    /// <summary>What the side that was dialled said, in the clear.</summary>
    public List<byte[]> FromListener { get; } = [];

    public bool IsBetween => _atDialler?.Binding is not null && _atListener?.Binding is not null;

    public Instant? NextDeadline => Instant.Earliest(_atDialler?.NextDeadline, _atListener?.NextDeadline);

    public void HandleDatagram(Instant now, LanDatagram datagram)
    {
        if (datagram.To == _towardsDialler)
        {
            _atDialler?.HandleDatagram(now, datagram.To, datagram.From, datagram.Payload);
        }
        else if (datagram.To == _towardsListener)
        {
            _atListener?.HandleDatagram(now, datagram.To, datagram.From, datagram.Payload);
        }

        Drain();
    }

    public void HandleDeadline(Instant now)
    {
        if (_atDialler?.NextDeadline <= now)
        {
            _atDialler.HandleDeadline(now);
        }

        if (_atListener?.NextDeadline <= now)
        {
            _atListener.HandleDeadline(now);
        }

        Drain();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _atDialler?.Dispose();
        _atListener?.Dispose();
    }

    private LanDatagram? Intercept(LanDatagram datagram)
    {
        if (_signals.Open(datagram.Payload) is not { } opened)
        {
            return datagram;
        }

        if (opened.Signal.Kind == SignalKind.Offer)
        {
            if (_offer is null || _offer.OfferId != opened.Body.OfferId)
            {
                if (_offer is not null)
                {
                    return null; // one conversation is enough to listen to
                }

                _offer = opened.Body;
                _atDialler = new PeerConnection(false, [_towardsDialler], _entropy, _world.Now);
                _atDialler.SetRemoteDescription(opened.Description, _world.Now);
                _atListener = new PeerConnection(true, [_towardsListener], _entropy, _world.Now);
                _forgedOffer = _signals.Reseal(
                    opened.Signal,
                    SignalBody.Offer(
                        opened.Body.OfferId,
                        opened.Body.Sender,
                        DescriptionCodec.Write(_atListener.LocalDescription)
                    )
                );
            }

            return datagram with
            {
                Payload = _forgedOffer!,
            };
        }

        if (_forgedAnswer is null)
        {
            _atListener!.SetRemoteDescription(opened.Description, _world.Now);
            _forgedAnswer = _signals.Reseal(
                opened.Signal,
                SignalBody.Answer(
                    _offer!,
                    opened.Body.Sender,
                    DescriptionCodec.Write(_atDialler!.LocalDescription)
                )
            );
        }

        return datagram with
        {
            Payload = _forgedAnswer,
        };
    }

    private void Drain()
    {
        if (_atDialler is not { } dialler || _atListener is not { } listener)
        {
            return;
        }

        Relay(dialler, FromDialler, fromDialler: true);
        Relay(listener, FromListener, fromDialler: false);
        foreach (var connection in new[] { dialler, listener })
        {
            while (connection.TryTakeTransmit(out var datagram))
            {
                _world.Lan.Inject(_world.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
            }
        }
    }

    private void Relay(PeerConnection from, List<byte[]> heard, bool fromDialler)
    {
        var to = fromDialler ? _atListener! : _atDialler!;
        while (from.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case PeerConnectionEvent.ChannelOpened opened:
                    _opened.Enqueue((fromDialler, opened));
                    break;
                case PeerConnectionEvent.MessageReceived received:
                    heard.Add(received.Message.ToArray());
                    _early.Enqueue((fromDialler, received.Message.ToArray(), received.Channel));
                    break;
                case PeerConnectionEvent.Closed:
                    to.Close(_world.Now);
                    break;
            }
        }

        // One side may be up before the other: then its channel waits
        for (var count = _opened.Count; count > 0; count--)
        {
            var (isDialler, opened) = _opened.Dequeue();
            var target = isDialler ? _atListener! : _atDialler!;
            if (target.State == PeerConnectionState.Connected)
            {
                var other = target.OpenChannel(opened.Label, _world.Now);
                (isDialler ? _toListener : _toDialler)[opened.Channel] = other;
                (isDialler ? _toDialler : _toListener)[other] = opened.Channel;
            }
            else
            {
                _opened.Enqueue((isDialler, opened));
            }
        }

        for (var count = _early.Count; count > 0; count--)
        {
            var (isDialler, message, channel) = _early.Dequeue();
            var target = isDialler ? _atListener! : _atDialler!;
            if ((isDialler ? _toListener : _toDialler).TryGetValue(channel, out var mapped))
            {
                target.Send(mapped, isText: false, message, _world.Now);
            }
            else
            {
                _early.Enqueue((isDialler, message, channel));
            }
        }
    }
}
