using System.Diagnostics;
using System.Globalization;
using PeerChat.Tui.Tests.EndToEnd;

namespace PeerChat.Interop.Tests.Terminals;

/// <summary>
/// OpenSSH's server on a host of the test's own, with keys, port and configuration of its own, and the client's side of a session. Nothing
/// of this machine's SSH is read or written.
/// </summary>
internal sealed class SshServer
{
    private const int Port = 2222;

    private readonly TestHosts _hosts;
    private readonly string _host;

    private SshServer(TestHosts hosts, string host) => (_hosts, _host) = (hosts, host);

    private string Folder => _hosts.Home("ssh");

    /// <summary>Starts it, and waits until it listens.</summary>
    public static SshServer Start(TestHosts hosts, string host)
    {
        var server = new SshServer(hosts, host);
        server.MakeKeys();
        // sshd started by root wants a folder that nobody else can write to, for the part of it that has no rights
        Directory.CreateDirectory("/run/sshd");
        File.WriteAllText(
            server.In("sshd_config"),
            $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {server.In("host")}
            AuthorizedKeysFile {server.In("user.pub")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            PrintMotd no
            PrintLastLog no
            LogLevel INFO

            """
        );
        var process = hosts.Start(
            host,
            server.Folder,
            "/usr/sbin/sshd",
            "-D",
            "-e",
            "-f",
            server.In("sshd_config")
        );
        var said = "";
        while (process.StandardError.ReadLine() is { } line)
        {
            said += line + "\n";
            if (line.Contains("Server listening", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(); // what else it says must not fill the pipe
                return server;
            }
        }

        throw new IOException($"sshd ended: {said}");
    }

    /// <summary>Opens a session on a terminal, in which the program runs.</summary>
    public TerminalSession Open(string home, int columns, int rows, params string[] arguments)
    {
        var remote = string.Join(
            ' ',
            new[]
            {
                "env",
                $"PEERCHAT_HOME={home}",
                "PEERCHAT_INTERFACES=loopback",
                "LC_ALL=C.UTF-8",
                "DOTNET_NOLOGO=1",
                $"PATH='{Environment.GetEnvironmentVariable("PATH")}'",
                PeerChatProgram.ShellCommand,
            }.Concat(arguments)
        );
        return TerminalSession.StartIn(
            home,
            columns,
            rows,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["SSH_AUTH_SOCK"] = null },
            "ip",
            "netns",
            "exec",
            _host,
            "ssh",
            "-tt",
            "-F",
            "/dev/null",
            "-p",
            Port.ToString(CultureInfo.InvariantCulture),
            "-i",
            In("user"),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            $"UserKnownHostsFile={In("known_hosts")}",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "IgnoreUnknown=ObscureKeystrokeTiming",
            "-o",
            "ObscureKeystrokeTiming=no", // else chaff is sent between keys, and what is counted is not what we wrote
            "-o",
            "LogLevel=ERROR",
            $"{Environment.UserName}@127.0.0.1",
            remote
        );
    }

    /// <summary>Bytes that went over the one connection so far, from the client and to it: SSH's packets, without TCP and IP.</summary>
    public (long Sent, long Received) Transferred()
    {
        var line = TestHosts.Run(
            "ip",
            "netns",
            "exec",
            _host,
            "ss",
            "-tinH",
            "state",
            "established",
            "dport",
            $"= :{Port}"
        );
        return (Number(line, "bytes_sent:"), Number(line, "bytes_received:"));
    }

    /// <summary>Waits until no process runs any more that has this word on its command line.</summary>
    public static void WaitUntilGone(string word)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (
                    CommandLineOf(process.Id).Contains(word, StringComparison.Ordinal)
                    && !process.WaitForExit(PeerChatProgram.Patience)
                )
                {
                    throw new TimeoutException($"{CommandLineOf(process.Id)} does not end.");
                }
            }
        }
    }

    private static string CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has just ended
        }
    }

    private static long Number(string line, string name) =>
        line.Split(' ')
            .Where(word => word.StartsWith(name, StringComparison.Ordinal))
            .Select(word => long.Parse(word.AsSpan(name.Length), CultureInfo.InvariantCulture))
            .Single();

    private void MakeKeys()
    {
        foreach (var key in new[] { "host", "user" })
        {
            TestHosts.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", In(key));
        }

        File.WriteAllText(In("known_hosts"), $"[127.0.0.1]:{Port} {File.ReadAllText(In("host.pub"))}");
    }

    private string In(string name) => Path.Combine(Folder, name);
}
