using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>Texts in a row over one connection; each is answered when it is durable.</summary>
internal static class RpcMeasure
{
    private const int Texts = 10_000;

    // What the node takes from one client at once
    private const int InWork = 64;

    /// <summary>Measures sends one by one, and as many at once as the node takes.</summary>
    public static async Task RunAsync(Daemon daemon, Report report)
    {
        var disk = FileSystem.Of(daemon.Home);
        using var rpc = await daemon.ConnectAsync();
        await rpc.AskAsync("join-room", """{"room":"bench"}""");
        await MeasureAsync(rpc, daemon, report, 1, $"one by one, durable on {disk}");
        await MeasureAsync(rpc, daemon, report, InWork, $"{InWork} in work, durable on {disk}");
    }

    private static async Task MeasureAsync(
        RpcConnection rpc,
        Daemon daemon,
        Report report,
        int inWork,
        string note
    )
    {
        var (from, ticks) = (Stopwatch.GetTimestamp(), ProgramRun.CpuTicks(daemon.Id));
        for (int written = 0, answered = 0; answered < Texts; answered++)
        {
            while (written < Texts && written - answered < inWork)
            {
                await rpc.WriteAsync(
                    "send-text",
                    $$"""{"chat":"#bench","text":"Line {{++written}} as people write them, of about sixty characters."}"""
                );
            }

            await rpc.ReadAnswerAsync();
        }

        report.Add(
            $"RPC sends a second, {inWork} at once",
            Texts / Stopwatch.GetElapsedTime(from).TotalSeconds,
            "/s",
            note: $"{Texts:N0} {note}"
        );
        report.Add(
            "the daemon's processor time for each",
            (ProgramRun.CpuTicks(daemon.Id) - ticks) * 10_000 / Texts,
            "µs"
        );
    }
}
