using System.Diagnostics;

namespace PeerChat.Benchmarks.Files;

/// <summary>What others take to carry the same file on loopback: Debian's magic-wormhole and scp.</summary>
internal static class OtherPrograms
{
    private const string Code = "7-loopback-figure";
    private const int MailboxPort = 4000;
    private const int SshPort = 2222;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Seconds until <c>wormhole receive</c> ended; not a number where it is not installed.</summary>
    public static async Task<double> WormholeAsync(Scratch scratch, string file)
    {
        if (!File.Exists("/usr/bin/wormhole") || !File.Exists("/usr/bin/twist3"))
        {
            return double.NaN;
        }

        var folder = scratch.Fresh("wormhole");
        string[] relay =
        [
            "--relay-url",
            $"ws://127.0.0.1:{MailboxPort}/v1",
            "--transit-helper",
            "tcp:127.0.0.1:9",
        ];
        using var mailbox = Start(
            "/usr/bin/twist3",
            folder,
            "wormhole-mailbox",
            $"--port=tcp:{MailboxPort}:interface=127.0.0.1"
        );
        await WaitForPortAsync(MailboxPort);
        using var giver = Start(
            "/usr/bin/wormhole",
            folder,
            [.. relay, "send", "--hide-progress", "--code", Code, file]
        );
        await Task.Delay(TimeSpan.FromSeconds(1)); // it is there and waits
        var from = Stopwatch.GetTimestamp();
        using var getter = Start(
            "/usr/bin/wormhole",
            folder,
            [.. relay, "receive", "--hide-progress", "--accept-file", "-o", Path.Combine(folder, "got"), Code]
        );
        await getter.WaitForExitAsync();
        var time = Stopwatch.GetElapsedTime(from);
        await ProgramRun.EndAsync(giver);
        await ProgramRun.EndAsync(mailbox);
        Directory.Delete(folder, recursive: true);
        return getter.ExitCode == 0 ? time.TotalSeconds : double.NaN;
    }

    /// <summary>Seconds until <c>scp</c> from a server of this run's own ended; not a number where it is not installed.</summary>
    public static async Task<double> ScpAsync(Scratch scratch, string file)
    {
        if (!File.Exists("/usr/sbin/sshd") || !File.Exists("/usr/bin/scp"))
        {
            return double.NaN;
        }

        var folder = scratch.Fresh("scp");
        var (host, user) = (Path.Combine(folder, "host"), Path.Combine(folder, "user"));
        foreach (var key in (string[])[host, user])
        {
            await Start("/usr/bin/ssh-keygen", folder, "-q", "-t", "ed25519", "-N", "", "-f", key)
                .WaitForExitAsync();
        }

        Directory.CreateDirectory("/run/sshd"); // where its privileges are separated
        using var server = Start(
            "/usr/sbin/sshd",
            folder,
            [
                "-D",
                "-f",
                "/dev/null",
                "-p",
                $"{SshPort}",
                "-h",
                host,
                "-o",
                "ListenAddress=127.0.0.1",
                "-o",
                $"AuthorizedKeysFile={user}.pub",
                "-o",
                "StrictModes=no",
                "-o",
                "PermitRootLogin=yes",
                "-o",
                "Subsystem=sftp internal-sftp",
            ]
        );
        await WaitForPortAsync(SshPort);
        var from = Stopwatch.GetTimestamp();
        using var copy = Start(
            "/usr/bin/scp",
            folder,
            [
                "-q",
                "-P",
                $"{SshPort}",
                "-i",
                user,
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                $"{Environment.UserName}@127.0.0.1:{file}",
                Path.Combine(folder, "got"),
            ]
        );
        await copy.WaitForExitAsync();
        var time = Stopwatch.GetElapsedTime(from);
        await ProgramRun.EndAsync(server);
        Directory.Delete(folder, recursive: true);
        return copy.ExitCode == 0 ? time.TotalSeconds : double.NaN;
    }

    private static Process Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["HOME"] = folder;
        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Tell(program, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Tell(string program, string? line)
    {
        if (Environment.GetEnvironmentVariable("PEERCHAT_BENCHMARK_TELL") == "1" && line is not null)
        {
            Console.Error.WriteLine($"  {Path.GetFileName(program)}: {line}");
        }
    }

    private static async Task WaitForPortAsync(int port)
    {
        for (
            var from = Stopwatch.GetTimestamp();
            Stopwatch.GetElapsedTime(from) < Patience;
            await Task.Delay(20)
        )
        {
            using var probe = new System.Net.Sockets.TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (System.Net.Sockets.SocketException)
            {
                continue; // not yet
            }
        }

        throw new InvalidOperationException($"Nothing listens on port {port}.");
    }
}
