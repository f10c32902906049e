using System.Diagnostics;

namespace PeerChat.Benchmarks.Screens;

/// <summary><c>screen</c>: full-screen programs beside each other, on pseudo-terminals of 80 × 24, in one run.</summary>
internal static class ScreenBenchmark
{
    private const int Starts = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>Runs it, in a network of its own, and writes the rows.</summary>
    public static async Task<int> RunAsync(ScreenOptions options)
    {
        using var scratch = new Scratch(options.Folder);
        foreach (var (name, value) in ProgramRun.EnvironmentFor(scratch.Path))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var load = Load();
        var programs = ScreenPrograms
            .All(options)
            .Where(program => options.Only.Count == 0 || options.Only.Contains(program.Name))
            .Select(program => (Program: program, Row: new ScreenRow(program.Name)))
            .ToList();
        foreach (var (program, row) in programs.Where(each => each.Program.Missing is not null))
        {
            row.Notes.Add(program.Missing!);
        }

        var present = programs.Where(each => each.Program.Missing is null).ToList();
        var homes = present.ToDictionary(
            each => each.Row.Name,
            each => scratch.Fresh(each.Row.Name),
            StringComparer.Ordinal
        );
        present.ForEach(each => each.Program.Prepare(homes[each.Row.Name]));
        var bare = double.NaN;
        if (options.Has("starts"))
        {
            Tell("starts");
            bare = MeasureStarts(present, homes, scratch);
        }

        if (options.Has("idle"))
        {
            Tell("idleness");
            MeasureIdle(present, homes);
        }

        foreach (var (program, row) in present.Where(_ => options.Has("talk")))
        {
            Tell(program.Name);
            await ConversationMeasure.RunAsync(program, row, scratch.Fresh("talk"));
        }

        Write(options, programs.ConvertAll(each => each.Row), bare, load);
        return 0;
    }

    // In turn, so that all of them meet the same machine; two rounds fill the file cache and make profiles
    private static double MeasureStarts(
        List<(ScreenProgramUnderTest Program, ScreenRow Row)> programs,
        Dictionary<string, string> homes,
        Scratch scratch
    )
    {
        var bare = new Samples();
        var times = programs.ToDictionary(each => each.Row, _ => new Samples());
        var home = scratch.Fresh("bare");
        for (var i = -2; i < Starts; i++)
        {
            using (var hello = new ScreenSession(Environment.ProcessPath!, ["hello"], home))
            {
                Take(hello, bare, session => session.Shows("hello"), i);
            }

            foreach (var (program, row) in programs)
            {
                var folder = homes[program.Name];
                using var session = new ScreenSession(program.Program, program.Arguments(folder), folder);
                if (!Take(session, times[row], program.IsFirst, i))
                {
                    row.Notes.Add(
                        $"no first screen; it shows: {session.Text.ReplaceLineEndings(" ").Trim()}"
                    );
                }

                session.End();
            }
        }

        foreach (var (row, samples) in times)
        {
            (row["start"], row["startLeast"]) = (samples.Median, samples.Percentile(1));
        }

        return bare.Median;
    }

    private static bool Take(
        ScreenSession session,
        Samples samples,
        Func<ScreenSession, bool> isThere,
        int round
    )
    {
        var came = session.Until(() => isThere(session), Patience);
        var time = Stopwatch.GetElapsedTime(session.StartedAt);
        if (round >= 0 && came)
        {
            samples.Add(time);
        }

        return came;
    }

    // All at once: who is idle disturbs nobody
    private static void MeasureIdle(
        List<(ScreenProgramUnderTest Program, ScreenRow Row)> programs,
        Dictionary<string, string> homes
    )
    {
        var sessions = programs.ConvertAll(each =>
            (
                each.Row,
                Session: new ScreenSession(
                    each.Program.Program,
                    each.Program.Arguments(homes[each.Row.Name]),
                    homes[each.Row.Name]
                )
            )
        );
        Watch(sessions.ConvertAll(each => each.Session), Settling);
        var before = sessions.ConvertAll(each => State(each.Session));
        Watch(sessions.ConvertAll(each => each.Session), Idle);
        foreach (var ((row, session), start) in sessions.Zip(before))
        {
            row["idleWakes"] = ProgramRun.SleepsSince(session.ProcessId, start.Sleeps);
            var (_, ticks, bytes) = State(session);
            row["idleTicks"] = ticks - start.Ticks;
            row["idleBytes"] = bytes - start.Bytes;
            row["resident"] = ProgramRun.ResidentMegabytes(session.ProcessId);
            session.End();
            session.Dispose();
        }
    }

    private static (IReadOnlyDictionary<string, double> Sleeps, double Ticks, long Bytes) State(
        ScreenSession session
    ) => (ProgramRun.Sleeps(session.ProcessId), ProgramRun.CpuTicks(session.ProcessId), session.Bytes);

    private static void Watch(List<ScreenSession> sessions, TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < time)
        {
            foreach (var session in sessions)
            {
                session.Until(() => false, TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static void Write(ScreenOptions options, List<ScreenRow> rows, double bare, string load)
    {
        if (options.Json)
        {
            rows.ForEach(row => Console.WriteLine(row.ToJson()));
            return;
        }

        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, load {load} before and {Load()} after; a bare .NET console program's first line {bare:0} ms"
        );
        if (options.Has("starts") && rows.Find(row => row.Name == "peerchat") is { } own)
        {
            Console.WriteLine(
                $"peerchat's first screen is {own["start"] / bare:0.00} × the bare start (budget 2.33)"
            );
        }

        ScreenRow.Write(rows, Console.Out);
    }

    private static void Tell(string part) => Console.Error.WriteLine($"measuring {part}, load {Load()} …");

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
