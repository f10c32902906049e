namespace PeerChat.Benchmarks.Peers;

/// <summary><c>peers</c>: our WebRTC stack beside others, all in the same run, two processes each.</summary>
/// <remarks>The stacks take turns within every round, so that all of them meet the same machine.</remarks>
internal static class PeersBenchmark
{
    private const int Pings = 1000;
    private const int LargeMessage = 64 * 1024;
    private const int SmallMessage = 16 * 1024;
    private const long BulkBytes = 256L * 1024 * 1024;
    private static readonly (TimeSpan OneWay, double Loss) Radio = (TimeSpan.FromMilliseconds(20), 0.01);
    private static readonly (TimeSpan OneWay, double Loss) Far = (TimeSpan.FromMilliseconds(50), 0.001);

    /// <summary>Runs it, in a network of its own, and writes the rows.</summary>
    public static async Task<int> RunAsync(PeersOptions options)
    {
        var before = Load();
        var stacks = StackDefinition
            .All()
            .Where(stack => options.Only.Count == 0 || options.Only.Contains(stack.Name))
            .Select(stack =>
                (Stack: stack, Figures: new StackFigures(stack.Name) { Failure = stack.Missing })
            )
            .ToList();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (stack, figures) in stacks.Where(each => each.Figures.Failure is null))
            {
                Console.Error.WriteLine($"round {round + 1}: {stack.Name}, load {Load()}");
                try
                {
                    await MeasureAsync(stack, figures, options, round);
                }
                catch (Exception failed)
                    when (failed is InvalidOperationException or OperationCanceledException)
                {
                    figures.Failure = $"failed: {failed.Message}";
                }
            }
        }

        Write(options, stacks.ConvertAll(each => each.Figures), before);
        return stacks.Exists(each => each.Figures.Failure is { } failure && each.Stack.Missing is null)
            ? 1
            : 0;
    }

    private static async Task MeasureAsync(
        StackDefinition stack,
        StackFigures figures,
        PeersOptions options,
        int round
    )
    {
        using var network = options.IsVeth ? new VethNetwork() : null;
        await using var pair = network?.Start(stack) ?? StackPair.Start(stack);
        figures.OpenCold.Add(await pair.OpenAsync());
        await pair.CloseAsync();
        for (var i = 0; i < options.Opens; i++)
        {
            figures.Open.Add(await pair.OpenAsync());
            await pair.CloseAsync();
        }

        await pair.OpenAsync();
        var (p50, p99) = await pair.PingAsync(Pings);
        figures.RoundTrip.Add(p50);
        figures.RoundTrip99.Add(p99);
        await pair.BulkAsync(LargeMessage, BulkBytes / 16, 1); // warm-up
        var (rate, cpu) = await pair.BulkAsync(LargeMessage, BulkBytes, options.Seconds);
        figures.Bulk64.Add(rate);
        figures.Cpu.Add(cpu);
        figures.Bulk16.Add((await pair.BulkAsync(SmallMessage, BulkBytes, options.Seconds)).Rate);
        figures.Resident.Add(pair.ResidentMegabytes);
        await pair.CloseAsync();

        if (!options.IsVeth)
        {
            await MeasureAsync(pair, figures.Lossy, Radio, options, round);
            await MeasureAsync(pair, figures.LossyFar, Far, options, round);
        }
    }

    private static async Task MeasureAsync(
        StackPair pair,
        Samples rates,
        (TimeSpan OneWay, double Loss) path,
        PeersOptions options,
        int round
    )
    {
        using var relay = new PathRelay(path.OneWay, path.Loss, seed: round);
        await pair.OpenAsync(relay);
        rates.Add((await pair.BulkAsync(LargeMessage, BulkBytes, options.Seconds)).Rate);
        await pair.CloseAsync();
    }

    private static void Write(PeersOptions options, List<StackFigures> rows, string before)
    {
        if (options.Json)
        {
            rows.ForEach(row => Console.WriteLine(row.ToJson()));
            return;
        }

        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, load {before} before and {Load()} after; medians of {options.Rounds} rounds"
        );
        Console.WriteLine(StackFigures.Heading);
        rows.ForEach(Console.WriteLine);
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
