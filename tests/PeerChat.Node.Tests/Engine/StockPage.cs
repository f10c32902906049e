using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A PeerJS page as far as its protocol goes: offers a data connection by name, and sends JSON.</summary>
internal sealed class StockPage : IWorldPart, IDisposable
{
    private readonly EngineWorld _world;
    private readonly string _host;
    private readonly int _socket;
    private readonly SeededEntropy _entropy;
    private readonly Queue<JsonObject> _heard = new();
    private PeerConnection? _connection;
    private string _connectionId = "";
    private int _connections;

    public StockPage(EngineWorld world, string host, string id, int number)
    {
        (_world, _host, Id) = (world, host, id);
        Address = new TransportAddress(new IPAddress([10, 0, 2, (byte)number]), 4000);
        _entropy = new SeededEntropy((world.Seed * 1000) + number);
        world.Lan.Attach(Address, HostFirewall.None);
        world.Add(this);
        _socket = world.Services.AddPage(host, id, text => _heard.Enqueue(JsonNode.Parse(text)!.AsObject()));
    }

    public string Id { get; }

    public TransportAddress Address { get; }

    public ushort? Channel { get; private set; }

    public bool IsAnswered { get; private set; }

    public bool IsDismissed { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>What came, as the page's handler gets it.</summary>
    public List<JsonNode?> Received { get; } = [];

    public Instant? NextDeadline => _heard.Count > 0 ? _world.Now : _connection?.NextDeadline;

    /// <summary>Calls somebody by name.</summary>
    public void Connect(string name, string? metadataName = null, Action<JsonObject>? change = null)
    {
        _connection?.Dispose();
        _connection = new PeerConnection(isOfferer: true, [Address], _entropy, _world.Now);
        _connectionId = $"dc_{++_connections}";
        (Channel, IsAnswered, IsClosed) = (null, false, false);
        var payload = new JsonObject
        {
            ["sdp"] = new JsonObject
            {
                ["type"] = "offer",
                ["sdp"] = SdpDocument.WriteOffer(_connection.LocalDescription),
            },
            ["type"] = "data",
            ["connectionId"] = _connectionId,
            ["label"] = _connectionId,
            ["reliable"] = false,
            ["serialization"] = "json",
        };
        if (metadataName is not null)
        {
            payload["metadata"] = new JsonObject { ["name"] = metadataName };
        }

        change?.Invoke(payload);
        Say("OFFER", name, payload);
    }

    /// <summary>Says something to the PeerServer.</summary>
    public void Say(string type, string to, JsonNode? payload) =>
        _world.Services.SayFrom(
            _host,
            _socket,
            new JsonObject
            {
                ["type"] = type,
                ["dst"] = to,
                ["payload"] = payload,
            }.ToJsonString()
        );

    public void Send(JsonNode? data) => SendBytes(JsonSerializer.SerializeToUtf8Bytes(data));

    public void SendBytes(byte[] bytes)
    {
        _connection!.Send(Channel!.Value, isText: false, bytes, _world.Now);
        Drain();
    }

    public void Close()
    {
        _connection!.Close(_world.Now);
        Drain();
    }

    public void HandleDatagram(Instant now, LanDatagram datagram)
    {
        if (_connection is { } connection && datagram.To == Address)
        {
            connection.HandleDatagram(now, datagram.To, datagram.From, datagram.Payload);
            Drain();
        }
    }

    public void HandleDeadline(Instant now)
    {
        while (_heard.TryDequeue(out var frame))
        {
            Hear(frame);
        }

        if (_connection?.NextDeadline <= now)
        {
            _connection.HandleDeadline(now);
        }

        Drain();
    }

    public void Dispose() => _connection?.Dispose();

    private void Hear(JsonObject frame)
    {
        switch ((string)frame["type"]!)
        {
            case "ANSWER" when (string)frame["payload"]!["connectionId"]! == _connectionId:
                IsAnswered = true;
                var sdp = (string)frame["payload"]!["sdp"]!["sdp"]!;
                if (!SdpDocument.TryParse(sdp, out var document, out var reason))
                {
                    throw new InvalidOperationException(reason);
                }

                _connection!.SetRemoteDescription(document.Description, _world.Now);
                break;
            case "LEAVE":
                IsDismissed = true;
                break;
            default:
                break;
        }
    }

    private void Drain()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        while (connection.TryTakeEvent(out var happened))
        {
            if (happened is PeerConnectionEvent.Connected)
            {
                Channel = connection.OpenChannel(_connectionId, _world.Now);
            }
            else if (happened is PeerConnectionEvent.MessageReceived received)
            {
                Received.Add(JsonNode.Parse(Encoding.UTF8.GetString(received.Message.Span)));
            }
            else if (happened is PeerConnectionEvent.Closed)
            {
                IsClosed = true;
            }
        }

        while (connection.TryTakeTransmit(out var datagram))
        {
            _world.Lan.Send(_world.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
        }
    }
}
