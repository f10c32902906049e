using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Calls and answers with numbers over a WebSocket, as the protocols that drive browsers have them. One call at a time.</summary>
internal sealed class JsonSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // longer than the script's own patience
    private readonly ClientWebSocket _socket = new();
    private int _lastId;

    /// <summary>Connects.</summary>
    public JsonSocket(Uri address)
    {
        using var cancellation = new CancellationTokenSource(Patience);
        _socket.ConnectAsync(address, cancellation.Token).GetAwaiter().GetResult();
    }

    /// <summary>Sends a request with the next number, and waits for the answer to it; what else comes are events.</summary>
    public JsonNode Call(JsonObject request)
    {
        using var cancellation = new CancellationTokenSource(Patience);
        var id = ++_lastId;
        request["id"] = id;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(request);
        _socket
            .SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellation.Token)
            .GetAwaiter()
            .GetResult();
        while (true)
        {
            var answer = Receive(cancellation.Token);
            if ((int?)answer["id"] == id)
            {
                return answer;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

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
