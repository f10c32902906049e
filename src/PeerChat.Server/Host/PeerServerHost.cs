using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PeerChat.Server.Contract;
using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>The PeerServer on its sockets: HTTP and WebSockets by Kestrel, everything else by <see cref="PeerExchange"/>.</summary>
internal sealed class PeerServerHost : IAsyncDisposable
{
    /// <summary>TCP connections of an address that are no WebSocket (yet), beside those that are.</summary>
    public const int SpareConnections = 32;

    /// <summary>How long request headers and a TLS handshake may take; whoever trickles them holds a connection no longer.</summary>
    public static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private readonly ServeSettings _settings;
    private readonly ServeLog _log;
    private readonly ExchangeLimits _limits;
    private readonly ExchangeLoop _loop;
    private readonly ActivityLog _activity;
    private readonly ConnectionCounter _connections;
    private readonly CertificateFiles? _certificate;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _over = new();

    /// <summary>Makes it; nothing listens yet.</summary>
    /// <exception cref="ServeException">An address cannot be read, or the certificate is of no use.</exception>
    public PeerServerHost(ServeSettings settings, ServeLog log)
    {
        (_settings, _log) = (settings, log);
        _limits = new ExchangeLimits
        {
            MaxConnections = settings.MaxConnections,
            MaxPerAddress = settings.MaxPerAddress,
            MaxMessageBytes = settings.MaxMessageBytes,
            MessagesPerSecond = settings.MessagesPerSecond,
        };
        _loop = new ExchangeLoop(new PeerExchange(settings.Key, _limits));
        _activity = new ActivityLog(log, settings);
        _connections = new ConnectionCounter(settings.MaxPerAddress + SpareConnections);
        _certificate = settings.Certificate is { } file
            ? new CertificateFiles(file, settings.PrivateKey)
            : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopPatience);
        _app = builder.Build();
        _app.UseWebSockets(
            new WebSocketOptions
            {
                // Finds out in a minute that a client is gone without a word
                KeepAliveInterval = TimeSpan.FromSeconds(30),
                KeepAliveTimeout = TimeSpan.FromSeconds(30),
            }
        );
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens, once it does.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    /// <summary>Where the metrics are; null for none.</summary>
    public string? MetricsUrl { get; private set; }

    private string IdPath => $"{_settings.Path}{_settings.Key}/id";

    private string SocketPath => $"{_settings.Path}peerjs";

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ServeException">It cannot.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception failed) when (failed is IOException or SocketException)
        {
            throw new ServeException(
                ProblemOf(failed),
                string.Join(", ", _settings.Listen),
                failed.Message.TrimEnd('.')
            );
        }

        var addresses = _app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.ToList();
        if (_settings.MetricsPort is not null)
        {
            MetricsUrl = $"{addresses[^1]}/metrics";
            addresses.RemoveAt(addresses.Count - 1);
        }

        Urls = [.. addresses.Select(UrlOf)];
        foreach (var url in Urls)
        {
            _log.Write(ServeLog.New("listening") with { Url = url });
        }

        if (MetricsUrl is { } metrics)
        {
            _log.Write(ServeLog.New("metrics") with { Url = metrics });
        }

        if (_certificate is not null)
        {
            TellCertificate();
            _ = RepeatAsync(CertificateFiles.LookInterval, LookAtCertificate);
        }

        _ = RepeatAsync(
            ActivityLog.Interval,
            () =>
                _loop.Read(exchange =>
                {
                    _activity.Tell(exchange);
                    return true;
                })
        );
    }

    /// <summary>Says goodbye to all and ends.</summary>
    public async Task StopAsync()
    {
        await _over.CancelAsync();
        _loop.CloseAll();
        using var patience = new CancellationTokenSource(StopPatience);
        await _app.StopAsync(patience.Token);
    }

    /// <summary>Looks whether the files of the certificate changed.</summary>
    internal void LookAtCertificate()
    {
        try
        {
            if (_certificate!.Refresh())
            {
                TellCertificate();
            }
        }
        catch (ServeException failed)
        {
            _log.Write(
                ServeLog.New("certificate-failed") with
                {
                    Problem = failed.Problem,
                    Url = failed.What,
                    Detail = failed.Message,
                }
            );
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _app.DisposeAsync();
        _loop.Dispose();
        _over.Dispose();
    }

    private static string ProblemOf(Exception failed) =>
        (
            failed as SocketException
            ?? failed.InnerException as SocketException
            ?? failed.InnerException?.InnerException as SocketException
        )?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "in-use",
            SocketError.AccessDenied => "not-allowed",
            SocketError.AddressNotAvailable => "no-such-address",
            _ when failed is AddressInUseException || failed.InnerException is AddressInUseException =>
                "in-use",
            _ => "listen",
        };

    private void TellCertificate() =>
        _log.Write(
            ServeLog.New("certificate") with
            {
                Url = _settings.Certificate,
                Until = _certificate!.Until.ToString(
                    "yyyy-MM-dd",
                    System.Globalization.CultureInfo.InvariantCulture
                ),
            }
        );

    // As users name it: --peerserver URL
    private string UrlOf(string address)
    {
        var url = address
            .Replace("https://", "wss://", StringComparison.Ordinal)
            .Replace("http://", "ws://", StringComparison.Ordinal);
        var key = _settings.Key == "peerjs" ? "" : $"?key={_settings.Key}";
        return $"{url}{_settings.Path}{key}";
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = _limits.MaxConnections + (4 * SpareConnections);
        kestrel.Limits.MaxConcurrentUpgradedConnections = _limits.MaxConnections + SpareConnections;
        kestrel.Limits.RequestHeadersTimeout = HandshakePatience;
        kestrel.Limits.KeepAliveTimeout = HandshakePatience;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4096;
        foreach (var text in _settings.Listen)
        {
            var listen =
                ListenAddress.Parse(text) ?? throw new ServeException("listen", text, "that is no HOST:PORT");
            Listen(kestrel, listen, ConfigureListener);
        }

        if (_settings.MetricsPort is { } port)
        {
            kestrel.Listen(IPAddress.Loopback, port, options => options.Protocols = HttpProtocols.Http1);
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel,
        ListenAddress listen,
        Action<ListenOptions> configure
    )
    {
        if (listen.Host is { } host)
        {
            kestrel.Listen(host, listen.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(listen.Port, configure);
        }
    }

    private void ConfigureListener(ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http1;
        options.Use(next => connection => CountAsync(connection, next));
        if (_certificate is { } certificate)
        {
            options.UseHttps(
                new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakePatience,
                    OnConnection = _ =>
                        ValueTask.FromResult(
                            new SslServerAuthenticationOptions
                            {
                                ServerCertificateContext = certificate.Current,
                            }
                        ),
                }
            );
        }
    }

    // Before TLS and HTTP: whoever opens connections and says nothing is counted as well
    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (_settings.IsBehindProxy && address is not null && IPAddress.IsLoopback(address))
        {
            await next(connection);
            return;
        }

        var group = ClientAddress.GroupOf(address);
        if (!_connections.TryAdd(group))
        {
            _activity.Refused(Refusal.Address, group);
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            _connections.Remove(group);
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        context.Response.Headers.CacheControl = "no-store";
        if (MetricsUrl is { } metrics && context.Connection.LocalPort == new Uri(metrics).Port)
        {
            await AnswerAsync(
                context,
                path == "/metrics" ? StatusCodes.Status200OK : StatusCodes.Status404NotFound,
                path == "/metrics" ? _loop.Read(MetricsText.Of) : "",
                MetricsText.MediaType
            );
            return;
        }

        // Pages of any origin may use it, as with peerjs-server: there are no cookies, and an id is held by its token
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (path == SocketPath && context.WebSockets.IsWebSocketRequest)
        {
            await RunSocketAsync(context);
        }
        else if (path == IdPath)
        {
            await AnswerAsync(context, StatusCodes.Status200OK, Guid.NewGuid().ToString("D"), "text/plain");
        }
        else if (path == $"{_settings.Path}health")
        {
            await AnswerAsync(context, StatusCodes.Status200OK, "ok\n", "text/plain");
        }
        else if (path == $"{_settings.Path}{_settings.Key}/peers")
        {
            // Who is here is nobody's business
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "", "text/plain");
        }
        else if (path == _settings.Path)
        {
            await AnswerAsync(
                context,
                StatusCodes.Status200OK,
                """{"name":"PeerChat PeerServer","description":"Carries connection offers between PeerJS and PeerChat peers."}""",
                "application/json"
            );
        }
        else
        {
            await AnswerAsync(context, StatusCodes.Status404NotFound, "", "text/plain");
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text, string mediaType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task RunSocketAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var group = ClientAddress.GroupOf(
            ClientAddress.Of(
                context.Connection.RemoteIpAddress,
                context.Request.Headers["X-Forwarded-For"].LastOrDefault(),
                _settings.IsBehindProxy
            )
        );
        var request = new ConnectRequest(One(query["key"]), One(query["id"]), One(query["token"]), group);
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync();
        using var client = new ClientSocket(
            webSocket,
            _limits.MaxMessageBytes,
            reason => _activity.Refused(reason, group)
        );
        var number = _loop.Add(client, request);
        try
        {
            await client.RunAsync(text => _loop.HandleText(number, text), () => _loop.HandleTooLong(number));
        }
        finally
        {
            _loop.Remove(number);
        }
    }

    // Said twice is said wrong
    private static string? One(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 1 ? values[0] : null;

    private async Task RepeatAsync(TimeSpan interval, Action act)
    {
        try
        {
            using var timer = new PeriodicTimer(interval);
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                act();
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends
        }
    }
}
