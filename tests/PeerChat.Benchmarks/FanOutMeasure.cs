using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>One client sends, many others are told.</summary>
internal static class FanOutMeasure
{
    private const int Texts = 1000;
    private const int Subscribers = 100;
    private const int InWork = 64;

    /// <summary>Measures until the last subscriber has all texts.</summary>
    public static async Task RunAsync(Daemon daemon, Report report)
    {
        using var rpc = await daemon.ConnectAsync();
        await rpc.AskAsync("join-room", """{"room":"bench"}""");
        var subscribers = new List<RpcConnection>();
        for (var i = 0; i < Subscribers; i++)
        {
            var subscriber = await daemon.ConnectAsync();
            await subscriber.AskAsync("subscribe", """{"events":["message-shown"]}""");
            subscribers.Add(subscriber);
        }

        var memory = ProgramRun.ResidentMegabytes(daemon.Id);
        var (from, ticks) = (Stopwatch.GetTimestamp(), ProgramRun.CpuTicks(daemon.Id));
        var reading = subscribers.Select(ReadAllAsync).ToArray();
        for (int written = 0, answered = 0; answered < Texts; answered++)
        {
            while (written < Texts && written - answered < InWork)
            {
                await rpc.WriteAsync(
                    "send-text",
                    $$"""{"chat":"#bench","text":"Line {{++written}} as people write them, of about sixty characters."}"""
                );
            }

            await rpc.ReadAnswerAsync();
        }

        await Task.WhenAll(reading);
        var note = $"{Texts:N0} texts to {Subscribers}";
        report.Add(
            "until the last subscriber has all",
            Stopwatch.GetElapsedTime(from).TotalMilliseconds,
            "ms",
            note: note
        );
        report.Add(
            "the daemon's processor time",
            (ProgramRun.CpuTicks(daemon.Id) - ticks) * 10,
            "ms",
            note: note
        );
        report.Add("the daemon's resident memory before", memory, "MB", note: $"{Subscribers} subscribed");
        report.Add("the daemon's resident memory after", ProgramRun.ResidentMegabytes(daemon.Id), "MB");
        subscribers.ForEach(subscriber => subscriber.Dispose());
    }

    private static async Task ReadAllAsync(RpcConnection subscriber)
    {
        for (var seen = 0; seen < Texts; )
        {
            var line = await subscriber.ReadAsync();
            if (line.Contains("\"method\":\"lost\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    "A subscriber was too slow; the figure would be of something else."
                );
            }

            seen += line.Contains("\"event\":\"message-shown\"", StringComparison.Ordinal) ? 1 : 0;
        }
    }
}
