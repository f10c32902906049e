using System.Diagnostics;
using System.Text.Json.Nodes;
using PeerChat.Benchmarks.Link;

namespace PeerChat.Benchmarks.Files;

/// <summary>A line of chat while a file goes the same way, over a path of 50 Mbit/s and 40 ms.</summary>
internal static class ChatMeasure
{
    private const double Megabits = 50;
    private const int Port = 7777;
    private const int Megabytes = 192;
    private const int Lines = 100;
    private const double Most = 2; // times what a line takes without
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Buffer = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Measures.</summary>
    public static async Task RunAsync(FilesOptions options, Scratch scratch, Report report)
    {
        using var network = new LinkNetwork(Megabits, RoundTrip, Buffer);
        var file = Path.Combine(scratch.Fresh("chat"), "great.bin");
        FilesBenchmark.Write(file, Megabytes * 1024L * 1024);
        await using var near = await FilePeer.StartAsync(options, scratch, "near", network.NearHost);
        await using var far = await FilePeer.StartAsync(
            options,
            scratch,
            "far",
            network.FarHost,
            "--port",
            $"{Port}"
        );
        await near.RunAsync(
            "send",
            "--to",
            far.Name,
            "hello",
            "--peer",
            $"{LinkNetwork.Far}:{Port}",
            "--wait",
            "delivered"
        );
        var id = await near.RunAsync("file", "send", file, "--join", far.Name, "--wait", "announced");
        await far.FindFileAsync(id);

        using var sender = await near.ConnectAsync();
        using var reader = await far.ConnectAsync();
        await reader.AskAsync("subscribe", """{"events":["message-shown"]}""");
        var chats = JsonNode.Parse(await sender.AskAsync("list-chats", "{}"))!["result"]!["all"]!.AsArray();
        var chat = (string)chats.Single(each => (string?)each!["title"] == far.Name)!["chat"]!;
        await LinesAsync(sender, reader, chat, () => false); // what is compiled on the way is not to count
        var idle = await LinesAsync(sender, reader, chat, () => false);
        var get = far.GetAsync(id);
        await Task.Delay(TimeSpan.FromSeconds(3)); // slow start over
        var busy = await LinesAsync(sender, reader, chat, () => get.IsCompleted);
        var time = await get;
        report.Add("a line over 50 Mbit/s and 40 ms, idle, median", idle.Median, "ms");
        report.Add("the same, p95", idle.Percentile(95), "ms", note: $"{idle.Count} lines");
        report.Add("a line during a transfer, median", busy.Median, "ms");
        report.Add(
            "the same, p95",
            busy.Percentile(95),
            "ms",
            Most * idle.Percentile(95),
            $"{busy.Count} lines"
        );
        report.Add(
            "the transfer",
            Megabytes * 1024 * 1024 / 1e6 / time.TotalSeconds,
            "MB/s",
            note: "of 6.25 at most"
        );
    }

    private static async Task<Samples> LinesAsync(
        RpcConnection sender,
        RpcConnection reader,
        string chat,
        Func<bool> isOver
    )
    {
        var samples = new Samples();
        for (var number = 0; number < Lines && !isOver(); number++)
        {
            var text = $"line {Guid.NewGuid()}";
            var from = Stopwatch.GetTimestamp();
            await sender.WriteAsync("send-text", $$"""{"chat":"{{chat}}","text":"{{text}}"}""");
            while (!(await reader.ReadAsync()).Contains(text, StringComparison.Ordinal))
            {
                // an answer, or a line that came before it was asked for
            }

            samples.Add(Stopwatch.GetElapsedTime(from));
            await sender.ReadAnswerAsync();
            await Task.Delay(Between);
        }

        return samples;
    }
}
