using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>The DevTools protocol of a browser, as far as running scripts in one page goes. One call at a time.</summary>
internal sealed class DevToolsClient : IDisposable
{
    private readonly JsonSocket _socket;
    private readonly string _session;

    /// <summary>Connects to a browser, and opens an empty page.</summary>
    public DevToolsClient(Uri address)
    {
        _socket = new JsonSocket(address);
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
        var request = new JsonObject { ["method"] = method, ["params"] = parameters };
        if (_session is { Length: > 0 })
        {
            request["sessionId"] = _session;
        }

        var answer = _socket.Call(request);
        return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
    }
}
