using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary><c>chat</c>: what a user feels, measured with real processes on loopback in less than two minutes.</summary>
internal static class ChatBenchmark
{
    /// <summary>Runs all parts and writes the report.</summary>
    public static async Task<int> RunAsync(ChatOptions options)
    {
        if (!File.Exists(options.Program))
        {
            Console.Error.WriteLine(
                $"There is no program {options.Program}; build it first, or name another with --program."
            );
            return 2;
        }

        // For the node in this very process; the others are told by their environment.
        using var scratch = new Scratch(options.Folder);
        foreach (var (name, value) in ProgramRun.EnvironmentFor(scratch.Path))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var from = Stopwatch.GetTimestamp();
        var report = new Report();
        Tell("the disk");
        DiskMeasure.Run(scratch, report);
        Tell("starts");
        var bareStart = await StartMeasure.RunAsync(options, scratch, report);
        Tell("joins");
        await JoinMeasure.RunAsync(options, scratch, report);
        Tell("messages");
        await LatencyMeasure.RunAsync(scratch, report);
        Tell("the screen");
        await ScreenMeasure.RunAsync(options, scratch, report, bareStart);
        report.Add("all of this took", Stopwatch.GetElapsedTime(from).TotalSeconds, "s");
        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static void Tell(string part) => Console.Error.WriteLine($"measuring {part} …");
}
