using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Testing;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Host;

public sealed class TtyTests
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Takes_the_screen_and_gives_it_back()
    {
        using var session = Session.Start();
        session.Await("ready");
        session.Terminal.IsAlternateScreen.ShouldBeTrue();
        session.Terminal.Modes.ShouldContain(2004);
        session.Terminal.Modes.ShouldNotContain(7);

        session.Pty.Write("hé日\r");
        session.Await("> hé日");
        session.Pty.Write("quit\r");

        session.ShouldEnd(exitCode: 0);
    }

    [Fact]
    public void Writes_one_byte_per_key_at_the_end_of_the_input()
    {
        using var session = Session.Start();
        session.Await("ready");
        session.Pty.Write("abc");
        session.Await("abc");
        session.Settle();
        var before = session.Terminal.BytesWritten;

        session.Pty.Write("d");
        session.Await("abcd");
        session.Settle();

        (session.Terminal.BytesWritten - before).ShouldBe(1);
    }

    [Fact]
    public void Pastes_as_one_piece()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Write("\e[200~one\rtwo\e[201~");

        session.Await("one\ntwo");
    }

    [Fact]
    public void Follows_the_size_of_the_window()
    {
        using var session = Session.Start();
        session.Await("ready");
        session.Terminal.Resize(new TerminalSize(40, 10));
        session.Pty.Resize(40, 10);

        session.Await("size 40x10");
        session.Terminal.Size.ShouldBe(new TerminalSize(40, 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(Terminate)]
    public void Gives_the_terminal_back_when_asked_to_end(int signal)
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Signal(signal);

        session.ShouldEnd(exitCode: 128 + signal);
    }

    [Fact]
    public void Gives_the_terminal_back_when_the_program_hangs()
    {
        using var session = Session.Start();
        session.Await("ready");
        session.Pty.Write("deaf\r");
        session.Await("deaf");

        session.Pty.Signal(Terminate);

        session.ShouldEnd(exitCode: 128 + Terminate);
    }

    [Fact]
    public void Gives_the_terminal_back_when_the_program_crashes()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Write("throw\r");

        session.ShouldEnd(exitCode: 134);
        session.Terminal.Text.ShouldContain("thrown on purpose");
    }

    [Fact]
    public void Ends_when_the_terminal_is_taken_away()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.HangUp();

        session.Pty.WaitForExit(Patience).ShouldBeTrue();
        (session.Pty.ExitCode is 3 or 129).ShouldBeTrue($"{session.Pty.ExitCode}");
    }

    [Fact]
    public void Stops_on_Ctrl_Z_and_comes_back_with_all_drawn_anew()
    {
        using var session = Session.Start(
            "sh",
            [
                "-m",
                "-c",
                "\"$0\" "
                    + DemoProgram.Argument
                    + "; echo stopped $?; stty -a | tr ' ' '\\n' | grep -x -e -icanon -e icanon; read go; fg; echo ended $?",
                Program,
            ]
        );
        session.Await("ready");
        session.Pty.Write("hello\r");
        session.Await("> hello");

        session.Pty.Write("\x1a");
        session.Await("stopped");
        session.Terminal.IsAlternateScreen.ShouldBeFalse();
        session.Pty.Write("\n");

        session.Await("> hello");
        session.Await("resumed");
        session.Terminal.IsAlternateScreen.ShouldBeTrue();
        session.Pty.Write("quit\r");
        session.Await("ended 0");
        session.Terminal.Text.ShouldContain("\nicanon");
        session.ShouldBeRestored();
    }

    [Theory]
    [InlineData(true, "ended 137")]
    [InlineData(false, "ended 134")]
    public void Gives_the_terminal_back_also_when_no_code_of_the_program_can_run_any_more(
        bool isKilled,
        string end
    )
    {
        using var session = Session.Start(
            "sh",
            [
                "-m",
                "-c",
                "stty -g; \"$0\" " + DemoProgram.Argument + "; echo ended $?; read -r go; stty -g",
                Program,
            ]
        );
        session.Await("ready");
        session.AwaitGuard();

        if (isKilled)
        {
            Pty.Signal(session.Children().Single(), Kill);
        }
        else
        {
            session.Pty.Write("fault\r");
        }

        session.Await(() => session.Pty.OutputText.Contains(end, StringComparison.Ordinal));
        session.Await(() => !session.Terminal.IsAlternateScreen && session.Terminal.Modes.Contains(7));
        session.Pty.Write("go\n");
        session.Pty.WaitForExit(Patience).ShouldBeTrue();
        var settings = session
            .Pty.OutputText.Split('\n')
            .Select(line => line.Trim())
            .Where(line =>
                line.Contains(':', StringComparison.Ordinal)
                && line.All(c => char.IsAsciiHexDigit(c) || c == ':')
            )
            .ToList();
        settings.Count.ShouldBe(2);
        settings[1].ShouldBe(settings[0], "every key is as it was");
    }

    [Fact]
    public void Ignores_Ctrl_Z_where_no_shell_could_bring_it_back()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Write("\x1astill here\r");

        session.Await("> still here");
    }

    [Fact]
    public void Lends_the_terminal_to_another_program()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Write("lend\r");
        session.Await("child has it");
        session.Terminal.IsAlternateScreen.ShouldBeFalse();
        session.Pty.Write("for the child\n");

        session.Await("resumed");
        session.Terminal.IsAlternateScreen.ShouldBeTrue();
        session.Pty.OutputText.ShouldContain("child got for the child");
        session.Pty.Write("quit\r");
        session.ShouldEnd(exitCode: 0);
    }

    [Fact]
    public void Draws_anew_when_another_program_stopped_and_continued_it()
    {
        using var session = Session.Start();
        session.Await("ready");

        session.Pty.Signal(19);
        session.Pty.Signal(Continue);

        session.Await("resumed");
        session.Terminal.Text.ShouldContain("ready");
    }

    [Fact]
    public void Asks_what_the_terminal_can_do_after_the_first_frame_and_uses_it()
    {
        using var session = Session.Start(knownModes: [2026]);
        session.Await("ready");
        session.Settle();
        session.Pty.Write(session.Terminal.TakeReplies());
        session.Pty.ClearOutput();

        session.Pty.Write(new string('x', 400) + "\r");
        session.Await("\n>\nxxx");

        session.Pty.OutputText.ShouldContain("\e[?2026h");
    }

    [Fact]
    public void Sleeps_without_waking_when_nothing_happens()
    {
        using var session = Session.Start();
        session.Await("ready");
        session.Settle();
        session.Pty.ClearOutput();
        var before = ProcessorTicks(session.Pty.ProcessId);

        session.Pty.Read(TimeSpan.FromSeconds(2)).ShouldBeEmpty();

        // Two ticks of ten milliseconds are left to the runtime's own housekeeping after the start
        (ProcessorTicks(session.Pty.ProcessId) - before).ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("TERM", "dumb", "TERM says so")]
    public void Says_why_there_is_no_screen(string variable, string value, string reason)
    {
        using var session = Session.Start(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { [variable] = value }
        );

        session.Await(reason);
        session.Pty.WaitForExit(Patience).ShouldBeTrue();
        session.Pty.ExitCode.ShouldBe(2);
        session.Terminal.UnknownSequences.ShouldBeEmpty();
    }

    [Fact]
    public void Says_that_standard_output_is_not_a_terminal()
    {
        using var session = Session.Start("sh", ["-c", "\"$0\" " + DemoProgram.Argument + " | cat", Program]);

        session.Await("standard output is not a terminal");
    }

    [Fact]
    public void Works_without_TERM()
    {
        using var session = Session.Start(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["TERM"] = null }
        );

        session.Await("ready");
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "PeerChat.Terminal.Tests");

    private static long ProcessorTicks(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]);
    }

    /// <summary>The small program on a pseudo-terminal, with a virtual terminal that shows what it writes.</summary>
    private sealed class Session : IDisposable
    {
        private Session(Pty pty, VirtualTerminal terminal) => (Pty, Terminal) = (pty, terminal);

        public Pty Pty { get; }

        public VirtualTerminal Terminal { get; }

        public static Session Start(
            string? program = null,
            string[]? arguments = null,
            IReadOnlyDictionary<string, string?>? environment = null,
            int[]? knownModes = null
        )
        {
            Assert.SkipUnless(Pty.IsSupported, "no pseudo-terminals here");
            var terminal = new VirtualTerminal(TerminalSize.Usual);
            terminal.KnownModes.UnionWith(knownModes ?? []);
            return new Session(
                Pty.Start(program ?? Program, arguments ?? [DemoProgram.Argument], environment: environment),
                terminal
            );
        }

        public void Await(string text) =>
            Pty.ReadUntil(
                    () => Terminal.Text.Contains(text, StringComparison.Ordinal),
                    Patience,
                    bytes => Terminal.Write(bytes)
                )
                .ShouldBeTrue(
                    $"'{text}' was not shown:\n{Terminal.Text}\n{Pty.OutputText.Replace("\e", "␛", StringComparison.Ordinal)}"
                );

        public void Await(Func<bool> condition) =>
            Pty.ReadUntil(condition, Patience, bytes => Terminal.Write(bytes)).ShouldBeTrue(Terminal.Text);

        /// <summary>The processes that the program on the terminal has started.</summary>
        public int[] Children() => ChildrenOf(Pty.ProcessId);

        /// <summary>Waits for the shell that looks after the terminal, and until it has nothing to do but wait.</summary>
        public void AwaitGuard() =>
            Await(() =>
                ChildrenOf(Children().Single()) is [var guard]
                && ChildrenOf(guard).Length == 0
                && File.ReadAllText($"/proc/{guard}/wchan") is var where
                && (where.Contains("pipe", StringComparison.Ordinal) || where is "0" or "")
            );

        private static int[] ChildrenOf(int process) =>
            [
                .. Directory
                    .EnumerateDirectories($"/proc/{process}/task")
                    .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' '))
                    .Where(text => text.Length > 0)
                    .Select(int.Parse),
            ];

        public void Settle() =>
            Pty.ReadUntilQuiet(TimeSpan.FromMilliseconds(200), Patience, bytes => Terminal.Write(bytes));

        public void ShouldEnd(int exitCode)
        {
            Pty.ReadUntil(() => false, Patience, bytes => Terminal.Write(bytes));
            Pty.WaitForExit(Patience).ShouldBeTrue();
            Pty.ExitCode.ShouldBe(exitCode, Terminal.Text);
            ShouldBeRestored();
        }

        public void ShouldBeRestored()
        {
            Terminal.IsAlternateScreen.ShouldBeFalse();
            Terminal.Modes.Order().ShouldBe([7, 25]);
            Terminal.Style.ShouldBe(CellStyle.Default);
            Terminal.UnknownSequences.ShouldBeEmpty();
        }

        public void Dispose() => Pty.Dispose();
    }
}
