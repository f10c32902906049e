using System.Globalization;
using System.Text.Json.Nodes;
using PeerChat.Benchmarks.Peers;

namespace PeerChat.Benchmarks.Link;

/// <summary><c>link</c>: our stack on a slow link, alone, beside TCP, and with a chat line during bulk.</summary>
internal static class LinkBenchmark
{
    private const int Message = 64 * 1024;
    private const int Lines = 100;
    private const int LineInterval = 50; // milliseconds
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5); // of two flows that have just met
    private const int LongPath = 40; // milliseconds

    /// <summary>Runs it, in a network of its own, and writes the rows.</summary>
    public static async Task<int> RunAsync(LinkOptions options)
    {
        foreach (var roundTrip in options.RoundTrip is { } only ? [only] : (int[])[0, LongPath])
        {
            var figures = new LinkFigures(TimeSpan.FromMilliseconds(roundTrip));
            for (var round = 0; round < options.Rounds; round++)
            {
                await MeasureAsync(options, figures);
            }

            Console.WriteLine(options.Json ? figures.ToJson() : figures.ToString());
        }

        return 0;
    }

    private static async Task MeasureAsync(LinkOptions options, LinkFigures figures)
    {
        using var network = new LinkNetwork(
            options.Megabits,
            figures.RoundTrip,
            TimeSpan.FromMilliseconds(options.BufferMilliseconds)
        );
        await using var pair = StackPair.Start(
            On(network.NearHost, [StackDefinition.OwnPeerVerb, LinkNetwork.Near]),
            On(network.FarHost, [StackDefinition.OwnPeerVerb, LinkNetwork.Far])
        );
        await pair.OpenAsync();
        var (p50, p95) = await pair.ChatAsync(Lines, LineInterval);
        figures.IdleLine.Add(p50);
        figures.IdleLine95.Add(p95);
        var bulk = pair.BulkAsync(Message, long.MaxValue, options.Seconds);
        await Task.Delay(TimeSpan.FromSeconds(1)); // slow start over
        (p50, p95) = await pair.ChatAsync((options.Seconds - 3) * 1000 / LineInterval, LineInterval);
        figures.BusyLine.Add(p50);
        figures.BusyLine95.Add(p95);
        figures.Alone.Add((await bulk).Rate);

        // The two meet in either order in turn: who is there first has the queue
        await using var sink = StackPeer.Start(On(network.FarHost, [TcpFlow.SinkVerb, LinkNetwork.Far]));
        await sink.NextAsync("ready");
        var isTcpFirst = figures.Share.Count % 2 == 0;
        bulk = isTcpFirst ? null : pair.BulkAsync(Message, long.MaxValue, options.Seconds + 10);
        await Task.Delay(isTcpFirst ? TimeSpan.Zero : Settling);
        await using var source = StackPeer.Start(On(network.NearHost, [TcpFlow.SourceVerb, LinkNetwork.Far]));
        await source.NextAsync("ready");
        await Task.Delay(isTcpFirst ? Settling : TimeSpan.Zero);
        bulk ??= pair.BulkAsync(Message, long.MaxValue, options.Seconds + 5);
        await Task.Delay(Settling);
        var (ours, theirs) = (await pair.CountAsync(), await CountAsync(sink));
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds - 1));
        (ours, theirs) = (await pair.CountAsync() - ours, await CountAsync(sink) - theirs);
        figures.Share.Add(ours / (ours + theirs));
        figures.Shared.Add((ours + theirs) / (options.Seconds - 1) / 1e6);
        await bulk;
        await pair.CloseAsync();
    }

    private static async Task<double> CountAsync(StackPeer sink)
    {
        sink.Say("count");
        return (await sink.NextAsync("count"))[0];
    }

    private static StackDefinition On(NetworkHost host, string[] arguments) =>
        new("peerchat", "nsenter", [.. host.Enter, Environment.ProcessPath!, .. arguments], null);

    /// <summary>What one path came to.</summary>
    private sealed class LinkFigures(TimeSpan roundTrip)
    {
        public TimeSpan RoundTrip => roundTrip;
        public Samples IdleLine { get; } = new();
        public Samples IdleLine95 { get; } = new();
        public Samples BusyLine { get; } = new();
        public Samples BusyLine95 { get; } = new();
        public Samples Alone { get; } = new();
        public Samples Shared { get; } = new();
        public Samples Share { get; } = new();

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{roundTrip.TotalMilliseconds} ms round trip: alone {Alone.Median:0.00} MB/s; beside TCP {Share.Median:0%} ({Share.Percentile(0):0%} to {Share.Percentile(100):0%}) of {Shared.Median:0.00} MB/s; a line takes {IdleLine.Median:0.0} ms (p95 {IdleLine95.Median:0.0}), during bulk {BusyLine.Median:0.0} (p95 {BusyLine95.Median:0.0})"
            );

        public string ToJson() =>
            new JsonObject
            {
                ["roundTripMs"] = roundTrip.TotalMilliseconds,
                ["aloneMBps"] = Number(Alone.Median),
                ["sharedMBps"] = Number(Shared.Median),
                ["share"] = Number(Share.Median),
                ["shareLeast"] = Number(Share.Percentile(0)),
                ["shareMost"] = Number(Share.Percentile(100)),
                ["lineMs"] = Number(IdleLine.Median),
                ["lineP95Ms"] = Number(IdleLine95.Median),
                ["lineDuringBulkMs"] = Number(BusyLine.Median),
                ["lineDuringBulkP95Ms"] = Number(BusyLine95.Median),
            }.ToJsonString();

        private static JsonValue? Number(double value) =>
            double.IsNaN(value) ? null : JsonValue.Create(Math.Round(value, 3));
    }
}
