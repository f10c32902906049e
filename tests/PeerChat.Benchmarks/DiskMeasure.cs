using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>What one fsync costs here: a message costs one at each side, and nothing of ours can be faster.</summary>
internal static class DiskMeasure
{
    private const int Times = 200;
    private const int PageSize = 4096;

    /// <summary>Writes a page and waits until it is durable, again and again; the middle time in milliseconds.</summary>
    public static double Run(Scratch scratch, Report report)
    {
        var samples = new Samples();
        var page = new byte[PageSize];
        using var file = File.Create(Path.Combine(scratch.Path, "fsync"));
        for (var i = 0; i < Times; i++)
        {
            var from = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            samples.Add(Stopwatch.GetElapsedTime(from));
        }

        report.Add("fsync of 4 KiB", samples, "ms", FileSystem.Of(scratch.Path));
        return samples.Median;
    }
}
