using System.Diagnostics;

namespace PeerChat.Benchmarks.Files;

/// <summary>A folder of 10,000 files of 1 KiB, sealed, sent and put in place.</summary>
internal static class SmallFilesMeasure
{
    private const int Files = 10_000;
    private const int Folders = 100;
    private const int Size = 1024;

    /// <summary>Measures.</summary>
    public static async Task RunAsync(FilesOptions options, Scratch scratch, Report report)
    {
        var folder = Path.Combine(scratch.Fresh("small"), "tree");
        var (random, bytes) = (new Random(1), new byte[Size]);
        for (var number = 0; number < Files; number++)
        {
            var path = Path.Combine(folder, $"folder {number % Folders}");
            Directory.CreateDirectory(path);
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync(Path.Combine(path, $"file {number}"), bytes);
        }

        await using var giver = await FilePeer.StartAsync(options, scratch, "alice");
        await using var getter = await FilePeer.StartAsync(options, scratch, "bob");
        await giver.RunAsync("send", "--to", getter.Name, "hello", "--wait", "delivered");
        giver.MarkIdle();
        getter.MarkIdle();
        var sealing = Stopwatch.StartNew();
        var id = await giver.RunAsync("file", "send", folder, "--join", getter.Name, "--wait", "announced");
        report.Add($"{Files:N0} files of 1 KiB read and sealed", sealing.Elapsed.TotalSeconds, "s");
        await getter.FindFileAsync(id);
        var time = await getter.GetAsync(id);
        report.Add(
            $"{Files:N0} files fetched, checked and in place",
            time.TotalSeconds,
            "s",
            note: $"{Files / time.TotalSeconds:N0} files a second"
        );
        report.Add("the giver's memory above idle", giver.PeakMegabytes - giver.IdleMegabytes, "MB");
        report.Add("the getter's memory above idle", getter.PeakMegabytes - getter.IdleMegabytes, "MB");
    }
}
