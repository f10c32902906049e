namespace PeerChat.Benchmarks;

/// <summary>From the start of the process to its first byte: a bare .NET program, and <c>peerchat id</c>.</summary>
internal static class StartMeasure
{
    private const int Times = 15;

    /// <summary>Measures both in turn, so that both meet the same machine; returns the bare start in milliseconds.</summary>
    public static async Task<double> RunAsync(ChatOptions options, Scratch scratch, Report report)
    {
        var home = scratch.Fresh("start");
        await using (var peer = PeerProcess.Start(Names.Of("ines"), home))
        {
            await peer.NextAsync("ready"); // makes the profile
        }

        var (hello, id, idEnd) = (new Samples(), new Samples(), new Samples());
        for (var i = -2; i < Times; i++)
        {
            var bare = await ProgramRun.TimeAsync(Environment.ProcessPath!, home, "hello");
            var own = await ProgramRun.TimeAsync(options.Program, home, "id", "--profile", home);
            if (i >= 0) // the first ones fill the file cache
            {
                hello.Add(bare.FirstByte);
                id.Add(own.FirstByte);
                idEnd.Add(own.End);
            }
        }

        report.Add("bare .NET start to first output", hello, "ms");
        report.Add("peerchat id: start to first output", id, "ms");
        report.Add("peerchat id: start to end, median", idEnd.Median, "ms");
        report.Add("peerchat id, as a multiple of the bare start", id.Median / hello.Median, "×");
        return hello.Median;
    }
}
