using System.Net;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using PeerChat.TestKit;
using PeerChat.WebRtc;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A dialler with an identity of its own that speaks the protocols as it likes.</summary>
internal sealed class HostilePeer : IWorldPart, IDisposable
{
    private readonly EngineWorld _world;
    private readonly SeededEntropy _entropy;
    private PeerConnection? _connection;
    private SignalBody? _offer;
    private Signals? _signals;
    private HelloSession? _hello;

    public HostilePeer(EngineWorld world, string name, int number)
    {
        _world = world;
        Name = DisplayName.Of(name);
        Address = new TransportAddress(new IPAddress([10, 0, 0, (byte)number]), 4000);
        _entropy = new SeededEntropy((world.Seed * 1000) + number);
        var keys = new SystemKeySource();
        Self = new OwnIdentity(keys.NewSigningKey(), keys.NewAgreementKey());
        world.Lan.Attach(Address, HostFirewall.None);
        world.Add(this);
    }

    public DisplayName Name { get; }

    public TransportAddress Address { get; }

    public OwnIdentity Self { get; }

    /// <summary>Does something else than the honest thing on an event; true where it did.</summary>
    public Func<PeerConnectionEvent, bool>? OnEvent { get; set; }

    public PeerConnection Connection => _connection!;

    public ushort? Control { get; private set; }

    public bool IsAnswered { get; private set; }

    public bool IsConnected { get; private set; }

    public bool IsAccepted { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>What came after the hello.</summary>
    public List<byte[]> Frames { get; } = [];

    public Instant? NextDeadline => Instant.Earliest(_connection?.NextDeadline, _hello?.NextDeadline);

    /// <summary>Sends an offer under the two bare names.</summary>
    public void Dial(SimulatedNode victim, Func<SessionDescription, SessionDescription>? change = null)
    {
        _connection = new PeerConnection(isOfferer: true, [Address], _entropy, _world.Now);
        _signals = new Signals(_world.KeysOf(Name, victim.Name));
        var description = _connection.LocalDescription;
        _offer = SignalBody.Offer(
            OfferId.Create(_entropy),
            Self.PeerId,
            DescriptionCodec.Write(change?.Invoke(description) ?? description)
        );
        Repeat(victim);
    }

    /// <summary>Sends the offer again.</summary>
    public void Repeat(SimulatedNode victim) =>
        _world.Lan.Inject(
            _world.Now,
            Address,
            victim.Address,
            _signals!.Offer(Name.ToString(), _offer!, _world.Wall)
        );

    public void Send(byte[] frame, ushort? channel = null)
    {
        Connection.Send(channel ?? Control!.Value, isText: false, frame, _world.Now);
        Drain();
    }

    public void HandleDatagram(Instant now, LanDatagram datagram)
    {
        if (_connection is not { } connection || datagram.To != Address)
        {
            return;
        }

        if (_signals!.Open(datagram.Payload) is { } answer)
        {
            if (!IsAnswered && answer.Body.OfferId == _offer!.OfferId)
            {
                IsAnswered = true;
                connection.SetRemoteDescription(answer.Description, now);
            }
        }
        else
        {
            connection.HandleDatagram(now, datagram.To, datagram.From, datagram.Payload);
        }

        Drain();
    }

    public void HandleDeadline(Instant now)
    {
        if (_connection?.NextDeadline <= now)
        {
            _connection.HandleDeadline(now);
        }

        if (_hello?.NextDeadline <= now)
        {
            _hello.HandleDeadline(now);
        }

        Drain();
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private void Drain()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        while (connection.TryTakeEvent(out var happened))
        {
            if (OnEvent?.Invoke(happened) != true)
            {
                Handle(happened);
            }
        }

        PumpHello();
        while (connection.TryTakeTransmit(out var datagram))
        {
            _world.Lan.Inject(_world.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
        }
    }

    private void Handle(PeerConnectionEvent happened)
    {
        switch (happened)
        {
            case PeerConnectionEvent.Connected:
                IsConnected = true;
                break;
            case PeerConnectionEvent.ChannelOpened opened when Control is null:
                Control = opened.Channel;
                var material = Connection.Binding!;
                _hello = new HelloSession(
                    _world.Now,
                    new HelloParameters
                    {
                        Channel = Rooms.Hello.ChannelBinding.Derive(
                            material.IsDtlsClient,
                            new Bytes32(material.ClientCertificateSha256),
                            new Bytes32(material.ServerCertificateSha256),
                            material.Exporter
                        ),
                        Context = HelloContext.Stranger,
                        IsDialler = true,
                        Identity = Self,
                        Name = Name,
                    }
                );
                break;
            case PeerConnectionEvent.MessageReceived received:
                if (_hello is { IsFinished: false } hello)
                {
                    hello.HandleFrame(_world.Now, received.Message.Span);
                    PumpHello();
                }
                else
                {
                    Frames.Add(received.Message.ToArray());
                }

                break;
            case PeerConnectionEvent.Closed:
                IsClosed = true;
                break;
        }
    }

    private void PumpHello()
    {
        while (_hello is not null && _hello.TryTakeFrame(out var frame))
        {
            Connection.Send(Control!.Value, isText: false, frame, _world.Now);
        }

        while (_hello is not null && _hello.TryTakeEvent(out var happened))
        {
            IsAccepted |= happened is HelloEvent.Authenticated;
        }
    }
}
