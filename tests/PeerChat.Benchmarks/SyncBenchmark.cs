using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary><c>sync</c>: a history between two fresh processes on loopback, real storage on both sides.</summary>
internal static class SyncBenchmark
{
    // From which on the newest page comes ahead, with the entries that are no messages (Replication.LongHistory).
    private const int LongHistory = 1_100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Measures both sizes and writes the report.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        using var scratch = new Scratch(options.Folder);
        foreach (var (name, value) in ProgramRun.EnvironmentFor(scratch.Path))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var report = new Report();
        foreach (var count in options.Messages is { } messages ? [messages] : new[] { 10_000, 100_000 })
        {
            await MeasureAsync(
                scratch,
                report,
                count,
                count switch
                {
                    10_000 => 2,
                    100_000 => 10,
                    _ => null,
                }
            );
        }

        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static async Task MeasureAsync(Scratch scratch, Report report, int count, double? budget)
    {
        Console.Error.WriteLine($"measuring {count:N0} messages …");
        var (room, home) = (Names.Of($"room{count}"), scratch.Fresh("wanda"));
        await using (
            var writer = PeerProcess.Start(home, "sync-peer", Names.Of("wanda"), home, room, $"{count}")
        )
        {
            var wrote = await writer.NextAsync("wrote", Patience);
            report.Add($"writing {count:N0} messages", Seconds(wrote[0]), "s");
        }

        var fresh = scratch.Fresh("fred");
        await using var server = PeerProcess.Start(home, "sync-peer", Names.Of("wanda"), home, room, "0");
        await server.NextAsync("ready");
        await using var reader = PeerProcess.Start(fresh, "sync-peer", Names.Of("fred"), fresh, room, "0");
        var connected = await reader.NextAsync("connected", Patience);
        var (servedBefore, readBefore) = (server.ProcessorTime, reader.ProcessorTime);
        if (count >= LongHistory)
        {
            var page = await reader.NextAsync("page", Patience);
            report.Add($"the newest page of {count:N0} can be read", Seconds(page[0] - connected[0]), "s");
        }

        var all = await reader.NextAsync("all", Patience);
        report.Add(
            $"sync of {count:N0} messages, connected to all stored",
            Seconds(all[0] - connected[0]),
            "s",
            budget,
            "signatures checked, SQLite at both ends"
        );
        report.Add("processor time of its writer", (server.ProcessorTime - servedBefore).TotalSeconds, "s");
        report.Add("processor time of its reader", (reader.ProcessorTime - readBefore).TotalSeconds, "s");
        report.Add(
            $"the reader's resident memory after {count:N0}",
            ProgramRun.ResidentMegabytes(reader.Id),
            "MB"
        );
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
