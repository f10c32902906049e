using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Node.Transport;

/// <summary>The WebSockets to PeerServers and trackers.</summary>
/// <param name="goOn">Takes what the loop thread has to do.</param>
/// <param name="clock">The clocks.</param>
/// <param name="selection">The interfaces that may be used; with loopback alone nothing else is contacted, nor looked up.</param>
/// <param name="authority">A file with certificates that count instead of the system's; null for those.</param>
internal sealed class WebSockets(
    Action<Action<NodeEngine>> goOn,
    NodeClock clock,
    InterfaceSelection selection,
    string? authority
) : IDisposable
{
    /// <summary>Messages that wait for a slow server; more are lost, and the offer is made again later.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Look-up, connection, TLS and upgrade together.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    /// <summary>A server that vanished without a word is noticed by pings.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan PongPatience = TimeSpan.FromSeconds(20);
    private readonly StreamSet<(int Service, int Socket), string> _streams = new(MaxWaiting);

    /// <summary>Opens one; called on the loop thread, as all here is.</summary>
    public void Open(EngineEffect.OpenWebSocket open) =>
        _streams.Open(
            (open.Service, open.Socket),
            (outgoing, cancellation) => RunAsync(open, outgoing, cancellation)
        );

    /// <summary>Sends on one.</summary>
    public void Send(EngineEffect.SendWebSocket send) =>
        _streams.Send((send.Service, send.Socket), send.Text);

    /// <summary>Closes one once all is sent.</summary>
    public void Close(EngineEffect.CloseWebSocket close) => _streams.Close((close.Service, close.Socket));

    /// <summary>Closes all; what waits is sent if that is quick.</summary>
    public void Dispose() => _streams.Dispose();

    private async Task RunAsync(
        EngineEffect.OpenWebSocket open,
        ChannelReader<string> outgoing,
        CancellationToken cancellation
    )
    {
        var reason = "";
        try
        {
            using var handler = NewHandler(open);
            using var invoker = new HttpMessageInvoker(handler);
            using var socket = new ClientWebSocket();
            socket.Options.KeepAliveInterval = PingInterval;
            socket.Options.KeepAliveTimeout = PongPatience;
            socket.Options.CollectHttpResponseDetails = true;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(ConnectPatience);
            await socket.ConnectAsync(open.Url, invoker, patience.Token);
            goOn(engine => engine.HandleWebSocketOpened(open.Service, open.Socket, clock.Now, clock.WallNow));
            TellTime(open, socket);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var reading = ReadAsync(open, socket, over.Token);
            var writing = WriteAsync(socket, outgoing, over.Token);
            await await Task.WhenAny(reading, writing);
            await over.CancelAsync();
        }
        catch (Exception failed)
            when (failed
                    is WebSocketException
                        or HttpRequestException
                        or SocketException
                        or IOException
                        or NodeStartException
            )
        {
            reason = Explain(failed);
        }
        catch (OperationCanceledException)
        {
            reason = cancellation.IsCancellationRequested
                ? ""
                : $"does not answer within {ConnectPatience.TotalSeconds:0} s";
        }

        goOn(engine =>
            engine.HandleWebSocketClosed(open.Service, open.Socket, reason, clock.Now, clock.WallNow)
        );
    }

    // RFC 9110 section 6.6.1: what time it is there, to the second
    private void TellTime(EngineEffect.OpenWebSocket open, ClientWebSocket socket)
    {
        if (
            socket.HttpResponseHeaders?.TryGetValue("Date", out var dates) == true
            && DateTimeOffset.TryParseExact(
                dates.FirstOrDefault(),
                "r",
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal,
                out var date
            )
        )
        {
            var there = new WallTime(date.ToUnixTimeMilliseconds());
            goOn(engine => engine.HandleServiceTime(open.Service, there, clock.Now, clock.WallNow));
        }

        socket.HttpResponseHeaders = null; // not kept for as long as the connection stands
    }

    private static string Explain(Exception failed)
    {
        var innermost = failed;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost switch
        {
            SocketException
            {
                SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
            } => "could not be looked up: check its spelling and this machine's name service",
            System.Security.Authentication.AuthenticationException =>
                $"shows a certificate that does not hold ({innermost.Message})",
            WebSocketException => $"is no such service ({innermost.Message})",
            _ => $"cannot be reached ({innermost.Message})",
        };
    }

    private SocketsHttpHandler NewHandler(EngineEffect.OpenWebSocket open)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = !selection.IsRestricted,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, cancellation) =>
                await ConnectAsync(context.DnsEndPoint, open.Locals, cancellation),
        };
        handler.SslOptions.CertificateChainPolicy = CertificateTrust.Of(authority);
        return handler;
    }

    private async Task<Stream> ConnectAsync(
        DnsEndPoint to,
        IReadOnlyList<TransportAddress> locals,
        CancellationToken cancellation
    )
    {
        var addresses = await LookUpAsync(to.Host, cancellation);
        Exception failure = new IOException("it has no address that this machine can reach");
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
            };
            try
            {
                TurnStreams.Keep(socket, selection, new TransportAddress(address, to.Port), locals);
                await socket.ConnectAsync(new IPEndPoint(address, to.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception failed) when (failed is SocketException or IOException)
            {
                failure = failed;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure;
    }

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return selection.IsLoopbackOnly && !IPAddress.IsLoopback(literal)
                ? throw new IOException("with loopback alone nothing beyond this machine is contacted")
                : [literal];
        }

        return !selection.IsLoopbackOnly ? await Dns.GetHostAddressesAsync(host, cancellation)
            : host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : throw new IOException("with loopback alone nothing is looked up");
    }

    private async Task ReadAsync(
        EngineEffect.OpenWebSocket open,
        ClientWebSocket socket,
        CancellationToken cancellation
    )
    {
        var buffer = new byte[ServiceLimits.MaxMessageBytes + 1];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            length += received.Count;
            if (length > ServiceLimits.MaxMessageBytes)
            {
                throw new IOException(
                    $"it sends more than {ServiceLimits.MaxMessageBytes / 1024} KiB at once"
                );
            }

            if (!received.EndOfMessage)
            {
                continue;
            }

            var text = Encoding.UTF8.GetString(buffer, 0, length);
            length = 0;
            // One message at a time: a flood waits in the system's buffers, not in ours.
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            goOn(engine =>
            {
                engine.HandleWebSocketText(open.Service, open.Socket, text, clock.Now, clock.WallNow);
                taken.SetResult();
            });
            await taken.Task.WaitAsync(cancellation);
        }
    }

    private static async Task WriteAsync(
        ClientWebSocket socket,
        ChannelReader<string> outgoing,
        CancellationToken cancellation
    )
    {
        await foreach (var text in outgoing.ReadAllAsync(cancellation))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length <= ServiceLimits.MaxFrameBytes)
            {
                await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellation);
            }
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
    }
}
