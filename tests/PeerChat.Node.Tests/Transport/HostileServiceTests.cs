using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using PeerChat.Node.Tests.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

/// <summary>A running node with a PeerServer and a tracker that do not mean well, on real sockets.</summary>
[Collection(nameof(AloneCollection))]
public sealed class HostileServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _over = new(Patience);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _serving = [];

    public HostileServiceTests() => _listener.Start();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_serving);
        _over.Dispose();
    }

    [Theory]
    [InlineData("closes at once", "cannot be reached")]
    [InlineData("speaks no HTTP", "cannot be reached")]
    [InlineData("refuses", "is no such service")]
    [InlineData("sends ten megabytes", "it sends more than 64 KiB at once")]
    [InlineData("sends ten megabytes in pieces", "it sends more than 64 KiB at once")]
    [InlineData("sends nonsense", "says what makes no sense")]
    public async Task A_service_that(string does, string told)
    {
        _serving.Add(ServeAsync(does));
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var node = new LoopbackNode(options =>
            options with
            {
                PeerServers = [$"ws://127.0.0.1:{port}/"],
                LooksBeyondTheLan = true,
            }
        );
        (await node.Ask(new NodeCommand.JoinRoom("room"))).ShouldBeOfType<NodeReply.Opened>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var happened in node.Node.Events.ReadAllAsync(_over.Token))
        {
            if (
                happened is NodeEvent.Notice { Text: var text }
                && text.Contains("The PeerServer", StringComparison.Ordinal)
            )
            {
                text.ShouldContain(told);
                break;
            }
        }

        // The node goes on, and holds nothing of what was poured over it
        (await node.Ask(new NodeCommand.GetStatus())).ShouldBeOfType<NodeReply.Status>();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(4 * 1024 * 1024);
    }

    private async Task ServeAsync(string does)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_over.Token);
                try
                {
                    await ServeAsync(client.GetStream(), does);
                }
                catch (IOException)
                {
                    // The node has hung up, as it should
                }
            }
        }
        catch (Exception) when (_over.IsCancellationRequested)
        {
            // The test ends
        }
    }

    private async Task ServeAsync(NetworkStream client, string does)
    {
        if (does == "closes at once")
        {
            return;
        }

        var key = await ReadKeyAsync(client);
        if (does is "speaks no HTTP" or "refuses")
        {
            var answer =
                does == "refuses"
                    ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                    : "220 mail.example.org\r\n";
            await client.WriteAsync(Encoding.ASCII.GetBytes(answer), _over.Token);
            return;
        }

#pragma warning disable CA5350 // RFC 6455 section 1.3 asks for SHA-1
        var accept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
        );
#pragma warning restore CA5350
        await client.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
            ),
            _over.Token
        );
        switch (does)
        {
            case "sends ten megabytes":
                await client.WriteAsync(Head(10 * 1024 * 1024, isFirst: true, isLast: true), _over.Token);
                for (var i = 0; i < 1024; i++)
                {
                    await client.WriteAsync(Enumerable.Repeat((byte)'{', 10 * 1024).ToArray(), _over.Token);
                }

                break;
            case "sends ten megabytes in pieces":
                for (var i = 0; i < 1024; i++)
                {
                    await client.WriteAsync(
                        Frame(10 * 1024, isFirst: i == 0, isLast: i == 1023),
                        _over.Token
                    );
                }

                break;
            default:
                while (true)
                {
                    await client.WriteAsync(Frame(16, isFirst: true, isLast: true), _over.Token);
                }
        }

        _ = await client.ReadAsync(new byte[1], _over.Token);
    }

    private async Task<string> ReadKeyAsync(NetworkStream client)
    {
        using var reader = new StreamReader(client, Encoding.ASCII, leaveOpen: true);
        var key = "";
        while (await reader.ReadLineAsync(_over.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase))
            {
                key = line["Sec-WebSocket-Key:".Length..].Trim();
            }
        }

        return key;
    }

    private static byte[] Frame(int length, bool isFirst, bool isLast) =>
        [.. Head(length, isFirst, isLast), .. Enumerable.Repeat((byte)'{', length)];

    // RFC 6455 section 5.2
    private static byte[] Head(int length, bool isFirst, bool isLast) =>
        [
            (byte)((isLast ? 0x80 : 0) | (isFirst ? 1 : 0)),
            127,
            0,
            0,
            0,
            0,
            (byte)(length >> 24),
            (byte)(length >> 16),
            (byte)(length >> 8),
            (byte)length,
        ];
}
