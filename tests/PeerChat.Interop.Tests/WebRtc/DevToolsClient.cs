using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>The DevTools protocol of a browser, as far as running scripts in one page goes. One call at a time.</summary>
internal sealed class DevToolsClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // longer than the script's own patience
    private readonly ClientWebSocket _socket = new();
    private readonly string _session;
    private int _lastId;

    /// <summary>Connects to a browser, and opens an empty page.</summary>
    public DevToolsClient(Uri address)
    {
        using var cancellation = new CancellationTokenSource(Patience);
        _socket.ConnectAsync(address, cancellation.Token).GetAwaiter().GetResult();
        _session = "";
        var target = Call("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = Call(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }
        );
        _session = (string)attached["sessionId"]!;
    }

    /// <summary>Runs an expression in the page, waits for its promise, and gives its value.</summary>
    public JsonNode? Evaluate(string expression)
    {
        var result = Call(
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            }
        );
        return result["exceptionDetails"] is { } fault
            ? throw new InvalidOperationException($"{expression.Split('\n')[0]}: {fault.ToJsonString()}")
            : result["result"]?["value"];
    }

    /// <summary>Asks the browser to end.</summary>
    public void CloseBrowser() => Call("Browser.close", []);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private JsonNode Call(string method, JsonObject parameters)
    {
        using var cancellation = new CancellationTokenSource(Patience);
        var id = ++_lastId;
        var request = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (_session is { Length: > 0 })
        {
            request["sessionId"] = _session;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(request);
        _socket
            .SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellation.Token)
            .GetAwaiter()
            .GetResult();
        while (true)
        {
            var answer = Receive(cancellation.Token);
            if ((int?)answer["id"] == id) // the rest are events
            {
                return answer["result"]
                    ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
            }
        }
    }

    private JsonNode Receive(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[65_536];
        while (true)
        {
            var part = _socket.ReceiveAsync(buffer, cancellation).GetAwaiter().GetResult();
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
