using System.Diagnostics;
using PeerChat.Benchmarks.Peers;

namespace PeerChat.Benchmarks.Files;

/// <summary>A great file between two processes on loopback: ours, the bare data channel under it, and what others take for the same bytes.</summary>
internal static class PairMeasure
{
    private const int Message = 64 * 1024;
    private const double LeastShare = 0.8;
    private const double MostMegabytes = 64;
    private const int ChannelSeconds = 20;

    /// <summary>Measures all of them, one after the other.</summary>
    public static async Task RunAsync(FilesOptions options, Scratch scratch, Report report)
    {
        var size = (long)options.Megabytes * 1024 * 1024;
        var folder = scratch.Fresh("great");
        var file = Path.Combine(folder, "great.bin");
        FilesBenchmark.Write(file, size);

        var bare = await ChannelAsync(options, "peerchat-own", size);
        var other = await ChannelAsync(options, "node-datachannel", size / 4);
        var ours = await OursAsync(options, scratch, report, file, size);
        Add(report, "the bare data channel, ours", bare, "nothing read, sealed, checked or written");
        Add(report, "the bare data channel, node-datachannel", other, "the same");
        var share = ours / bare;
        report.Add(
            "a file, as a share of our bare channel",
            share,
            "×",
            note: share >= LeastShare ? "≥ 0.8 is asked: met" : "≥ 0.8 is asked: NOT met"
        );
        var wormhole = await OtherPrograms.WormholeAsync(scratch, file);
        Add(report, "magic-wormhole", size / 1e6 / wormhole, "wormhole receive, start to end");
        var scp = await OtherPrograms.ScpAsync(scratch, file);
        Add(report, "scp over loopback", size / 1e6 / scp, "start to end, no fsync");
        File.Delete(file);
    }

    private static void Add(Report report, string name, double rate, string note) =>
        report.Add(name, rate, "MB/s", note: double.IsNaN(rate) ? "not installed" : note);

    private static async Task<double> ChannelAsync(FilesOptions options, string name, long size)
    {
        _ = options;
        var stack = StackDefinition.All().First(one => one.Name == name);
        if (stack.Missing is not null)
        {
            return double.NaN;
        }

        await using var pair = StackPair.Start(stack);
        await pair.OpenAsync();
        await pair.BulkAsync(Message, size / 16, ChannelSeconds); // what is compiled on the way is not to count
        return (await pair.BulkAsync(Message, size, ChannelSeconds)).Rate;
    }

    private static async Task<double> OursAsync(
        FilesOptions options,
        Scratch scratch,
        Report report,
        string file,
        long size
    )
    {
        await using var giver = await FilePeer.StartAsync(options, scratch, "alice");
        await using var getter = await FilePeer.StartAsync(options, scratch, "bob");
        await giver.RunAsync("send", "--to", getter.Name, "hello", "--wait", "delivered");
        giver.MarkIdle();
        getter.MarkIdle();

        var sealing = Stopwatch.StartNew();
        var id = await giver.RunAsync("file", "send", file, "--join", getter.Name, "--wait", "announced");
        report.Add(
            "read and sealed",
            size / 1e6 / sealing.Elapsed.TotalSeconds,
            "MB/s",
            note: "file send --wait announced, start to end"
        );
        await getter.FindFileAsync(id);
        var (given, got) = (giver.CpuSeconds, getter.CpuSeconds);
        var time = (await getter.GetAsync(id)).TotalSeconds;
        var rate = size / 1e6 / time;
        report.Add(
            $"{options.Megabytes:N0} MiB fetched, checked and in place",
            rate,
            "MB/s",
            note: $"{time:0.0} s, start to end, fsync"
        );
        report.Add("processor time, giver", (giver.CpuSeconds - given) / (size / 1e9), "s/GB");
        report.Add("processor time, getter", (getter.CpuSeconds - got) / (size / 1e9), "s/GB");
        report.Add(
            "the giver's memory above idle",
            giver.PeakMegabytes - giver.IdleMegabytes,
            "MB",
            MostMegabytes
        );
        report.Add(
            "the getter's memory above idle",
            getter.PeakMegabytes - getter.IdleMegabytes,
            "MB",
            MostMegabytes
        );
        return rate;
    }
}
