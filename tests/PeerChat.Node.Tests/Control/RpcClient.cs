using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using PeerChat.Node.Control;

namespace PeerChat.Node.Tests.Control;

/// <summary>A session and a client that writes and reads raw lines.</summary>
internal sealed class RpcClient : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Small, so that a client that does not read is felt soon.
    private static readonly PipeOptions Small = new(
        pauseWriterThreshold: 64 * 1024,
        resumeWriterThreshold: 32 * 1024
    );

    private readonly Pipe _toNode = new(Small);
    private readonly Pipe _toClient = new(Small);
    private readonly StreamReader _lines;
    private readonly RpcSession _session;

    public RpcClient(IControlHost host)
    {
        _lines = new StreamReader(_toClient.Reader.AsStream(), Encoding.UTF8);
        _session = new RpcSession(_toNode.Reader.AsStream(), _toClient.Writer.AsStream(), host, 99);
        Served = Task.Run(async () =>
        {
            var left = await _session.RunAsync(CancellationToken.None);
            await _toClient.Writer.CompleteAsync();
            await _toNode.Reader.CompleteAsync(); // as a closed socket: who writes on is not held up
            return left;
        });
    }

    /// <summary>Ends with the session.</summary>
    public Task<bool> Served { get; }

    /// <summary>The client's end for raw bytes.</summary>
    public Stream Output => _toNode.Writer.AsStream();

    public Task SendAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendAsync(byte[] bytes) => await Output.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>No more lines follow.</summary>
    public ValueTask EndInputAsync() => _toNode.Writer.CompleteAsync();

    /// <summary>The next line; null at the end.</summary>
    public Task<string?> ReadLineAsync() => _lines.ReadLineAsync().WaitAsync(Patience);

    public async Task<JsonElement> ReadAsync() => Parse((await ReadLineAsync())!);

    /// <summary>Sends a line and reads the next one.</summary>
    public async Task<JsonElement> AskAsync(string line)
    {
        await SendAsync(line);
        return await ReadAsync();
    }

    /// <summary>The code of the error that a line is answered with.</summary>
    public async Task<int> ErrorAsync(string line) =>
        (await AskAsync(line)).GetProperty("error").GetProperty("code").GetInt32();

    public async ValueTask DisposeAsync()
    {
        await _toNode.Writer.CompleteAsync();
        await _toClient.Reader.CompleteAsync();
        await Served.WaitAsync(Patience);
        _session.Dispose();
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
