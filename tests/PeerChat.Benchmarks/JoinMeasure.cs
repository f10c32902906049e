using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>From the start of the second process until both say that they are connected; and a whole <c>peerchat send</c>.</summary>
internal static class JoinMeasure
{
    private const int Times = 5;

    /// <summary>Measures first meetings, further meetings and sends.</summary>
    public static async Task RunAsync(ChatOptions options, Scratch scratch, Report report)
    {
        var (firstMeeting, again) = (new Samples(), new Samples());
        for (var i = 0; i < Times; i++)
        {
            var (alice, bob) = (scratch.Fresh("alice"), scratch.Fresh("bob"));
            await using var waiting = PeerProcess.Start(Names.Of("alice"), alice);
            await waiting.NextAsync("ready");
            firstMeeting.Add(await MeetAsync(waiting, bob));
            again.Add(await MeetAsync(waiting, bob));
        }

        report.Add(
            "first meeting by name: start to both connected",
            firstMeeting,
            "ms",
            "1,000 ms of it is the wait for claimants"
        );
        report.Add("meeting again: start to both connected", again, "ms");
        await SendAsync(options, scratch, report);
    }

    private static async Task<TimeSpan> MeetAsync(PeerProcess waiting, string profile)
    {
        await using var joining = PeerProcess.Start(Names.Of("bob"), profile, Names.Of("alice"));
        var moments = await Task.WhenAll(waiting.NextAsync("connected"), joining.NextAsync("connected"));
        return Stopwatch.GetElapsedTime(joining.StartedAt, moments.Max(m => m[0]));
    }

    private static async Task SendAsync(ChatOptions options, Scratch scratch, Report report)
    {
        var (carol, dave) = (scratch.Fresh("carol"), scratch.Fresh("dave"));
        using var listen = ProgramRun.Start(
            options.Program,
            dave,
            ["listen", "--user", Names.Of("dave"), "--accept-any", "--json"]
        );
        _ = listen.StandardOutput.ReadToEndAsync();
        _ = listen.StandardError.ReadToEndAsync();
        try
        {
            var sends = new Samples();
            for (var i = 0; i <= Times; i++)
            {
                var clock = Stopwatch.StartNew();
                using var send = ProgramRun.Start(
                    options.Program,
                    carol,
                    [
                        "send",
                        "--user",
                        Names.Of("carol"),
                        "--to",
                        Names.Of("dave"),
                        "--wait",
                        "delivered",
                        $"message {i}",
                    ]
                );
                var errors = send.StandardError.ReadToEndAsync();
                await send.WaitForExitAsync();
                if (send.ExitCode != 0)
                {
                    throw new InvalidOperationException($"send ended with {send.ExitCode}: {await errors}");
                }

                if (i == 0)
                {
                    report.Add(
                        "peerchat send --wait delivered, first meeting",
                        clock.Elapsed.TotalMilliseconds,
                        "ms"
                    );
                }
                else
                {
                    sends.Add(clock.Elapsed);
                }
            }

            report.Add("peerchat send --wait delivered, to a contact", sends, "ms");
        }
        finally
        {
            await ProgramRun.EndAsync(listen);
        }
    }
}
