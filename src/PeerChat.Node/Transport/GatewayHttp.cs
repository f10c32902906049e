using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PeerChat.Node.Engine;
using PeerChat.WebRtc;

namespace PeerChat.Node.Transport;

/// <summary>Asks the web servers of gateways, for UPnP: no redirection, no proxy, no cookie, and answers of bounded size and time.</summary>
/// <param name="goOn">Takes what the loop thread has to do.</param>
/// <param name="clock">The clocks.</param>
internal sealed class GatewayHttp(Action<Action<NodeEngine>> goOn, NodeClock clock) : IDisposable
{
    /// <summary>Exchanges at once; a gateway is asked one thing after the other.</summary>
    private const int MaxRunning = 16;

    /// <summary>What is left to say at the end, that a port is given back, may take so long.</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(500);

    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Begins an exchange; called on the loop thread.</summary>
    public void Begin(EngineEffect.AskGateway ask)
    {
        _running.RemoveAll(task => task.IsCompleted);
        if (_running.Count < MaxRunning)
        {
            _running.Add(Task.Run(() => RunAsync(ask)));
        }
    }

    /// <summary>Ends; what is being asked is waited for if that is quick.</summary>
    public void Dispose()
    {
        Task.WaitAll([.. _running], ClosePatience);
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task RunAsync(EngineEffect.AskGateway ask)
    {
        var (status, body) = (0, Array.Empty<byte>());
        try
        {
            using var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = (_, cancellation) => ConnectAsync(ask, cancellation),
            };
            using var client = new HttpClient(handler)
            {
                Timeout = PortMapper.HttpTimeout,
                MaxResponseContentBufferSize = PortMapper.MaxHttpBody,
            };
            using var request = new HttpRequestMessage(
                ask.Action is null ? HttpMethod.Get : HttpMethod.Post,
                ask.Url
            );
            request.Headers.ConnectionClose = true;
            if (ask.Action is { } action)
            {
                request.Headers.TryAddWithoutValidation("SOAPAction", action);
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(ask.Body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
            }

            using var response = await client.SendAsync(request, _ended.Token);
            (status, body) = ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception failed)
            when (failed
                    is HttpRequestException
                        or OperationCanceledException
                        or IOException
                        or SocketException
            )
        {
            status = 0; // the mapper says that there was no answer
        }

        goOn(engine => engine.HandleGatewayAnswer(ask.Exchange, status, body, clock.Now, clock.WallNow));
    }

    // From the address that is mapped: gateways map ports for who asks.
    private static async ValueTask<Stream> ConnectAsync(
        EngineEffect.AskGateway ask,
        CancellationToken cancellation
    )
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        try
        {
            socket.Bind(ask.Local.WithPort(0).ToIPEndPoint());
            await socket.ConnectAsync(System.Net.IPAddress.Parse(ask.Url.Host), ask.Url.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
