namespace PeerChat.Benchmarks.Files;

/// <summary>A file from three who have it, each behind a link of 50 Mbit/s, beside the same from one.</summary>
internal static class HoldersMeasure
{
    private const string Room = "holders";
    private const int Megabytes = 96;
    private const double Megabits = 50;
    private const double LeastGain = 2.5;

    /// <summary>Measures.</summary>
    public static async Task RunAsync(FilesOptions options, Scratch scratch, Report report)
    {
        using var network = new SwitchNetwork();
        const long Size = Megabytes * 1024L * 1024;
        var folder = scratch.Fresh("holders");
        var (shared, single) = (Path.Combine(folder, "shared.bin"), Path.Combine(folder, "single.bin"));
        FilesBenchmark.Write(shared, Size);
        FilesBenchmark.Write(single, Size - 1);

        var hosts = Enumerable.Range(0, 3).Select(_ => network.Attach()).ToList();
        var holders = new List<FilePeer>();
        foreach (var host in hosts)
        {
            var holder = await FilePeer.StartAsync(options, scratch, $"holder{holders.Count}", host);
            await holder.RunAsync(
                "send",
                "--room",
                Room,
                "here",
                "--wait",
                holders.Count == 0 ? "queued" : "sent"
            );
            holders.Add(holder);
        }

        var ids = new List<string>();
        foreach (var file in (string[])[shared, single])
        {
            ids.Add(await holders[0].RunAsync("file", "send", file, "--room", Room, "--wait", "announced"));
        }

        foreach (var holder in holders.Skip(1))
        {
            await holder.FindFileAsync(ids[0]);
            await holder.GetAsync(ids[0]);
        }

        hosts.ForEach(host => SwitchNetwork.Limit(host, Megabits));
        await using var getter = await FilePeer.StartAsync(options, scratch, "getter", network.Attach());
        await getter.RunAsync("send", "--room", Room, "here too", "--wait", "sent");
        await getter.FindFileAsync(ids[0]);
        await getter.MeetAsync(Room, holders.Count);
        var three = Size / 1e6 / (await getter.GetAsync(ids[0])).TotalSeconds;
        var one = Size / 1e6 / (await getter.GetAsync(ids[1])).TotalSeconds;
        report.Add(
            $"{Megabytes} MiB from one holder behind {Megabits:0} Mbit/s",
            one,
            "MB/s",
            note: "start to end, in place"
        );
        report.Add("the same from three, each behind such a link", three, "MB/s");
        report.Add(
            "three holders, as a multiple of one",
            three / one,
            "×",
            note: three / one >= LeastGain ? "≥ 2.5 is asked: met" : "≥ 2.5 is asked: NOT met"
        );
        foreach (var holder in holders)
        {
            await holder.DisposeAsync();
        }
    }
}
