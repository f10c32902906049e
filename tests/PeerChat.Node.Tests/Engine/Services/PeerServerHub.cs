using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Node.Tests.Engine.Services;

/// <summary>The server's side of the PeerJS protocol, as the simulated networks have it: who holds which id, and messages from one to another.</summary>
/// <remarks>
/// It keeps nothing but who is connected, and for some seconds what is meant for somebody who is not. Payloads are passed on as they
/// are; nobody but the two sides knows what they mean. Differs from peerjs-server in saying OPEN also to who comes back with the same
/// token, which is what clients wait for.
/// </remarks>
/// <param name="options">The limits.</param>
internal sealed class PeerServerHub(PeerServerHubOptions options)
{
    private static readonly string[] Forwarded = ["OFFER", "ANSWER", "CANDIDATE", "LEAVE"];
    private readonly Dictionary<int, Client> _clients = [];
    private readonly Dictionary<string, Client> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Waiting>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private readonly Queue<HubOutput> _outputs = new();
    private Instant? _nextSweep;

    /// <summary>Figures since the start.</summary>
    public PeerServerHubFigures Figures { get; } = new();

    /// <summary>Who is connected.</summary>
    public int Connected => _byId.Count;

    /// <summary>Messages that wait for somebody.</summary>
    public int WaitingMessages => _waiting.Values.Sum(list => list.Count);

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => _nextSweep;

    /// <summary>Somebody connects; what is wrong is told and ends the connection.</summary>
    /// <param name="connection">The connection's number, never used again.</param>
    /// <param name="address">From where.</param>
    /// <param name="key">The key given.</param>
    /// <param name="id">The id wanted.</param>
    /// <param name="token">What proves that it is held by the same as before.</param>
    /// <param name="now">The time.</param>
    public void HandleConnected(
        int connection,
        string address,
        string? key,
        string? id,
        string? token,
        Instant now
    )
    {
        _nextSweep ??= now + options.SweepInterval;
        Figures.Connections++;
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(token) || string.IsNullOrEmpty(key))
        {
            Refuse(connection, "ERROR", "No id, token, or key supplied to websocket server");
        }
        else if (key != options.Key)
        {
            Refuse(connection, "ERROR", "Invalid key provided");
        }
        else if (
            id.Length > PeerServerHubOptions.MaxIdLength
            || token.Length > PeerServerHubOptions.MaxIdLength
        )
        {
            Refuse(connection, "ERROR", "The id or token is too long");
        }
        else if (_byId.TryGetValue(id, out var holder) && holder.Token != token)
        {
            Refuse(connection, "ID-TAKEN", "ID is taken");
        }
        else if (holder is null && _byId.Count >= options.MaxClients)
        {
            Refuse(connection, "ERROR", "Server has reached its concurrent user limit");
        }
        else if (holder is null && _byAddress.GetValueOrDefault(address) >= options.MaxClientsPerAddress)
        {
            Refuse(connection, "ERROR", "Too many connections from this address");
        }
        else
        {
            Enter(connection, address, id, token, holder, now);
        }
    }

    /// <summary>Somebody says something.</summary>
    public void HandleText(int connection, string text, Instant now)
    {
        if (!_clients.TryGetValue(connection, out var client))
        {
            return;
        }

        if (!client.Budget.TryTake(now))
        {
            Figures.Refused++;
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(
                text,
                new JsonDocumentOptions { MaxDepth = PeerServerHubOptions.MaxDepth }
            );
            HandleMessage(client, document.RootElement, now);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            Figures.Refused++; // also a string with half a surrogate pair
        }
    }

    /// <summary>A connection is over.</summary>
    public void HandleClosed(int connection)
    {
        if (_clients.Remove(connection, out var client) && _byId.GetValueOrDefault(client.Id) == client)
        {
            Forget(client);
        }
    }

    /// <summary>Lets time pass: who is silent goes, and who waited for somebody absent is told.</summary>
    public void HandleDeadline(Instant now)
    {
        if (_nextSweep is not { } due || now < due)
        {
            return;
        }

        _nextSweep = now + options.SweepInterval;
        foreach (
            var silent in _clients
                .Values.Where(one => now - one.LastHeartbeat > options.AliveTimeout)
                .ToList()
        )
        {
            _outputs.Enqueue(new HubOutput(silent.Connection, null));
            HandleClosed(silent.Connection);
        }

        foreach (var (id, list) in _waiting.ToList())
        {
            var over = list.Where(one => now - one.Since > options.ExpireTimeout).ToList();
            foreach (var source in over.Select(one => one.Source).Distinct(StringComparer.Ordinal))
            {
                if (_byId.TryGetValue(source, out var sender))
                {
                    Say(sender.Connection, "EXPIRE", id, source, null);
                    Figures.Expired++;
                }
            }

            list.RemoveAll(over.Contains);
            if (list.Count == 0)
            {
                _waiting.Remove(id);
            }
        }
    }

    /// <summary>Takes the next thing to send; a null text closes the connection.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out HubOutput? output) => _outputs.TryDequeue(out output);

    private void Enter(int connection, string address, string id, string token, Client? holder, Instant now)
    {
        if (holder is not null)
        {
            _clients.Remove(holder.Connection);
            Forget(holder);
            _outputs.Enqueue(new HubOutput(holder.Connection, null));
        }

        var client = new Client(connection, address, id, token, now);
        _clients.Add(connection, client);
        _byId.Add(id, client);
        _byAddress[address] = _byAddress.GetValueOrDefault(address) + 1;
        Say(connection, "OPEN", null, null, null);
        if (_waiting.Remove(id, out var list))
        {
            foreach (var waiting in list)
            {
                _outputs.Enqueue(new HubOutput(connection, waiting.Text));
                Figures.Carried++;
            }
        }
    }

    private void HandleMessage(Client client, JsonElement root, Instant now)
    {
        var type = Text(root, "type");
        if (type == "HEARTBEAT")
        {
            client.LastHeartbeat = now;
            return;
        }

        var to = Text(root, "dst");
        if (type == "LEAVE" && to is null)
        {
            _outputs.Enqueue(new HubOutput(client.Connection, null));
            HandleClosed(client.Connection);
            return;
        }

        if (type is null || to is null || !Forwarded.Contains(type, StringComparer.Ordinal))
        {
            Figures.Refused++;
            return;
        }

        var text = Write(
            type,
            client.Id,
            to,
            root.TryGetProperty("payload", out var payload) ? payload : null
        );
        if (_byId.TryGetValue(to, out var target))
        {
            _outputs.Enqueue(new HubOutput(target.Connection, text));
            Figures.Carried++;
        }
        else if (type != "LEAVE" && to.Length <= PeerServerHubOptions.MaxIdLength)
        {
            Keep(client, to, text, now);
        }
    }

    private void Keep(Client client, string to, string text, Instant now)
    {
        if (WaitingMessages >= options.MaxWaiting)
        {
            Figures.Refused++;
            return;
        }

        if (!_waiting.TryGetValue(to, out var list))
        {
            list = [];
            _waiting.Add(to, list);
        }

        if (list.Count < options.MaxWaitingPerId)
        {
            list.Add(new Waiting(client.Id, text, now));
        }
        else
        {
            Figures.Refused++;
        }
    }

    private void Refuse(int connection, string type, string reason)
    {
        Figures.Refused++;
        Say(connection, type, null, null, reason);
        _outputs.Enqueue(new HubOutput(connection, null));
    }

    private void Forget(Client client)
    {
        _byId.Remove(client.Id);
        if (--_byAddress[client.Address] == 0)
        {
            _byAddress.Remove(client.Address);
        }
    }

    private void Say(int connection, string type, string? source, string? destination, string? message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            if (source is not null)
            {
                writer.WriteString("src", source);
                writer.WriteString("dst", destination);
            }

            if (message is not null)
            {
                writer.WriteStartObject("payload");
                writer.WriteString("msg", message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        _outputs.Enqueue(new HubOutput(connection, Encoding.UTF8.GetString(buffer.WrittenSpan)));
    }

    private static string Write(string type, string source, string destination, JsonElement? payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("src", source);
            writer.WriteString("dst", destination);
            if (payload is { } given)
            {
                writer.WritePropertyName("payload");
                given.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private sealed class Client(int connection, string address, string id, string token, Instant now)
    {
        internal int Connection => connection;

        internal string Address => address;

        internal string Id => id;

        internal string Token => token;

        internal Instant LastHeartbeat { get; set; } = now;

        internal MessageBudget Budget { get; } = new(now);
    }

    private sealed record Waiting(string Source, string Text, Instant Since);
}
