using PeerChat.Benchmarks.Peers;

namespace PeerChat.Benchmarks;

/// <summary>
/// <c>latency</c>: a message from process to process beside what it cannot do without: the way over a bare data channel, and one fsync. The
/// author makes it durable before it is sent; the recipient shows it and makes it durable at once, and acknowledges when that is done.
/// </summary>
internal static class LatencyBenchmark
{
    private const int Pings = 1_100; // the first hundred do not count

    /// <summary>What a message may take beyond both, in milliseconds.</summary>
    private const double Budget = 1;

    /// <summary>Measures and writes the report; 1 when the budget is not kept.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        using var scratch = new Scratch(options.Folder);
        foreach (var (name, value) in ProgramRun.EnvironmentFor(scratch.Path))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var report = new Report();
        var fsync = DiskMeasure.Run(scratch, report);
        var channel = await ChannelAsync(report);
        var message = await LatencyMeasure.RunAsync(scratch, report, withBurst: false);
        // The disk of a busy machine is another one a minute later; what is taken off is the lesser of both
        fsync = Math.Min(fsync, DiskMeasure.Run(scratch, report));
        var beyond = message - channel - fsync;
        report.Add(
            "message beyond channel and one fsync, median",
            beyond,
            "ms",
            Budget,
            $"{message:0.00} - {channel:0.00} - {fsync:0.00}"
        );
        report.Write(Console.Out, options.Json);
        return beyond <= Budget ? 0 : 1;
    }

    private static async Task<double> ChannelAsync(Report report)
    {
        await using var pair = StackPair.Start(StackDefinition.Own);
        await pair.OpenAsync();
        var (p50, p99) = await pair.PingAsync(Pings);
        report.Add(
            "64 bytes on a bare data channel, one way, median",
            p50 / 2,
            "ms",
            note: "half of there and back"
        );
        report.Add("64 bytes on a bare data channel, one way, p99", p99 / 2, "ms");
        await pair.CloseAsync();
        return p50 / 2;
    }
}
