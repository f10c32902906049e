using System.Diagnostics;

namespace PeerChat.Benchmarks.Screens;

/// <summary>One program in a conversation: keys, lines, a burst, the way back, a paste, the end.</summary>
internal static class ConversationMeasure
{
    private const int Keys = 20;
    private const int Lines = 10;
    private const int Burst = 10_000;
    private const int Pasted = 5_000;
    private const int MaxTyped = 40; // so that the input stays one row
    private const string ClearLine = "\x15";
    private const string Last = "the last of all";

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LineSilence = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeyPatience = TimeSpan.FromSeconds(3);

    /// <summary>Measures one program.</summary>
    public static async Task RunAsync(ScreenProgramUnderTest program, ScreenRow row, string home)
    {
        program.Prepare(home);
        if (program.Feed is null)
        {
            row.Notes.Add(program.WhyNotFed);
            using var alone = new ScreenSession(program.Program, program.Arguments(home), home);
            alone.Until(() => program.IsFirst(alone), Patience);
            MeasureKeys(alone, row);
            MeasurePaste(alone, row);
            MeasureEnd(alone, row);
            return;
        }

        var (feed, arguments) = await program.Feed(home);
        await using (feed)
        {
            using var session = new ScreenSession(program.Program, arguments, home);
            session.Until(() => program.IsFirst(session), Patience);
            if (!await feed.MeetAsync(session))
            {
                row.Notes.Add(
                    $"never got into the chat; it shows: {session.Text.ReplaceLineEndings(" ").Trim()}"
                );
                return;
            }

            session.UntilQuiet(TimeSpan.FromSeconds(2), Patience);
            Tell("keys");
            MeasureKeys(session, row);
            Tell("lines");
            row["lineColumn"] = MeasureLines(session, feed, "first");
            if (program.HideColumns is { } hide)
            {
                session.Type(hide);
                session.UntilQuiet(Silence, Patience);
                row["lineBare"] = MeasureLines(session, feed, "second");
            }
            else
            {
                row["lineBare"] = row["lineColumn"];
                row["lineColumn"] = double.NaN;
            }

            Tell("a burst");
            MeasureBurst(session, feed, row);
            Tell("the way back");
            MeasureWayBack(session, program, row);
            Tell("a paste");
            var heard = await feed.HeardAsync();
            MeasurePaste(session, row);
            row["pasteSent"] = await feed.HeardAsync() - (program.Name == "peerchat" ? 0 : heard);
            MeasureEnd(session, row);
        }
    }

    private static void Tell(string part) => Console.Error.WriteLine($"  {part} …");

    private static void MeasureKeys(ScreenSession session, ScreenRow row)
    {
        var (end, middle) = (new Samples(), new Samples());
        for (var i = 0; i < Keys; i++)
        {
            session.Type($"{(char)('a' + i)}");
            end.Add(session.UntilQuiet(Silence, Patience));
        }

        for (var i = 0; i < Keys / 2; i++)
        {
            session.Type("\e[D");
        }

        session.UntilQuiet(Silence, Patience);
        for (var i = 0; i < Keys / 2; i++)
        {
            session.Type($"{(char)('a' + i)}");
            middle.Add(session.UntilQuiet(Silence, Patience));
        }

        (row["key"], row["keyMiddle"]) = (end.Median, middle.Median);
        Empty(session);
    }

    private static double MeasureLines(ScreenSession session, IScreenFeed feed, string mark)
    {
        var bytes = new Samples();
        for (var i = 0; i < Lines; i++)
        {
            feed.Say($"A {mark} line as people write them, of some sixty characters: {i}");
            bytes.Add(session.UntilQuiet(LineSilence, Patience));
        }

        return bytes.Median;
    }

    private static void MeasureBurst(ScreenSession session, IScreenFeed feed, ScreenRow row)
    {
        var (ticks, bytes, from) = (
            ProgramRun.CpuTicks(session.ProcessId),
            session.Bytes,
            Stopwatch.GetTimestamp()
        );
        var saying = Task.Run(() =>
        {
            for (var i = 0; i < Burst - 1; i++)
            {
                feed.Say($"line {i} of a burst, as long as people write them, about sixty");
            }

            feed.Say(Last);
        });
        var (keys, typed) = (new Samples(), "");
        var isLast = false;
        while (!isLast && Stopwatch.GetElapsedTime(from) < Patience)
        {
            session.Until(() => isLast = session.Shows(Last), TimeSpan.FromMilliseconds(50));
            if (isLast)
            {
                break;
            }

            if (typed.Length == MaxTyped)
            {
                session.Type(ClearLine);
                typed = "";
            }

            // Never the same letter twice in a row: a terminal may be told to repeat one
            typed += (char)('a' + (typed.Length % 26));
            var end = typed[^Math.Min(typed.Length, 20)..];
            var pressed = Stopwatch.GetTimestamp();
            session.Type(typed[^1..]);
            if (session.Until(() => session.CursorLine.Contains(end, StringComparison.Ordinal), KeyPatience))
            {
                keys.Add(Stopwatch.GetElapsedTime(pressed));
            }
        }

        var time = Stopwatch.GetElapsedTime(from);
        saying.Wait(Patience);
        session.UntilQuiet(TimeSpan.FromMilliseconds(500), Patience);
        if (!isLast && !session.Shows(Last))
        {
            row.Notes.Add("the last line of the burst never came");
            return;
        }

        row["burst"] = time.TotalSeconds;
        row["burstCpu"] = (ProgramRun.CpuTicks(session.ProcessId) - ticks) / 100;
        row["burstBytes"] = (session.Bytes - bytes) / 1000.0;
        row["burstKey"] = keys.Median;
        row["burstKeyMost"] = keys.Percentile(100);
        row["residentFull"] = ProgramRun.ResidentMegabytes(session.ProcessId);
        Empty(session);
    }

    private static void MeasureWayBack(ScreenSession session, ScreenProgramUnderTest program, ScreenRow row)
    {
        session.Type("\e[5~");
        row["pageUp"] = session.UntilQuiet(Silence, Patience);
        if (program.ToOldest is { } oldest)
        {
            var before = session.Bytes;
            // What is typed as a command is echoed; only what the last key causes counts
            session.Type(oldest.TrimEnd('\r'));
            if (oldest.EndsWith('\r'))
            {
                session.UntilQuiet(Silence, Patience);
                before = session.Bytes;
            }

            var from = Stopwatch.GetTimestamp();
            if (oldest.EndsWith('\r'))
            {
                session.Type("\r");
            }

            session.Until(() => session.Bytes > before, Patience);
            row["oldestTime"] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            session.UntilQuiet(Silence, Patience);
            row["oldest"] = session.Bytes - before;
            // Who keeps no more than 10,000 lines has the burst's first ones at the top
            if (
                !session.Shows("A first line")
                && !session.Shows("001-welcome")
                && !session.Shows("line 0 of a burst")
            )
            {
                row.Notes.Add("the oldest line is not what it went to");
            }
        }

        session.Type(program.ToNewest.Length > 0 ? program.ToNewest : "\e[6~\e[6~");
        session.UntilQuiet(Silence, Patience);
    }

    private static void MeasurePaste(ScreenSession session, ScreenRow row)
    {
        var text = string.Concat(
            Enumerable.Range(0, Pasted).Select(i => $"{EchoPeer.Ping}0 pasted line {i}\n")
        );
        var (before, from) = (session.Bytes, Stopwatch.GetTimestamp());
        try
        {
            session.Type($"\e[200~{text}\e[201~");
        }
        catch (TimeoutException)
        {
            row.Notes.Add("does not read the paste");
        }

        var quiet = TimeSpan.FromMilliseconds(500);
        session.UntilQuiet(quiet, TimeSpan.FromSeconds(20));
        row["paste"] = (Stopwatch.GetElapsedTime(from) - quiet).TotalSeconds;
        row["pasteBytes"] = session.Bytes - before;
    }

    private static void MeasureEnd(ScreenSession session, ScreenRow row)
    {
        var (time, isRestored) = session.End();
        row["end"] = time == TimeSpan.MaxValue ? double.NaN : time.TotalMilliseconds;
        if (!isRestored)
        {
            row.Notes.Add("SIGTERM leaves the terminal on the alternate screen");
        }
    }

    // Backspaces, which every program knows, and the end of the line before them
    private static void Empty(ScreenSession session)
    {
        session.Type("\x05" + new string('\x7f', 200));
        session.UntilQuiet(Silence, Patience);
    }
}
