namespace PeerChat.Benchmarks;

/// <summary>A daemon to which nothing happens.</summary>
internal static class IdleMeasure
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    /// <summary>Watches it.</summary>
    public static async Task RunAsync(Daemon daemon, Report report)
    {
        await Task.Delay(Settling);
        var (sleeps, ticks) = (ProgramRun.Sleeps(daemon.Id), ProgramRun.CpuTicks(daemon.Id));
        await Task.Delay(Watched);
        report.Add(
            "idle daemon: wake-ups a second",
            ProgramRun.SleepsSince(daemon.Id, sleeps) / Watched.TotalSeconds,
            "/s",
            1,
            $"all threads, in {Watched.TotalSeconds:0} s"
        );
        report.Add(
            "idle daemon: processor time",
            ProgramRun.CpuTicks(daemon.Id) - ticks,
            "ticks",
            note: $"of 10 ms, in {Watched.TotalSeconds:0} s"
        );
        report.Add("idle daemon: resident memory", ProgramRun.ResidentMegabytes(daemon.Id), "MB");
    }
}
