using System.Text;
using System.Text.Json.Nodes;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.Server.Exchange;

namespace PeerChat.Node.Tests.Engine;

/// <summary>PeerServers and trackers, by the host of their address.</summary>
internal sealed class SimulatedServices(EngineWorld world)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, PeerExchange> _exchanges = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Socket> _sockets = [];
    private readonly List<(Instant At, Action Work)> _due = [];
    private readonly Dictionary<(Socket Socket, string InfoHash), string> _swarms = [];
    private readonly Dictionary<int, Action<string>> _pages = [];
    private int _last;

    /// <summary>What a host says instead of what it should; null for the truth.</summary>
    public Dictionary<string, Func<string, string?>> Lies { get; } = new(StringComparer.Ordinal);

    /// <summary>Hosts that refuse connections.</summary>
    public HashSet<string> Down { get; } = new(StringComparer.Ordinal);

    /// <summary>Every text that nodes gave to services.</summary>
    public List<(SimulatedNode Node, string Host, string Text)> Said { get; } = [];

    /// <summary>How often somebody tried to connect.</summary>
    public List<(SimulatedNode Node, string Host, Instant At)> Tries { get; } = [];

    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var (at, _) in _due)
            {
                earliest = Instant.Earliest(earliest, at);
            }

            foreach (var exchange in _exchanges.Values)
            {
                earliest = Instant.Earliest(earliest, exchange.NextDeadline);
            }

            return earliest;
        }
    }

    private PeerExchange ExchangeOf(string host)
    {
        if (!_exchanges.TryGetValue(host, out var exchange))
        {
            exchange = new PeerExchange("peerjs", new ExchangeLimits());
            _exchanges.Add(host, exchange);
        }

        return exchange;
    }

    /// <summary>How many are connected to a host.</summary>
    public int ConnectedTo(string host) => _sockets.Values.Count(socket => socket.Host == host);

    /// <summary>Ends all connections to a host.</summary>
    public void Break(string host)
    {
        foreach (var (number, socket) in _sockets.Where(pair => pair.Value.Host == host).ToList())
        {
            End(number, socket, "cannot be reached (reset)");
        }
    }

    /// <summary>A node is gone without a word: its connections stay open at the servers.</summary>
    public void Drop(SimulatedNode node)
    {
        foreach (var (number, _) in _sockets.Where(pair => pair.Value.Node == node).ToList())
        {
            _sockets.Remove(number);
        }
    }

    public void Carry(SimulatedNode node, EngineEffect effect)
    {
        switch (effect)
        {
            case EngineEffect.OpenWebSocket open:
                Later(() => Open(node, open));
                break;
            case EngineEffect.SendWebSocket send when Find(node, send.Service, send.Socket) is { } socket:
                Said.Add((node, socket.Value.Host, send.Text));
                Later(() => Hear(socket.Key, socket.Value, send.Text));
                break;
            case EngineEffect.CloseWebSocket close when Find(node, close.Service, close.Socket) is { } socket:
                Later(() => Leave(socket.Key, socket.Value));
                break;
        }
    }

    public void HandleDeadline(Instant now)
    {
        foreach (var due in _due.Where(one => one.At <= now).ToList())
        {
            _due.Remove(due);
            due.Work();
        }

        foreach (var (host, exchange) in _exchanges)
        {
            exchange.HandleDeadline(now);
            Drain(host, exchange);
        }
    }

    /// <summary>A client that is no node of ours.</summary>
    /// <returns>Its connection.</returns>
    public int AddPage(string host, string id, Action<string> hear)
    {
        var number = ++_last;
        _pages.Add(number, hear);
        ExchangeOf(host)
            .HandleConnected(
                number,
                new ConnectRequest("peerjs", id, $"token-of-{id}", $"page {number}"),
                world.Now
            );
        Drain(host, ExchangeOf(host));
        return number;
    }

    /// <summary>What such a client says.</summary>
    public void SayFrom(string host, int page, string text) =>
        Later(() =>
        {
            ExchangeOf(host).HandleText(page, Encoding.UTF8.GetBytes(text), world.Now);
            Drain(host, ExchangeOf(host));
        });

    /// <summary>Says something to everybody who is connected to a host.</summary>
    public void Say(string host, string text)
    {
        foreach (var socket in _sockets.Values.Where(one => one.Host == host).ToList())
        {
            Tell(socket, text);
        }
    }

    private KeyValuePair<int, Socket>? Find(SimulatedNode node, int service, int number)
    {
        foreach (var pair in _sockets)
        {
            if (pair.Value.Node == node && pair.Value.Service == service && pair.Value.Number == number)
            {
                return pair;
            }
        }

        return null;
    }

    private void Open(SimulatedNode node, EngineEffect.OpenWebSocket open)
    {
        var host = open.Url.Host;
        Tries.Add((node, host, world.Now));
        if (!node.IsRunning)
        {
            return;
        }

        if (Down.Contains(host))
        {
            node.Turn(engine =>
                engine.HandleWebSocketClosed(
                    open.Service,
                    open.Socket,
                    "cannot be reached (refused)",
                    world.Now,
                    node.Wall
                )
            );
            return;
        }

        var (number, socket) = (++_last, new Socket(node, host, open.Service, open.Socket, open.Url));
        _sockets.Add(number, socket);
        node.Turn(engine => engine.HandleWebSocketOpened(open.Service, open.Socket, world.Now, node.Wall));
        if (socket.IsPeerServer)
        {
            var query = System.Web.HttpUtility.ParseQueryString(open.Url.Query);
            var exchange = ExchangeOf(host);
            exchange.HandleConnected(
                number,
                new ConnectRequest(query["key"], query["id"], query["token"], node.Name.ToString()),
                world.Now
            );
            Drain(host, exchange);
        }
    }

    private void Hear(int number, Socket socket, string text)
    {
        if (!_sockets.ContainsKey(number))
        {
            return;
        }

        if (socket.IsPeerServer)
        {
            var exchange = ExchangeOf(socket.Host);
            exchange.HandleText(number, Encoding.UTF8.GetBytes(text), world.Now);
            Drain(socket.Host, exchange);
        }
        else
        {
            Announce(socket, JsonNode.Parse(text)!.AsObject());
        }
    }

    private void Announce(Socket socket, JsonObject message)
    {
        var hash = (string)message["info_hash"]!;
        var peer = (string)message["peer_id"]!;
        if ((string?)message["event"] == "stopped")
        {
            _swarms.Remove((socket, hash));
            return;
        }

        _swarms[(socket, hash)] = peer;
        var others = _swarms.Where(pair => pair.Key.InfoHash == hash && pair.Key.Socket != socket).ToList();
        if (message["answer"] is { } answer)
        {
            var to = (string)message["to_peer_id"]!;
            foreach (var other in others.Where(pair => pair.Value == to))
            {
                Tell(
                    other.Key.Socket,
                    new JsonObject
                    {
                        ["action"] = "announce",
                        ["info_hash"] = hash,
                        ["peer_id"] = peer,
                        ["offer_id"] = (string)message["offer_id"]!,
                        ["answer"] = answer.DeepClone(),
                    }.ToJsonString()
                );
            }

            return;
        }

        Tell(
            socket,
            new JsonObject
            {
                ["action"] = "announce",
                ["info_hash"] = hash,
                ["interval"] = 120,
            }.ToJsonString()
        );
        foreach (var (offer, other) in message["offers"]!.AsArray().Zip(others))
        {
            Tell(
                other.Key.Socket,
                new JsonObject
                {
                    ["action"] = "announce",
                    ["info_hash"] = hash,
                    ["peer_id"] = peer,
                    ["offer_id"] = (string)offer!["offer_id"]!,
                    ["offer"] = offer["offer"]!.DeepClone(),
                }.ToJsonString()
            );
        }
    }

    private void Leave(int number, Socket socket)
    {
        _sockets.Remove(number);
        foreach (var key in _swarms.Keys.Where(key => key.Socket == socket).ToList())
        {
            _swarms.Remove(key);
        }

        if (socket.IsPeerServer)
        {
            ExchangeOf(socket.Host).HandleClosed(number);
        }
    }

    private void End(int number, Socket socket, string reason)
    {
        Leave(number, socket);
        if (socket.Node.IsRunning)
        {
            socket.Node.Turn(engine =>
                engine.HandleWebSocketClosed(
                    socket.Service,
                    socket.Number,
                    reason,
                    world.Now,
                    socket.Node.Wall
                )
            );
        }
    }

    private void Drain(string host, PeerExchange exchange)
    {
        while (exchange.TryTakeAction(out var action))
        {
            switch (action)
            {
                case ExchangeAction.Send send when _pages.TryGetValue(send.Socket, out var page):
                    Later(() => page(Encoding.UTF8.GetString(send.Text)));
                    break;
                case ExchangeAction.Send send when _sockets.TryGetValue(send.Socket, out var socket):
                    var text = Encoding.UTF8.GetString(send.Text);
                    Tell(socket, Lies.TryGetValue(host, out var lie) ? lie(text) : text);
                    break;
                case ExchangeAction.Close close when _sockets.TryGetValue(close.Socket, out var socket):
                    Later(() => End(close.Socket, socket, ""));
                    break;
                default:
                    break; // a page that has gone, or is closed and does not say so
            }
        }
    }

    private void Tell(Socket socket, string? text)
    {
        if (text is null)
        {
            return;
        }

        Later(() =>
        {
            if (_sockets.ContainsValue(socket) && socket.Node.IsRunning)
            {
                socket.Node.Turn(engine =>
                    engine.HandleWebSocketText(
                        socket.Service,
                        socket.Number,
                        text,
                        world.Now,
                        socket.Node.Wall
                    )
                );
            }
        });
    }

    private void Later(Action work) => _due.Add((world.Now + Delay, work));

    private sealed record Socket(SimulatedNode Node, string Host, int Service, int Number, Uri Url)
    {
        internal bool IsPeerServer => Url.AbsolutePath.EndsWith("peerjs", StringComparison.Ordinal);
    }
}
