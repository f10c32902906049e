using System.Globalization;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The real program on all kinds of terminals, and what ends it there: nothing is lost and the terminal is as it was.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TerminalMatrixTests : IDisposable
{
    private const int HangUp = 1;
    private const int Kill = 9;

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Theory]
    [InlineData(1)]
    public void Any_size_and_a_storm_of_sizes_leave_the_screen_that_was_there(int seed)
    {
        using var alice = Start(null);
        alice.WaitFor("/help lists the commands");
        alice.Type("draft 日本語 👩‍👩‍👧‍👦");
        alice.WaitFor("draft 日本語");
        var before = alice.Screen;
        foreach (
            var (columns, rows) in new[] { (1, 1), (2, 2), (500, 200), (20, 3), (40, 10), (1, 60), (300, 1) }
        )
        {
            alice.Resize(columns, rows);
            alice.Type("x\x7f"); // an answer to it shows that it still listens
            alice.WaitUntil(
                () =>
                    alice.Screen.Contains(rows > 2 && columns > 10 ? "draft" : "", StringComparison.Ordinal),
                $"{columns}x{rows}"
            );
        }

        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            alice.Resize(random.Next(1, 500), random.Next(1, 200));
        }

        alice.Resize(80, 24);
        alice.WaitUntil(() => alice.Screen == before, $"the screen as it was:\n{before}\n");
        alice.UnknownSequences.ShouldBeEmpty();
        Leave(alice);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("linux")]
    [InlineData("screen")]
    [InlineData("tmux-256color")]
    [InlineData("xterm")]
    [InlineData("no-such-terminal")]
    public void Any_or_no_TERM_has_the_full_screen(string? term)
    {
        using var alice = Start(term);
        alice.WaitFor("/help lists the commands");
        alice.IsFullScreen.ShouldBeTrue();
        alice.UnknownSequences.ShouldBeEmpty();
        Leave(alice);
    }

    [Fact]
    public void A_dumb_terminal_has_the_line_mode_and_hears_why()
    {
        using var alice = Start("dumb");
        alice.WaitFor("cannot place the cursor");
        alice.WaitFor("/help");
        alice.IsFullScreen.ShouldBeFalse();
        alice.Enter("/quit");
        alice.WaitForExit().ShouldBe(0);
        alice.Written.ShouldNotContain("\e[");
    }

    [Fact]
    public void Without_a_terminal_it_is_the_line_mode_and_says_why()
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of("alice"), "--user", _homes.Name("alice"));

        code.ShouldBe(0);
        errors.ShouldContain("standard input is not a terminal. This is the line mode.");
        (output + errors).ShouldNotContain("\e");
    }

    [Fact]
    public void What_was_chosen_of_the_screen_holds_at_the_next_start()
    {
        using (var alice = Start(null))
        {
            alice.WaitFor("/help lists the commands");
            alice.Modes.ShouldNotContain(1000);
            alice.Enter("/theme none");
            alice.WaitUntil(() => Configuration().Contains("theme"), "the theme on the disk");
            alice.Enter("/mouse on");
            alice.WaitUntil(() => Configuration().Contains("mouse"), "the mouse on the disk");
            Leave(alice);
        }

        using var again = Start(null);
        again.WaitFor("/help lists the commands");
        again.WaitUntil(() => again.Modes.Contains(1000), "the mouse");
        again.Enter("/theme");
        again.WaitFor("now none.");
        Leave(again);
    }

    [Fact]
    public void Ctrl_Z_gives_the_shell_its_terminal_and_fg_brings_all_back()
    {
        using var shell = Shell(
            "; echo stopped; stty -a | tr ' ' '\\n' | grep -x -e icanon; read -r go; fg; echo ended $?"
        );
        shell.WaitFor("/help lists the commands");
        shell.Type("half a thought");
        shell.WaitFor("half a thought");
        shell.Type("\x1a");
        shell.WaitFor("stopped");
        shell.WaitFor("icanon");
        shell.IsFullScreen.ShouldBeFalse();
        shell.Type("\n");
        shell.WaitUntil(() => shell.IsFullScreen, "the full screen");
        shell.WaitFor("half a thought");
        shell.Type("\x03");
        shell.Enter("/quit");
        shell.WaitFor("ended 0");
        shell.IsFullScreen.ShouldBeFalse();
    }

    [Fact]
    public void Killed_in_the_middle_of_a_sentence_it_leaves_the_terminal_whole_and_the_draft_on_the_disk()
    {
        using (var shell = Shell(" --room notes; echo ended $?; read -r go"))
        {
            shell.WaitFor("#notes: ");
            shell.WaitUntil(() => History() is not null, "a history");
            shell.WaitUntil(() => IsQuiet(), "nothing more to write");
            var written = History()!.LastWriteTimeUtc;
            shell.Type("not lost 日本語");
            shell.WaitUntil(() => History()!.LastWriteTimeUtc > written, "the draft on the disk");
            shell.WaitUntil(() => IsQuiet(), "nothing more to write");

            Pty.Signal(ProgramOf(shell), Kill);

            shell.WaitUntil(
                () => shell.Written.Contains($"ended {128 + Kill}", StringComparison.Ordinal),
                "its end"
            );
            shell.WaitUntil(() => !shell.IsFullScreen, "the shell's own screen");
            shell.Modes.Order().ShouldBe([7, 25]);
        }

        using var again = Start(null, "--room", "notes");
        again.WaitFor("not lost 日本語");
        again.Signal(15);
        again.WaitForExit().ShouldBe(143);
    }

    [Fact]
    public void A_lost_line_ends_the_screen_that_runs_the_node_and_the_draft_comes_back()
    {
        using (var alice = Start(null, "--room", "notes"))
        {
            alice.WaitFor("#notes: "); // the room is shown, so that what is typed is its draft
            alice.WaitUntil(() => History() is not null, "a history");
            alice.Type("written on a train");
            alice.WaitFor("written on a train");
            alice.HangUp();
            alice.ExitCode.ShouldBe(128 + HangUp);
        }

        using var again = Start(null, "--room", "notes");
        again.WaitFor("written on a train");
        Leave(again);
    }

    private TerminalSession Start(string? term, params string[] more) =>
        TerminalSession.StartIn(
            _homes.Of("alice"),
            80,
            24,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["TERM"] = term },
            PeerChatProgram.Command[0],
            [.. PeerChatProgram.Command.Skip(1), "--user", _homes.Name("alice"), .. more]
        );

    /// <summary>A shell with job control that runs the program, as on a user's terminal.</summary>
    private TerminalSession Shell(string rest) =>
        TerminalSession.StartOther(
            _homes.Of("alice"),
            80,
            24,
            "sh",
            "-m",
            "-c",
            $"{PeerChatProgram.ShellCommand} --user {_homes.Name("alice")}{rest}"
        );

    private static void Leave(TerminalSession session)
    {
        session.Type("\x03"); // clears what stands there
        session.Enter("/quit");
        session.WaitForExit().ShouldBe(0);
        session.IsFullScreen.ShouldBeFalse();
        session.Modes.Order().ShouldBe([7, 25]);
    }

    private static int ProgramOf(TerminalSession shell) =>
        Directory
            .EnumerateDirectories($"/proc/{shell.ProcessId}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' '))
            .Where(text => text.Length > 0)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            .Single();

    private string Configuration() =>
        string.Concat(
            Directory
                .EnumerateFiles(_homes.Of("alice"), "config", SearchOption.AllDirectories)
                .Select(File.ReadAllText)
        );

    private FileInfo? History() =>
        Directory
            .EnumerateFiles(_homes.Of("alice"), "history.db-wal", SearchOption.AllDirectories)
            .Select(path => new FileInfo(path))
            .FirstOrDefault();

    private bool IsQuiet() => DateTime.UtcNow - History()!.LastWriteTimeUtc > TimeSpan.FromSeconds(1);
}
