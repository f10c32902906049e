using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary><c>files</c>: a file between two daemons on loopback, sealed, sent, checked and put in place; memory and chat meanwhile.</summary>
internal static class FilesBenchmark
{
    private const int Piece = 1024 * 1024;
    private const int DefaultMegabytes = 1024;

    /// <summary>Measures, and writes the report.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        using var scratch = new Scratch(options.Folder);
        var report = new Report();
        var (alice, bob) = (scratch.Fresh("alice"), scratch.Fresh("bob"));
        var (aliceName, bobName) = (Names.Of("alice"), Names.Of("bob"));
        using var giver = Start(options, alice, aliceName);
        using var getter = Start(options, bob, bobName, "--accept-any");
        try
        {
            await RunAsync(options, alice, "send", "--to", bobName, "hello", "--wait", "delivered");
            var file = Path.Combine(alice, "great.bin");
            var size = (long)(options.Messages ?? DefaultMegabytes) * Piece;
            Write(file, size);
            var idle = (ProgramRun.ResidentMegabytes(giver.Id), ProgramRun.ResidentMegabytes(getter.Id));

            var sealing = Stopwatch.StartNew();
            var id = await RunAsync(
                options,
                alice,
                "file",
                "send",
                file,
                "--join",
                bobName,
                "--wait",
                "announced"
            );
            report.Add("reading and sealing", size / 1e6 / sealing.Elapsed.TotalSeconds, "MB/s");

            await WaitForAsync(options, bob);
            var quiet = await LatencyAsync(options, alice, bobName, () => false);
            var into = Directory.CreateDirectory(Path.Combine(bob, "into")).FullName;
            var fetching = Stopwatch.StartNew();
            var get = RunAsync(options, bob, "file", "get", id.Trim(), "-o", into);
            var busy = await LatencyAsync(options, alice, bobName, () => get.IsCompleted);
            await get;
            report.Add(
                $"{size / Piece:N0} MiB fetched, checked and in place",
                size / 1e6 / fetching.Elapsed.TotalSeconds,
                "MB/s",
                note: $"{fetching.Elapsed.TotalSeconds:0.0} s, commands' starts included"
            );
            report.Add("send --wait delivered, median, idle", quiet.Median, "ms");
            report.Add(
                "send --wait delivered, median, meanwhile",
                busy.Median,
                "ms",
                note: $"{busy.Count} times"
            );
            report.Add(
                "the giver's memory above idle",
                PeakMegabytes(giver.Id) - idle.Item1,
                "MB",
                budget: 64
            );
            report.Add(
                "the getter's memory above idle",
                PeakMegabytes(getter.Id) - idle.Item2,
                "MB",
                budget: 64
            );
        }
        finally
        {
            await ProgramRun.EndAsync(giver);
            await ProgramRun.EndAsync(getter);
        }

        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static Process Start(ChatOptions options, string home, string user, params string[] more)
    {
        var daemon = ProgramRun.Start(options.Program, home, ["daemon", "--user", user, .. more]);
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        return daemon;
    }

    private static async Task<string> RunAsync(ChatOptions options, string home, params string[] arguments)
    {
        using var process = ProgramRun.Start(options.Program, home, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}"
            );
    }

    private static async Task WaitForAsync(ChatOptions options, string home)
    {
        while (
            !(await RunAsync(options, home, "file", "list")).Contains("great.bin", StringComparison.Ordinal)
        )
        {
            await Task.Delay(50);
        }
    }

    private static async Task<Samples> LatencyAsync(
        ChatOptions options,
        string home,
        string to,
        Func<bool> isOver
    )
    {
        const int Count = 10;
        var samples = new Samples();
        for (var number = 0; number < Count && !isOver(); number++)
        {
            var watch = Stopwatch.StartNew();
            await RunAsync(options, home, "send", "--to", to, "in between", "--wait", "delivered");
            samples.Add(watch.Elapsed.TotalMilliseconds);
        }

        return samples;
    }

    private static void Write(string path, long size)
    {
        var random = new Random(1);
        var piece = new byte[Piece];
        using var file = File.Create(path);
        for (long at = 0; at < size; at += piece.Length)
        {
            random.NextBytes(piece);
            file.Write(piece);
        }
    }

    private static double PeakMegabytes(int process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return double.NaN;
        }

        var line = File.ReadLines($"/proc/{process}/status")
            .First(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024 / 1e6;
    }
}
