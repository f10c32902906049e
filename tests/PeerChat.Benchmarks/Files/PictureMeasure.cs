using System.Diagnostics;
using PeerChat.Pictures;

namespace PeerChat.Benchmarks.Files;

/// <summary>Photos of 12 megapixels, made by ImageMagick, drawn for a terminal.</summary>
internal static class PictureMeasure
{
    private const string Maker = "/usr/bin/convert";
    private const double Most = 300; // milliseconds
    private const int Times = 5;
    private const int Width = 800;
    private const int Height = 480; // a terminal of 80 times 24 in pixels

    /// <summary>Measures the decoder, warm and cold, and the whole command.</summary>
    public static async Task RunAsync(FilesOptions options, Scratch scratch, Report report)
    {
        if (!File.Exists(Maker))
        {
            report.Add("preview of 12 megapixels", double.NaN, "ms", note: "no ImageMagick to make one with");
            return;
        }

        var folder = scratch.Fresh("pictures");
        var first = Path.Combine(folder, "first.png");
        await MakeAsync(
            "-size",
            "4000x3000",
            "plasma:tan-steelblue",
            "-attenuate",
            "0.2",
            "+noise",
            "Gaussian",
            first
        );
        foreach (
            var (name, how) in ((string Name, string[] How)[])
                [
                    ("baseline.jpg", ["-quality", "90", "-sampling-factor", "4:2:0"]),
                    ("progressive.jpg", ["-quality", "90", "-interlace", "JPEG"]),
                    ("truecolour.png", ["-depth", "8"]),
                ]
        )
        {
            var path = Path.Combine(folder, name);
            await MakeAsync([first, .. how, path]);
            var bytes = await File.ReadAllBytesAsync(path);
            var cold = Decode(bytes);
            var warm = new Samples();
            for (var time = 0; time < Times; time++)
            {
                warm.Add(Decode(bytes));
            }

            var whole = new Samples();
            for (var time = 0; time < Times; time++)
            {
                var (_, end) = await ProgramRun.TimeAsync(
                    options.Run.Program,
                    folder,
                    "file",
                    "show",
                    path,
                    "--as",
                    "half"
                );
                whole.Add(end);
            }

            report.Add($"12 megapixels, {name}, decoded, median", warm, "ms");
            report.Add(
                "for the first time in a process",
                cold.TotalMilliseconds,
                "ms",
                Most,
                $"{bytes.Length / 1e6:0.0} MB"
            );
            report.Add("peerchat file show, start to end, median", whole.Median, "ms");
        }
    }

    private static TimeSpan Decode(byte[] bytes)
    {
        var from = Stopwatch.GetTimestamp();
        return PictureDecoder.TryDecode(bytes, Width, Height, out _, out var problem)
            ? Stopwatch.GetElapsedTime(from)
            : throw new InvalidOperationException($"Not decoded: {problem}.");
    }

    private static async Task MakeAsync(params string[] arguments)
    {
        using var maker = Process.Start(new ProcessStartInfo(Maker, arguments))!;
        await maker.WaitForExitAsync();
    }
}
