using System.Diagnostics;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>Hosts of a test's own: network namespaces joined by virtual cables. Needs root, iproute2, nftables and tcpdump.</summary>
internal sealed class TestHosts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _prefix = "pc" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];
    private readonly List<string> _names = [];
    private readonly List<Process> _processes = [];
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peerchat-hosts-");

    private TestHosts() { }

    /// <summary>The home folder of a user.</summary>
    public string Home(string user) => Directory.CreateDirectory(Path.Combine(_root.FullName, user)).FullName;

    /// <summary>A file of the repository.</summary>
    public static string RepositoryFile(string path)
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new InvalidOperationException("The tests do not run from below the repository's folder.");
    }

    /// <summary>A file of the folder <c>node</c>.</summary>
    public static string NodeFile(string name) =>
        RepositoryFile(Path.Combine("tests", "PeerChat.Interop.Tests", "node", name));

    /// <summary>Makes the kit, or skips the test where the run does not ask for such tests.</summary>
    public static TestHosts Create()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs root and extra packages; .ci/run installs them and sets PEERCHAT_INTEROP=1."
        );
        return new TestHosts();
    }

    /// <summary>Adds a host whose only interface is loopback.</summary>
    public string AddHost(string name)
    {
        var host = $"{_prefix}-{name}";
        Run("ip", "netns", "add", host);
        _names.Add(host);
        Run("ip", "-n", host, "link", "set", "lo", "up");
        return host;
    }

    /// <summary>Joins two hosts by a cable: 10.x.0.1 and 10.x.0.2, and fd00 addresses beside.</summary>
    public static void Connect(string one, string other, string interfaceName = "veth0")
    {
        Run(
            "ip",
            "-n",
            one,
            "link",
            "add",
            interfaceName,
            "type",
            "veth",
            "peer",
            "name",
            interfaceName,
            "netns",
            other
        );
        foreach (var (host, number) in new[] { (one, 1), (other, 2) })
        {
            Run("ip", "-n", host, "addr", "add", $"10.77.0.{number}/24", "dev", interfaceName);
            Run("ip", "-n", host, "addr", "add", $"fd77::{number}/64", "dev", interfaceName, "nodad");
            Run("ip", "-n", host, "link", "set", interfaceName, "up");
            Run("ip", "-n", host, "route", "add", "default", "dev", interfaceName);
        }
    }

    /// <summary>Drops what comes in uninvited, multicast DNS apart, as a workstation's firewall does.</summary>
    public void AddStatefulFirewall(string host)
    {
        SetFirewall(
            host,
            "policy drop",
            "iif lo accept",
            "ct state established,related accept",
            "udp dport 5353 accept",
            "meta l4proto ipv6-icmp accept"
        );
    }

    /// <summary>Drops all multicast DNS that comes in, as many office networks do.</summary>
    public void DropMulticastDns(string host) => SetFirewall(host, "policy accept", "udp dport 5353 drop");

    /// <summary>Starts a command on a host; it ends with the kit at the latest.</summary>
    public Process Start(string host, string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "netns", "exec", host }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PEERCHAT_HOME"] = home;
        start.Environment.Remove("PEERCHAT_INTERFACES");
        var process = Process.Start(start) ?? throw new IOException("The command did not start.");
        process.StandardInput.Close();
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts PeerChat on a host.</summary>
    public Process StartPeerChat(string host, string user, params string[] arguments) =>
        Start(
            host,
            Home(user),
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "peerchat.dll"), .. arguments, "--user", user]
        );

    /// <summary>Starts to write down what passes a cable of a host, a line a packet, and waits until it does.</summary>
    /// <param name="host">The host.</param>
    /// <param name="filter">What is wanted, as <c>tcpdump</c> takes it. The kernel's own neighbour discovery is neither UDP nor TCP.</param>
    /// <param name="interfaceName">The cable's end.</param>
    public Process Capture(string host, string filter, string interfaceName = "veth0")
    {
        var capture = Start(host, Home("capture"), "tcpdump", "-n", "-l", "-i", interfaceName, filter);
        capture.StandardError.ReadLine().ShouldNotBeNull(); // "tcpdump: verbose output suppressed…"
        capture.StandardError.ReadLine().ShouldNotBeNull().ShouldContain("listening on");
        return capture;
    }

    /// <summary>Waits for the end and gives exit code, output and errors.</summary>
    public static (int Code, string Output, string Errors) Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            throw new TimeoutException($"{string.Join(' ', process.StartInfo.ArgumentList)} did not end.");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Waits until <c>send</c> and <c>listen --json --count 1</c> have ended well, and the text is what was heard.</summary>
    public static void MustTalk(Process sender, Process listener, string text)
    {
        var sent = Finish(sender);
        sent.Code.ShouldBe(0, sent.Errors);
        var heard = Finish(listener);
        heard.Code.ShouldBe(0, heard.Errors);
        JsonDocument.Parse(heard.Output).RootElement.GetProperty("text").GetString().ShouldBe(text);
    }

    /// <summary>Reads what a command says until a line is wanted, and gives that line.</summary>
    public static string AwaitLine(Process process, Predicate<string> isWanted)
    {
        var said = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            string? line;
            try
            {
                line = process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException(
                    $"{string.Join(' ', process.StartInfo.ArgumentList)} said only: {string.Join('\n', said)}",
                    late
                );
            }

            said.Add(
                line
                    ?? throw new IOException(
                        $"{string.Join(' ', process.StartInfo.ArgumentList)} ended, having said: {string.Join('\n', said)}"
                    )
            );
            if (isWanted(line))
            {
                return line;
            }
        }
    }

    /// <summary>Packets that left a host by an interface since it was made.</summary>
    public static long SentPackets(string host, string interfaceName) =>
        long.Parse(
            Run("ip", "netns", "exec", host, "cat", $"/sys/class/net/{interfaceName}/statistics/tx_packets"),
            System.Globalization.CultureInfo.InvariantCulture
        );

    /// <summary>Runs a command to its end; it must succeed.</summary>
    public static string Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new IOException("The command did not start.");
        var (code, output, errors) = Finish(process);
        return code == 0
            ? output
            : throw new IOException($"{string.Join(' ', command)} ended with {code}: {errors}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        foreach (var name in _names)
        {
            Run("ip", "netns", "del", name);
        }

        _root.Delete(recursive: true);
    }

    private void SetFirewall(string host, string policy, params string[] rules)
    {
        var file = Path.Combine(_root.FullName, host + ".nft");
        File.WriteAllText(
            file,
            "table inet filter {\n  chain input {\n    type filter hook input priority 0; "
                + policy
                + ";\n    "
                + string.Join("\n    ", rules)
                + "\n  }\n}\n"
        );
        Run("ip", "netns", "exec", host, "nft", "-f", file);
    }
}
