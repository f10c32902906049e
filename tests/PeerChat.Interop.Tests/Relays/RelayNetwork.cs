using System.Diagnostics;
using System.Text.Json;

namespace PeerChat.Interop.Tests.Relays;

/// <summary>Two hosts that reach a third one and not each other, and coturn on the third.</summary>
internal sealed class RelayNetwork : IDisposable
{
    public const string ServerIPv4 = "10.9.0.1";
    public const string ServerIPv6 = "fd09::1";

    private readonly TestHosts _hosts;

    public RelayNetwork()
    {
        _hosts = TestHosts.Create();
        Server = _hosts.AddHost("t");
        Alice = AddClient("a", 1);
        Bob = AddClient("b", 2);
        TestHosts.Run("ip", "-n", Server, "addr", "add", ServerIPv4 + "/32", "dev", "lo");
        TestHosts.Run("ip", "-n", Server, "addr", "add", ServerIPv6 + "/128", "dev", "lo", "nodad");
    }

    public TestHosts Hosts => _hosts;
    public string Server { get; }
    public string Alice { get; }
    public string Bob { get; }

    public string Folder => _hosts.Home("coturn");

    /// <summary>Starts coturn with user alice and password secret and relays of both families, and waits until it listens.</summary>
    public void StartServer(params string[] more) => StartServer([ServerIPv4, ServerIPv6], more);

    /// <summary>Starts coturn with relays on these addresses.</summary>
    public void StartServer(IEnumerable<string> relays, IEnumerable<string> more) =>
        Start(relays, ["-a", "-u", "alice:secret", .. more]);

    /// <summary>Starts coturn so that it takes user names of the form SECONDS:NAME until that time, with what the secret makes of them as password.</summary>
    public void StartServerWithSecret(string secret) =>
        Start([ServerIPv4], ["--use-auth-secret", $"--static-auth-secret={secret}"]);

    private void Start(IEnumerable<string> relays, IEnumerable<string> more)
    {
        _ = _hosts.Start(
            Server,
            Folder,
            [
                "turnserver",
                "-n",
                "--log-file=/dev/null",
                "-L",
                ServerIPv4,
                "-L",
                ServerIPv6,
                .. relays.SelectMany(relay => new[] { "-E", relay }),
                "--no-dtls",
                "-r",
                "test",
                "--no-cli",
                "--pidfile",
                Path.Combine(Folder, "pid"),
                .. more,
            ]
        );
        WaitFor(
            () =>
                TestHosts
                    .Run("ip", "netns", "exec", Server, "ss", "-Hltun")
                    .Contains(":3478", StringComparison.Ordinal),
            () => "coturn listens"
        );
    }

    /// <summary>Writes what is sent and received on a host's cable to a file; waits until it does.</summary>
    public Process Capture(string host) => _hosts.Capture(host, "udp or tcp", "eth0");

    /// <summary>What a node says of itself, once it is as wanted.</summary>
    public JsonElement WaitForStatus(
        string host,
        string user,
        Func<JsonElement, bool> isWanted,
        string what
    ) => WaitForStatus(_hosts, host, user, isWanted, what);

    /// <inheritdoc cref="WaitForStatus(string, string, Func{JsonElement, bool}, string)"/>
    public static JsonElement WaitForStatus(
        TestHosts hosts,
        string host,
        string user,
        Func<JsonElement, bool> isWanted,
        string what
    )
    {
        JsonElement found = default;
        WaitFor(
            () =>
            {
                var (code, output, _) = TestHosts.Finish(hosts.StartPeerChat(host, user, "status", "--json"));
                if (code != 0)
                {
                    return false;
                }

                found = JsonDocument.Parse(output).RootElement.Clone();
                return isWanted(found);
            },
            () => $"{what}; last: {found}"
        );
        return found;
    }

    /// <summary>The address on the relay that a node has.</summary>
    public string WaitForRelay(string host, string user) =>
        WaitForStatus(
            host,
            user,
            status => AddressOf(status).Length > 0,
            $"{user} has an address on the relay"
        )
            is var status
            ? AddressOf(status)
            : "";

    public void Dispose() => _hosts.Dispose();

    public static void WaitFor(Func<bool> holds, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(40))
            {
                throw new TimeoutException(what());
            }

            Thread.Yield(); // each look starts a process and takes its time
        }
    }

    private static string AddressOf(JsonElement status) =>
        status.GetProperty("servers")[0].GetProperty("address").GetString() ?? "";

    private string AddClient(string name, int number)
    {
        var host = _hosts.AddHost(name);
        TestHosts.Run(
            "ip",
            "-n",
            Server,
            "link",
            "add",
            "v" + name,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            host
        );
        TestHosts.Run("ip", "-n", Server, "addr", "add", $"10.{number}.0.1/24", "dev", "v" + name);
        TestHosts.Run("ip", "-n", Server, "addr", "add", $"fd0{number}::1/64", "dev", "v" + name, "nodad");
        TestHosts.Run("ip", "-n", Server, "link", "set", "v" + name, "up");
        TestHosts.Run("ip", "-n", host, "addr", "add", $"10.{number}.0.2/24", "dev", "eth0");
        TestHosts.Run("ip", "-n", host, "addr", "add", $"fd0{number}::2/64", "dev", "eth0", "nodad");
        TestHosts.Run("ip", "-n", host, "link", "set", "eth0", "up");
        TestHosts.Run("ip", "-n", host, "route", "add", "default", "via", $"10.{number}.0.1");
        TestHosts.Run("ip", "-n", host, "-6", "route", "add", "default", "via", $"fd0{number}::1");
        return host;
    }
}
