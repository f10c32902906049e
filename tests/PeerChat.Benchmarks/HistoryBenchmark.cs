namespace PeerChat.Benchmarks;

/// <summary><c>history</c>: a long history on the disk: opening its room, its last page, and searching it, each in a fresh process.</summary>
internal static class HistoryBenchmark
{
    private const int Searched = 100_000;
    private const int Opened = 1_000_000;
    private const double OpenBudget = 200;
    private const double SearchBudget = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Measures and writes the report.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        using var scratch = new Scratch(options.Folder);
        foreach (var (name, value) in ProgramRun.EnvironmentFor(scratch.Path))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var report = new Report();
        foreach (var count in options.Messages is { } messages ? [messages] : new[] { Searched, Opened })
        {
            await MeasureAsync(scratch, report, count);
        }

        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static async Task MeasureAsync(Scratch scratch, Report report, int count)
    {
        Console.Error.WriteLine($"measuring {count:N0} messages …");
        var home = scratch.Fresh("wanda");
        await using (
            var writer = PeerProcess.Start(home, "history-peer", Names.Of("wanda"), home, "write", $"{count}")
        )
        {
            await writer.NextAsync("wrote", Patience);
        }

        await using (
            var opener = PeerProcess.Start(home, "history-peer", Names.Of("wanda"), home, "open", "0")
        )
        {
            var took = await opener.NextAsync("opened", Patience);
            report.Add(
                $"opening a room of {count:N0} to its last page",
                Milliseconds(took[0]),
                "ms",
                count == Opened ? OpenBudget : null,
                "fresh process, from the open database; 50 messages"
            );
            report.Add("the profile's keys and database before it", Milliseconds(took[1]), "ms");
        }

        await using var node = PeerProcess.Start(
            home,
            "history-peer",
            Names.Of("wanda"),
            home,
            "search",
            "0"
        );
        var pages = await node.NextAsync("page", Patience);
        report.Add("a running node's last page", Milliseconds(pages[0]), "ms");
        var searches = await node.NextAsync("searched", Patience);
        report.Add("the first search, which makes the cache", Milliseconds(searches[0]), "ms");
        report.Add(
            $"a search of {count:N0}, median of 20, the words in few",
            Milliseconds(searches[1]),
            "ms",
            count == Searched ? SearchBudget : null
        );
        report.Add(
            $"a search of {count:N0}, median of 20, the words in none",
            Milliseconds(searches[2]),
            "ms",
            count == Searched ? SearchBudget : null
        );
    }

    private static double Milliseconds(long microseconds) => microseconds / 1000.0;
}
