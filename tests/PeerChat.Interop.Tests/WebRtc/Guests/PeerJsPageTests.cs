using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc.Guests;

/// <summary>Pages with the stock PeerJS client of npm, in Chromium: through our PeerServer and npm's, among themselves and with us.</summary>
/// <remarks>Browsers offer no loopback addresses, hence all interfaces of the namespace.</remarks>
public sealed class PeerJsPageTests : ProcessTests
{
    private readonly List<ChromiumBrowser> _browsers = [];
    private string _url = "";
    private RunningProgram? _host;

    [Fact]
    public void Two_stock_pages_meet_through_our_server()
    {
        SkipUnlessAsked();
        StartServer(isOurs: true);
        var (one, other) = (NewPage(), NewPage());
        one.Evaluate($"makePeer('one', {Port()})");
        other.Evaluate($"makePeer(undefined, {Port()})").ShouldNotBeNull("the server gives out an id");
        other.Evaluate("callPeer('one', 'binary')");
        other.Evaluate("conn.send('hello among pages')");
        ((string?)one.Evaluate("received(1)")).ShouldBe("[\"hello among pages\"]");
        ((string?)other.Evaluate("failToCall('nobody')")).ShouldBe("peer-unavailable");
        ((string?)other.Evaluate($"failToClaim('one', {Port()})")).ShouldBe("unavailable-id");
    }

    [Theory]
    [InlineData(true, "json")]
    [InlineData(true, "binary")]
    [InlineData(false, "json")]
    [InlineData(false, "binary")]
    [InlineData(true, "raw")]
    public void A_stock_page_joins_by_name_and_chats(bool isOurs, string serialization)
    {
        SkipUnlessAsked();
        StartServer(isOurs);
        StartHost();
        var page = NewPage();
        var id = (string)page.Evaluate($"makePeer(undefined, {Port()})")!;
        page.Evaluate($"callPeer('{NameOf("alice")}', '{serialization}')");
        page.Evaluate("conn.send('hello ☃')");
        var chat = $"%{id}";
        var heard = AwaitMessages(chat, 1)[0];
        heard["text"]!.GetValue<string>().ShouldBe("hello ☃");
        heard["from"]!.GetValue<string>().ShouldBe("%zoe");
        heard["isOwn"]!.GetValue<bool>().ShouldBeFalse();

        Reply("send", "--to", "%zoe", "welcome 𝄞");
        ((string?)page.Evaluate("received(1)")).ShouldBe("[\"welcome 𝄞\"]");

        if (serialization == "binary")
        {
            page.Evaluate("conn.send({text: 'x'.repeat(40000)})"); // in pieces, both ways
            AwaitMessages(chat, 3)[2]["text"]!.GetValue<string>().ShouldBe(new string('x', 40_000));
            Reply("send", "--to", "%zoe", new string('y', 40_000));
            ((string?)page.Evaluate("received(2)")).ShouldBe(
                $"[\"welcome 𝄞\",\"{new string('y', 40_000)}\"]"
            );
        }

        var rooms = PeerChat("alice", "", "rooms", "--json");
        rooms.WaitForExit().ShouldBe(0, rooms.Errors);
        var line = rooms
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => JsonNode.Parse(one)!)
            .Single(one => (string?)one["room"] == chat);
        line.ToJsonString().ShouldContain("\"guest\"");
        line.ToJsonString().ShouldContain("a guest through ws://127.0.0.1");

        Rpc("leave-room", new JsonObject { ["chat"] = chat });
        ((bool?)page.Evaluate("ended()")).ShouldBe(true);
    }

    [Fact]
    public void A_page_that_closes_is_told_of_and_may_come_again()
    {
        SkipUnlessAsked();
        StartServer(isOurs: true);
        StartHost();
        var page = NewPage();
        var id = (string)page.Evaluate($"makePeer(undefined, {Port()})")!;
        for (var i = 1; i <= 2; i++)
        {
            page.Evaluate($"callPeer('{NameOf("alice")}', 'json')");
            page.Evaluate($"conn.send('visit {i}')");
            AwaitMessages($"%{id}", i)[^1]["text"]!.GetValue<string>().ShouldBe($"visit {i}");
            page.Evaluate("hangUp()");
            _host!.WaitUntil(log => log.Split("%zoe is gone.").Length == i + 1, $"goodbye {i}");
        }
    }

    protected override void Dispose(bool isDisposing)
    {
        _browsers.ForEach(browser => browser.Dispose());
        base.Dispose(isDisposing);
    }

    private void StartServer(bool isOurs)
    {
        var port = FreePort();
        _url = $"ws://127.0.0.1:{port}/";
        if (isOurs)
        {
            PeerChat("server", null, "serve", "--listen", $"127.0.0.1:{port}").WaitFor("--peerserver ws");
        }
        else
        {
            Start(
                    "server",
                    null,
                    NodeFile("node_modules/.bin/peerjs"),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    port.ToString(CultureInfo.InvariantCulture)
                )
                .WaitFor("Started PeerServer");
        }
    }

    private int Port() => new Uri(_url).Port;

    private void StartHost()
    {
        string[] interfaces =
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .Where(one => one.OperationalStatus != OperationalStatus.Down)
                .SelectMany(one => new[] { "--interface", one.Name }),
        ];
        _host = PeerChat(
            "alice",
            null,
            [
                "daemon",
                "--user",
                NameOf("alice"),
                "--rungs",
                "peerserver",
                "--peerserver",
                _url,
                "--allow-guests",
                .. interfaces,
            ]
        );
        _host.WaitFor("is online");
    }

    private ChromiumBrowser NewPage()
    {
        var browser = new ChromiumBrowser();
        _browsers.Add(browser);
        browser.Evaluate(
            File.ReadAllText(NodeFile("node_modules/peerjs/dist/peerjs.min.js")) + "\nundefined"
        );
        browser.Evaluate(PeerScript.Read("guest.js") + "\nundefined");
        return browser;
    }

    private void Reply(params string[] command)
    {
        var program = PeerChat("alice", "", command);
        program.WaitForExit().ShouldBe(0, program.Errors);
    }

    // The page's message is under way: the node is asked until it is there
    private List<JsonNode> AwaitMessages(string chat, int count)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = Rpc("load-history", new JsonObject { ["chat"] = chat, ["count"] = 10 });
            var messages = answer["result"]?["messages"]?.AsArray().Select(one => one!).ToList() ?? [];
            if (messages.Count >= count)
            {
                return messages;
            }

            tries.ShouldBeLessThan(200, answer.ToJsonString());
        }
    }

    private JsonNode Rpc(string method, JsonObject parameters)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = parameters,
        };
        var program = PeerChat("alice", request.ToJsonString() + "\n", "rpc");
        program.WaitForExit().ShouldBe(0, program.Errors);
        return JsonNode.Parse(program.Output.Split('\n')[0])!;
    }

    private static string NodeFile(string name)
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Example("echo_bot.py"))!, "..", ".."));
        return Path.Combine(root, "tests", "PeerChat.Interop.Tests", "node", name);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
