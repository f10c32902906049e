using System.Diagnostics;
using PeerChat.TestKit;

namespace PeerChat.Benchmarks;

/// <summary>The full screen on a pseudo-terminal of 80 × 24: how soon, how big, how quiet, how many bytes.</summary>
internal static class ScreenMeasure
{
    private const int Starts = 10;
    private const int Keys = 10;
    private const int Lines = 5;

    // What the program asks a terminal behind its first frame, and what a plain xterm answers.
    private const string LastQuestion = "\e[c";
    private const string Answers = "\e[?2026;0$y\e[?2027;0$y\e[?62;22c";
    private const string AlternateScreen = "\e[?1049h";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>Measures all of it.</summary>
    public static async Task RunAsync(ChatOptions options, Scratch scratch, Report report, double bareStart)
    {
        if (!Pty.IsSupported || !MeasureStarts(options, scratch, report, bareStart))
        {
            report.Add("first screen", double.NaN, "ms", note: "this program or system has no full screen");
            return;
        }

        MeasureIdle(options, scratch, report);
        await MeasureBytesAsync(options, scratch, report);
    }

    private static bool MeasureStarts(ChatOptions options, Scratch scratch, Report report, double bareStart)
    {
        var (first, frame) = (new Samples(), new Samples());
        var home = scratch.Fresh("screen");
        for (var i = -2; i < Starts; i++)
        {
            var from = Stopwatch.GetTimestamp();
            using var pty = Start(options, home, "--user", Names.Of("sam"), "--room", Names.Of("room"));
            pty.ReadUntil(() => pty.Output.Length > 0, Patience);
            var firstByte = Stopwatch.GetElapsedTime(from);
            var isThere = pty.ReadUntilText(LastQuestion, Patience);
            var firstFrame = Stopwatch.GetElapsedTime(from);
            if (!isThere || !pty.OutputText.Contains(AlternateScreen, StringComparison.Ordinal))
            {
                return false;
            }

            Quit(pty);
            if (i >= 0)
            {
                first.Add(firstByte);
                frame.Add(firstFrame);
            }
        }

        report.Add("full screen: start to first byte", first, "ms");
        report.Add("full screen: start to first frame", frame, "ms");
        // 70 ms where a bare start takes 30
        report.Add(
            "first frame, as a multiple of the bare start",
            frame.Median / bareStart,
            "×",
            70 / 30.0,
            "the budget is for the ReadyToRun build"
        );
        return true;
    }

    private static void MeasureIdle(ChatOptions options, Scratch scratch, Report report)
    {
        using var pty = Start(
            options,
            scratch.Fresh("idle"),
            "--user",
            Names.Of("ida"),
            "--room",
            Names.Of("room")
        );
        pty.ReadUntilText(LastQuestion, Patience);
        pty.Write(Answers);
        pty.ReadUntilQuiet(TimeSpan.FromSeconds(5), Patience); // the announcements and the room's 600,000 rounds are over
        var ticks = ProgramRun.CpuTicks(pty.ProcessId);
        pty.ReadUntil(() => false, Idle);
        report.Add(
            "processor time of an idle screen without peers",
            ProgramRun.CpuTicks(pty.ProcessId) - ticks,
            "ticks",
            0,
            $"in {Idle.TotalSeconds:0} s"
        );
        report.Add(
            "resident memory of an idle screen, one room",
            ProgramRun.ResidentMegabytes(pty.ProcessId),
            "MB",
            60
        );
        Quit(pty);
    }

    private static async Task MeasureBytesAsync(ChatOptions options, Scratch scratch, Report report)
    {
        await using var peer = PeerProcess.Start(Names.Of("ben"), scratch.Fresh("ben"));
        await peer.NextAsync("ready");
        using var pty = Start(
            options,
            scratch.Fresh("kim"),
            "--user",
            Names.Of("kim"),
            "--join",
            Names.Of("ben")
        );
        pty.ReadUntilText(LastQuestion, Patience);
        pty.Write(Answers);
        var connected = peer.NextAsync("connected");
        pty.ReadUntil(() => connected.IsCompleted, Patience);
        await connected;
        pty.ReadUntilQuiet(TimeSpan.FromSeconds(2), Patience);
        var (perKey, perLine) = (new Samples(), new Samples());
        for (var i = 0; i < Keys; i++)
        {
            pty.Write("k");
            perKey.Add(pty.ReadUntilQuiet(Silence, Patience).Length);
        }

        for (var i = 0; i < Lines; i++)
        {
            peer.Say($"A line as people write them, of about sixty characters: {i}");
            perLine.Add(pty.ReadUntilQuiet(TimeSpan.FromSeconds(1), Patience).Length);
        }

        report.Add(
            "bytes to the terminal per key at line end",
            perKey.Median,
            "bytes",
            4,
            $"{Keys} times, median"
        );
        report.Add(
            "bytes to the terminal per incoming line",
            perLine.Median,
            "bytes",
            900,
            $"{Lines} times, median"
        );
        Quit(pty);
    }

    private static Pty Start(ChatOptions options, string home, params string[] arguments) =>
        Pty.Start(options.Program, arguments, environment: ProgramRun.EnvironmentFor(home));

    private static void Quit(Pty pty)
    {
        pty.Signal(15);
        pty.WaitForExit(Patience);
    }
}
