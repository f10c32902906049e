using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PeerChat.Server.Contract;
using PeerChat.Server.Exchange;
using PeerChat.Server.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Server.Tests;

/// <summary>The server on real sockets, with clients that mean well and such that do not.</summary>
[Collection(nameof(AloneCollection))]
public sealed class PeerServerHostTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _over = new(Patience);
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<ClientWebSocket> _clients = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-server-");
    private readonly LineSink _lines = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _over.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Two_clients_exchange_an_offer_and_an_answer()
    {
        var server = await StartAsync();
        var alice = await ConnectAsync(server, "alice");
        var bob = await ConnectAsync(server, "bob");
        await SayAsync(alice, """{"type":"OFFER","dst":"bob","payload":{"sdp":"offer"}}""");
        (await HearAsync(bob)).ShouldBe(
            """{"type":"OFFER","src":"alice","dst":"bob","payload":{"sdp":"offer"}}"""
        );
        await SayAsync(bob, """{"type":"ANSWER","dst":"alice","payload":{"sdp":"answer"}}""");
        (await HearAsync(alice)).ShouldBe(
            """{"type":"ANSWER","src":"bob","dst":"alice","payload":{"sdp":"answer"}}"""
        );
    }

    [Fact]
    public async Task Gives_out_ids_and_says_that_it_is_well_and_never_who_is_there()
    {
        var server = await StartAsync(settings => settings with { Path = "/chat/", Key = "secret" });
        using var http = new HttpClient();
        var root = server.Urls[0].Replace("ws://", "http://", StringComparison.Ordinal).Split('?')[0];
        var response = await http.GetAsync($"{root}secret/id?ts=1&version=1.5.5", _over.Token);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        Guid.TryParse(await response.Content.ReadAsStringAsync(_over.Token), out _).ShouldBeTrue();
        (await http.GetStringAsync($"{root}health", _over.Token)).ShouldBe("ok\n");
        (await http.GetAsync($"{root}secret/peers", _over.Token)).StatusCode.ShouldBe(
            HttpStatusCode.Unauthorized
        );
        (await http.GetAsync($"{root}peerjs/id", _over.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync($"{root}metrics", _over.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        server.Urls[0].ShouldEndWith("/chat/?key=secret");
    }

    [Fact]
    public async Task Metrics_are_on_their_own_loopback_port_and_name_nobody()
    {
        var server = await StartAsync(settings => settings with { MetricsPort = 0 });
        await ConnectAsync(server, "alice");
        using var http = new HttpClient();
        var text = await http.GetStringAsync(server.MetricsUrl, _over.Token);
        text.ShouldContain("peerchat_server_ids 1\n");
        text.ShouldContain("peerchat_server_refused_total{reason=\"rate\"} 0\n");
        text.ShouldNotContain("alice");
        new Uri(server.MetricsUrl!).Host.ShouldBe("127.0.0.1");
        (
            await http.GetAsync(new Uri(new Uri(server.MetricsUrl!), "/peerjs/id"), _over.Token)
        ).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_frame_of_ten_megabytes_ends_that_client_and_no_other()
    {
        var server = await StartAsync();
        var alice = await ConnectAsync(server, "alice");
        var hostile = await ConnectAsync(server, "hostile");
        var before = GC.GetTotalAllocatedBytes();
        await SayUnheardAsync(hostile, new byte[10 * 1024 * 1024]);
        await HearTheEndAsync(hostile);
        // The client's own copies are in it; a server that kept what it reads would add twenty
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(36 * 1024 * 1024);
        await SayAsync(alice, """{"type":"OFFER","dst":"alice","payload":1}""");
        (await HearAsync(alice)).ShouldContain("OFFER");
        await _lines.WaitForAsync("too-long", _over.Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_message_may_have_as_many_bytes_as_the_limit_says(int more)
    {
        var server = await StartAsync();
        var alice = await ConnectAsync(server, "alice");
        const string Head = """{"type":"OFFER","dst":"alice","payload":"_"}""";
        var text = Head.Replace(
            "_",
            new string('x', ExchangeLimits.UsualMessageBytes - Head.Length + 1 + more),
            StringComparison.Ordinal
        );
        await SayUnheardAsync(alice, Encoding.UTF8.GetBytes(text));
        if (more == 0)
        {
            (await HearAsync(alice)).Length.ShouldBeGreaterThan(ExchangeLimits.UsualMessageBytes);
        }
        else
        {
            await HearTheEndAsync(alice);
            alice.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
        }
    }

    [Fact]
    public async Task A_flood_ends_the_flooder_while_others_are_served()
    {
        var server = await StartAsync();
        var alice = await ConnectAsync(server, "alice");
        var hostile = await ConnectAsync(server, "hostile");
        var text = """{"type":"OFFER","dst":"alice","payload":1}"""u8.ToArray();
        for (var i = 0; i < 20_000 && hostile.State == WebSocketState.Open; i++)
        {
            await SayUnheardAsync(hostile, text);
        }

        await HearTheEndAsync(hostile);
        await SayAsync(alice, """{"type":"OFFER","dst":"alice","payload":"mine"}""");
        while (!(await HearAsync(alice)).Contains("mine", StringComparison.Ordinal)) { }
    }

    [Fact]
    public async Task Who_does_not_read_is_let_go_and_holds_nobody_up()
    {
        var server = await StartAsync(settings => settings with { MessagesPerSecond = 10_000 });
        var alice = await ConnectAsync(server, "alice");
        using var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
        await deaf.GetStream().WriteAsync(Upgrade("deaf"), _over.Token);
        var head = new byte[1024];
        _ = await deaf.GetStream().ReadAsync(head, _over.Token); // and nothing after the handshake
        var text = $$"""{"type":"OFFER","dst":"deaf","payload":"{{new string('x', 60_000)}}"}""";
        while (!_lines.Text.Contains("slow", StringComparison.Ordinal))
        {
            await SayAsync(alice, text);
        }

        await SayAsync(alice, """{"type":"OFFER","dst":"alice","payload":1}""");
        (await HearAsync(alice)).ShouldContain("OFFER");
    }

    [Fact]
    public async Task A_handshake_that_trickles_is_ended()
    {
        var server = await StartAsync();
        using var slow = new TcpClient();
        await slow.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
        await slow.GetStream()
            .WriteAsync("GET /peerjs?key=peerjs HTTP/1.1\r\nHost: x\r\nX-"u8.ToArray(), _over.Token);
        var ended = new byte[4096];
        int read;
        do
        {
            read = await slow.GetStream().ReadAsync(ended, _over.Token); // the server's 408, then its end
        } while (read > 0);
    }

    [Fact]
    public async Task One_address_has_only_so_many_connections_that_say_nothing()
    {
        var server = await StartAsync(settings => settings with { MaxPerAddress = 2 });
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2 + PeerServerHost.SpareConnections; i++)
            {
                var client = new TcpClient();
                silent.Add(client);
                await client.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
            }

            // Those before are counted once the server has accepted them, which it does in order
            using var more = new TcpClient();
            try
            {
                await more.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionReset)
            {
                // The one too many is reset, and that can come before its connect has returned.
            }

            await _lines.WaitForAsync("\"address\"", _over.Token);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("GET /peerjs?key=peerjs&id=a&id=b&token=t HTTP/1.1")]
    [InlineData("GET /peerjs?key=peerjs&id=%00&token=t HTTP/1.1")]
    [InlineData("GET /peerjs HTTP/1.1")]
    public async Task Refuses_parameters_said_twice_or_badly_with_an_error_and_a_close(string request)
    {
        var server = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
        await client.GetStream().WriteAsync(Upgrade(request: request), _over.Token);
        var (heard, buffer) = ("", new byte[4096]);
        while (!heard.Contains("\"type\":\"ERROR\"", StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer, _over.Token);
            read.ShouldBeGreaterThan(0, heard);
            heard += Encoding.Latin1.GetString(buffer, 0, read);
        }
    }

    [Fact]
    public async Task Says_goodbye_to_all_when_it_ends()
    {
        var server = await StartAsync();
        var alice = await ConnectAsync(server, "alice");
        await server.StopAsync();
        await HearTheEndAsync(alice);
        alice.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_port_in_use_is_told_as_such()
    {
        var first = await StartAsync();
        var failed = await Should.ThrowAsync<ServeException>(() =>
            StartAsync(settings => settings with { Listen = [$"127.0.0.1:{PortOf(first)}"] })
        );
        failed.Problem.ShouldBe("in-use");
        failed.What.ShouldBe($"127.0.0.1:{PortOf(first)}");
    }

    [Theory]
    [InlineData("nowhere", "listen")]
    [InlineData("example.org:80", "listen")]
    [InlineData("::1:80", "listen")]
    [InlineData("127.0.0.1:65536", "listen")]
    [InlineData("192.0.2.1:0", "no-such-address")]
    public async Task An_address_that_is_none_is_told_as_such(string address, string problem) =>
        (
            await Should.ThrowAsync<ServeException>(() =>
                StartAsync(settings => settings with { Listen = [address] })
            )
        ).Problem.ShouldBe(problem);

    [Fact]
    public async Task Speaks_tls_and_takes_a_renewed_certificate_into_use()
    {
        var (certificate, key) = WriteCertificate("first.example");
        var server = await StartAsync(settings =>
            settings with
            {
                Certificate = certificate,
                PrivateKey = key,
            }
        );
        server.Urls[0].ShouldStartWith("wss://");
        (await SubjectAsync(server)).ShouldBe("CN=first.example");

        WriteCertificate("second.example");
        server.LookAtCertificate();
        (await SubjectAsync(server)).ShouldBe("CN=second.example");

        await File.WriteAllTextAsync(certificate, "half of a", _over.Token);
        server.LookAtCertificate();
        server.LookAtCertificate();
        (await SubjectAsync(server)).ShouldBe("CN=second.example");
        _lines
            .Text.Split("certificate-failed")
            .Length.ShouldBe(2, "a file that stays broken is told of once");
    }

    [Theory]
    [InlineData("missing", "certificate")]
    [InlineData("empty", "certificate")]
    [InlineData("other-key", "private-key")]
    [InlineData("no-key", "private-key")]
    public async Task A_certificate_that_is_of_no_use_is_told_as_such(string what, string problem)
    {
        var (certificate, key) = WriteCertificate("first.example");
        switch (what)
        {
            case "missing":
                File.Delete(certificate);
                break;
            case "empty":
                await File.WriteAllTextAsync(certificate, "", _over.Token);
                break;
            case "other-key":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    await File.WriteAllTextAsync(key, other.ExportPkcs8PrivateKeyPem(), _over.Token);
                }

                break;
            default:
                await File.WriteAllTextAsync(key, "nothing", _over.Token);
                break;
        }

        var failed = await Should.ThrowAsync<ServeException>(() =>
            StartAsync(settings => settings with { Certificate = certificate, PrivateKey = key })
        );
        failed.Problem.ShouldBe(problem);
    }

    [Fact]
    public async Task Log_lines_name_no_address_unless_asked_to()
    {
        var server = await StartAsync();
        await RefusedAsync(server);
        await _lines.WaitForAsync("parameters", _over.Token);
        _lines.Text.ShouldNotContain("\"address\":");
        var named = await StartAsync(settings => settings with { LogsAddresses = true });
        await RefusedAsync(named);
        await _lines.WaitForAsync("\"address\":\"127.0.0.1\"", _over.Token);
    }

    [Theory]
    [InlineData("192.0.2.1", null, false, "192.0.2.1")]
    [InlineData("192.0.2.1", "198.51.100.1", true, "192.0.2.1")]
    [InlineData("127.0.0.1", "198.51.100.1", false, "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.1", true, "198.51.100.1")]
    [InlineData("127.0.0.1", "10.9.9.9, 198.51.100.1", true, "198.51.100.1")]
    [InlineData("127.0.0.1", "nonsense", true, "127.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", null, false, "2001:db8:1:2::/64")]
    [InlineData("::ffff:192.0.2.1", null, false, "192.0.2.1")]
    public void Counts_for_the_address_that_is_behind_a_proxy_of_this_machine_alone(
        string remote,
        string? forwardedFor,
        bool isBehindProxy,
        string counted
    ) =>
        ClientAddress
            .GroupOf(ClientAddress.Of(IPAddress.Parse(remote), forwardedFor, isBehindProxy))
            .ShouldBe(counted);

    private async Task<PeerServerHost> StartAsync(Func<ServeSettings, ServeSettings>? change = null)
    {
        var settings = new ServeSettings
        {
            Listen = ["127.0.0.1:0"],
            MaxConnections = ExchangeLimits.UsualConnections,
            MaxPerAddress = ExchangeLimits.UsualPerAddress,
            MaxMessageBytes = ExchangeLimits.UsualMessageBytes,
            MessagesPerSecond = ExchangeLimits.UsualMessagesPerSecond,
        };
        var server = new PeerServerHost(change?.Invoke(settings) ?? settings, new ServeLog(_lines));
        _servers.Add(server);
        await server.StartAsync();
        return server;
    }

    private async Task<ClientWebSocket> ConnectAsync(PeerServerHost server, string id)
    {
        var client = new ClientWebSocket();
        _clients.Add(client);
        await client.ConnectAsync(
            new Uri($"{server.Urls[0]}peerjs?key=peerjs&id={id}&token=t&version=1.5.5"),
            _over.Token
        );
        (await HearAsync(client)).ShouldBe("""{"type":"OPEN"}""");
        return client;
    }

    private async Task RefusedAsync(PeerServerHost server)
    {
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"{server.Urls[0]}peerjs?key=peerjs&id=-&token=t"), _over.Token);
        (await HearAsync(client)).ShouldStartWith("""{"type":"ERROR""");
    }

    private async Task SayAsync(WebSocket client, string text) =>
        await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, _over.Token);

    // Whoever is let go in the middle of a message cannot finish it
    private async Task SayUnheardAsync(WebSocket client, byte[] text)
    {
        try
        {
            await client.SendAsync(text, WebSocketMessageType.Text, true, _over.Token);
        }
        catch (WebSocketException)
        {
            // Whoever waits for the end finds it
        }
    }

    private async Task<string> HearAsync(WebSocket client)
    {
        var buffer = new byte[128 * 1024];
        var length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer.AsMemory(length), _over.Token);
            length += result.Count;
        } while (!result.EndOfMessage);
        return result.MessageType == WebSocketMessageType.Text
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw new WebSocketException("closed");
    }

    private async Task HearTheEndAsync(WebSocket client)
    {
        try
        {
            while (client.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                await HearAsync(client);
            }
        }
        catch (WebSocketException)
        {
            client.State.ShouldNotBe(WebSocketState.Open);
        }
    }

    private static int PortOf(PeerServerHost server) => new Uri(server.Urls[0]).Port;

    private static byte[] Upgrade(string id = "id", string? request = null) =>
        Encoding.ASCII.GetBytes(
            (request ?? $"GET /peerjs?key=peerjs&id={id}&token=t HTTP/1.1")
                + "\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );

    private async Task<string> SubjectAsync(PeerServerHost server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", PortOf(server), _over.Token);
        await using var tls = new SslStream(
            client.GetStream(),
            false,
            (_, shown, _, _) => shown?.Subject.EndsWith(".example", StringComparison.Ordinal) == true
        );
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "x" },
            _over.Token
        );
        return tls.RemoteCertificate!.Subject;
    }

    private (string Certificate, string Key) WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(30)
        );
        var (certificateFile, keyFile) = (
            Path.Combine(_folder.FullName, "chain.pem"),
            Path.Combine(_folder.FullName, "key.pem")
        );
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    /// <summary>Where the server's log goes, so that a line can be waited for.</summary>
    private sealed class LineSink : StringWriter
    {
        private readonly SemaphoreSlim _news = new(0);
        private readonly StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_text)
            {
                _text.AppendLine(value);
            }

            _news.Release();
        }

        public async Task WaitForAsync(string part, CancellationToken cancellation)
        {
            while (!Text.Contains(part, StringComparison.Ordinal))
            {
                await _news.WaitAsync(cancellation);
            }
        }
    }
}
