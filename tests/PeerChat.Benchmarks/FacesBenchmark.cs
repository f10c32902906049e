using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary><c>faces</c>: one daemon, and what programs attached to it cost; real processes on loopback, in about five minutes.</summary>
internal static class FacesBenchmark
{
    /// <summary>Runs all parts and writes the report.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        if (!File.Exists(options.Program))
        {
            Console.Error.WriteLine(
                $"There is no program {options.Program}; build it first, or name another with --program."
            );
            return 2;
        }

        using var scratch = new Scratch(options.Folder);
        var from = Stopwatch.GetTimestamp();
        var report = new Report();
        await RunAsync("sends by processes of their own", options, scratch, report, ProcessMeasure.RunAsync);
        await RunAsync(
            "an idle daemon",
            options,
            scratch,
            report,
            (_, daemon, report) => IdleMeasure.RunAsync(daemon, report)
        );
        await RunAsync(
            "a daemon and silent people",
            options,
            scratch,
            report,
            (options, daemon, report) => IdlePeersMeasure.RunAsync(options, scratch, daemon, report)
        );
        await RunAsync(
            "sends over one connection",
            options,
            scratch,
            report,
            (_, daemon, report) => RpcMeasure.RunAsync(daemon, report)
        );
        await RunAsync(
            "events to subscribers",
            options,
            scratch,
            report,
            (_, daemon, report) => FanOutMeasure.RunAsync(daemon, report)
        );
        report.Add("all of this took", Stopwatch.GetElapsedTime(from).TotalSeconds, "s");
        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static async Task RunAsync(
        string part,
        ChatOptions options,
        Scratch scratch,
        Report report,
        Func<ChatOptions, Daemon, Report, Task> measure
    )
    {
        Console.Error.WriteLine($"measuring {part} …");
        await using var daemon = await Daemon.StartAsync(options, scratch);
        await measure(options, daemon, report);
    }
}
