namespace PeerChat.Benchmarks;

/// <summary>A whole <c>peerchat send</c> through a running daemon beside a bare .NET program.</summary>
internal static class ProcessMeasure
{
    private const int Times = 25;

    /// <summary>Measures both in turn, so that both meet the same machine.</summary>
    public static async Task RunAsync(ChatOptions options, Daemon daemon, Report report)
    {
        var (bare, bareCpu, send, sendCpu) = (new Samples(), new Samples(), new Samples(), new Samples());
        for (var i = -2; i < Times; i++)
        {
            var one = await ProgramRun.CostAsync(Environment.ProcessPath!, daemon.Home, "hello");
            var other = await ProgramRun.CostAsync(
                options.Program,
                daemon.Home,
                "send",
                "--profile",
                daemon.Home,
                "--room",
                "bench",
                "--wait",
                "queued",
                "A line as people write them, of about sixty characters."
            );
            if (i >= 0) // the first ones fill the file cache, and make the room's key
            {
                bare.Add(one.Wall);
                bareCpu.Add(one.Cpu);
                send.Add(other.Wall);
                sendCpu.Add(other.Cpu);
            }
        }

        report.Add("bare .NET program", bare, "ms");
        report.Add("bare .NET program, processor time", bareCpu, "ms");
        report.Add("peerchat send through a daemon", send, "ms");
        report.Add("peerchat send, processor time", sendCpu, "ms");
        report.Add(
            "peerchat send, as a multiple of the bare program",
            send.Median / bare.Median,
            "×",
            2,
            "the budget is for the ReadyToRun build"
        );
        report.Add(
            "its processor time, as a multiple",
            sendCpu.Median / bareCpu.Median,
            "×",
            note: "says more where others use the machine"
        );
    }
}
