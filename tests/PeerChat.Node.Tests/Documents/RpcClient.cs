using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;

namespace PeerChat.Node.Tests.Documents;

/// <summary>A node of its own on loopback, spoken to as a bot does: by lines.</summary>
internal sealed class RpcClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // far above what anything takes

    private readonly Pipe _in = new();
    private readonly Pipe _out = new();
    private readonly StreamReader _lines;
    private readonly Task<RpcEnd> _run;
    private int _lastId;

    /// <summary>Starts it.</summary>
    public RpcClient(NodeOptions options)
    {
        _lines = new StreamReader(_out.Reader.AsStream());
        _run = Task.Run(() =>
            RpcEndpoint.RunAsync(
                options,
                new FaceOptions("test"),
                _in.Reader.AsStream(),
                _out.Writer.AsStream()
            )
        );
    }

    /// <summary>Every line so far, in order, with the method that it answers.</summary>
    public List<(string? Method, JsonObject Line)> Lines { get; } = [];

    /// <summary>Says something and waits for the answer.</summary>
    public async Task<JsonObject> AskAsync(string method, JsonObject? parameters = null)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = ++_lastId,
            ["method"] = method,
            ["params"] = parameters ?? [],
        };
        await _in.Writer.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        var id = _lastId;
        return await WaitAsync(
            line =>
                line["id"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number && (int)line["id"]! == id,
            method
        );
    }

    /// <summary>Waits for an event.</summary>
    public async Task<JsonObject> WaitForAsync(string kind, Func<JsonObject, bool>? which = null)
    {
        foreach (var (_, line) in Lines)
        {
            if (Is(line))
            {
                return Event(line);
            }
        }

        return Event(await WaitAsync(Is, null));

        bool Is(JsonObject line) =>
            (string?)line["method"] == "event"
            && (string?)Event(line)["event"] == kind
            && which?.Invoke(Event(line)) != false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _in.Writer.CompleteAsync();
        _out.Reader.CancelPendingRead();
        await _out.Reader.CompleteAsync(); // who leaves reads no more
        await _run.WaitAsync(Patience);
        _lines.Dispose();
    }

    private static JsonObject Event(JsonObject line) => line["params"]!["event"]!.AsObject();

    private async Task<JsonObject> WaitAsync(Func<JsonObject, bool> isIt, string? method)
    {
        while (true)
        {
            var text =
                await _lines.ReadLineAsync().WaitAsync(Patience)
                ?? throw new InvalidOperationException("The node ended.");
            var line = JsonNode.Parse(text)!.AsObject();
            var found = isIt(line);
            Lines.Add((found ? method : null, line));
            if (found)
            {
                return line;
            }
        }
    }
}
