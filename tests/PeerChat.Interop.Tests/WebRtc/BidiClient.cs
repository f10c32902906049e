using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>WebDriver BiDi (W3C), as far as running scripts in one page goes. One call at a time.</summary>
internal sealed class BidiClient : IDisposable
{
    private readonly JsonSocket _socket;
    private readonly string _context;

    /// <summary>Connects to a browser, begins a session, and takes its first page.</summary>
    public BidiClient(Uri address)
    {
        _socket = new JsonSocket(address);
        Call("session.new", new JsonObject { ["capabilities"] = new JsonObject() });
        _context = (string)Call("browsingContext.getTree", [])["contexts"]![0]!["context"]!;
    }

    /// <summary>Runs an expression in the page, waits for its promise, and gives its value.</summary>
    public JsonNode? Evaluate(string expression)
    {
        // Values come with their types; text is the one that needs no taking apart.
        var result = Call(
            "script.evaluate",
            new JsonObject
            {
                ["expression"] = $"(async () => JSON.stringify(await ({expression}) ?? null))()",
                ["target"] = new JsonObject { ["context"] = _context },
                ["awaitPromise"] = true,
            }
        );
        return (string)result["type"]! == "success"
            ? JsonNode.Parse((string)result["result"]!["value"]!)
            : throw new InvalidOperationException(
                $"{expression.Split('\n')[0]}: {(string?)result["exceptionDetails"]?["text"]}"
            );
    }

    /// <summary>Asks the browser to end.</summary>
    public void CloseBrowser() => Call("browser.close", []);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private JsonNode Call(string method, JsonObject parameters)
    {
        var answer = _socket.Call(new JsonObject { ["method"] = method, ["params"] = parameters });
        return (string?)answer["type"] == "success"
            ? answer["result"]!
            : throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
    }
}
