using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Program;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Program;

public sealed class FrameLoopTests
{
    private static readonly TerminalEnvironment Environment = new(
        IsDumb: false,
        ColorDepth.Palette16,
        AnswersQuestions: false
    );

    [Fact]
    public void Shows_the_state_and_ends_with_it()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var loop = Loop(terminal);
        loop.Post("hello");
        loop.Post("end");

        loop.Run("start").ShouldBe("start hello end");

        terminal.Screen.Line(0).ShouldStartWith("start");
    }

    [Theory]
    [InlineData(false, "start … d")]
    [InlineData(true, "start . d")]
    public void Where_the_locale_is_not_UTF8_the_terminal_shows_by_a_character_whether_it_is(
        bool isLatin1,
        string expected
    )
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2), isLatin1);
        var environment = Environment with { AnswersQuestions = true, IsUtf8 = false };
        var loop = new FrameLoop<string, string, string>(
            terminal,
            new EchoProgram(),
            _ => terminal.Type(System.Text.Encoding.ASCII.GetString(terminal.Screen.TakeReplies()) + "d"),
            new SteppingClock(FramePacer.FrameInterval),
            environment
        );
        loop.Post("…");

        _ = loop.Run("start");

        terminal.Screen.Line(0).ShouldBe(expected);
    }

    [Fact]
    public void Keys_become_messages_and_effects_are_executed()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var executed = new List<string>();
        var loop = Loop(
            terminal,
            effect =>
            {
                executed.Add(effect);
                terminal.Type(executed.Count == 1 ? "b" : "\e[A");
                if (executed.Count == 3)
                {
                    terminal.Type("end");
                }
            }
        );
        loop.Post("go");

        loop.Run("").ShouldBe(" go b Up Up e n d");
        executed.ShouldBe(["go", "b", "Up", "Up", "e", "n"]);
    }

    [Fact]
    public void The_first_frame_is_shown_before_the_first_message_is_taken()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var shown = "";
        var loop = Loop(terminal, _ => shown = terminal.Screen.Line(0));
        loop.Post("go");
        loop.Post("end");

        _ = loop.Run("start");

        shown.ShouldBe("start");
    }

    [Fact]
    public void A_key_waits_for_few_of_the_messages_that_came_before_it()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var loop = new FrameLoop<(int Taken, int KeyAt), int, int>(
            terminal,
            new BusyProgram(),
            _ => terminal.Type("k"),
            new SteppingClock(TimeSpan.FromMicroseconds(10)),
            Environment
        );
        for (var i = 0; i < BusyProgram.Messages; i++)
        {
            loop.Post(i);
        }

        loop.Run(default).KeyAt.ShouldBeInRange(1, 64);
    }

    [Fact]
    public void A_storm_of_sizes_is_one_frame()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var sizes = 0;
        FrameLoop<string, string, string>? running = null;
        // with this clock every turn of the loop may draw
        var loop = Loop(
            terminal,
            effect =>
            {
                if (effect == "go")
                {
                    for (var columns = 21; columns <= 120; columns++)
                    {
                        terminal.Resize(new TerminalSize(columns, 3));
                    }
                }
                else if (++sizes == 100)
                {
                    running!.Post("end");
                }
            },
            new SteppingClock(FramePacer.FrameInterval)
        );
        running = loop;
        loop.Post("go");

        _ = loop.Run("start");

        terminal.Frames.Count.ShouldBe(3, "the first one, what the message changed, and the last size");
        terminal.Screen.Size.ShouldBe(new TerminalSize(120, 3));
        terminal.Screen.Line(0).ShouldStartWith("start go Resized Resized");
    }

    [Fact]
    public void Ten_thousand_messages_are_few_frames()
    {
        var terminal = new FakeTerminal(new TerminalSize(80, 24));
        var clock = new SteppingClock(TimeSpan.FromMicroseconds(10));
        var program = new CountingProgram();
        var loop = new FrameLoop<int, int, int>(terminal, program, _ => { }, clock, Environment);
        for (var i = 1; i <= 10_000; i++)
        {
            loop.Post(i);
        }

        loop.Run(0).ShouldBe(10_000);

        // 160 turns, each of which asks the clock a few times
        terminal.Frames.Count.ShouldBeLessThan(10);
    }

    [Fact]
    public void Draws_all_anew_when_the_terminal_came_back_or_has_another_size()
    {
        var terminal = new FakeTerminal(new TerminalSize(20, 2));
        var step = 0;
        FrameLoop<string, string, string>? running = null;
        // every look at this clock is later than a frame takes, so that each turn of the loop ends with a frame
        var loop = Loop(
            terminal,
            _ =>
            {
                step++;
                if (step == 1)
                {
                    terminal.Screen.Write("\e[2Jgarbage"u8);
                    terminal.Reclaim();
                }
                else if (step == 2)
                {
                    terminal.Resize(new TerminalSize(30, 3));
                }
                else if (step == 3)
                {
                    terminal.Type("x");
                }
                else if (step == 5)
                {
                    running!.Post("end");
                }
            },
            new SteppingClock(FramePacer.FrameInterval)
        );
        running = loop;
        loop.Post("go");
        loop.Post("later");

        loop.Run("");

        terminal.Screen.Size.ShouldBe(new TerminalSize(30, 3));
        terminal.Screen.Text.ShouldNotContain("garbage");
        terminal.Screen.Line(0).ShouldContain("go");
    }

    [Fact]
    public void The_pacer_draws_at_once_and_then_sixty_times_a_second()
    {
        var pacer = new FramePacer();
        var now = TimeSpan.Zero;
        var frames = 0;
        pacer.NextDeadline.ShouldBeNull();
        for (var i = 0; i < 1000; i++)
        {
            pacer.HandleChange();
            frames += pacer.TryTakeFrame(now) ? 1 : 0;
            now += TimeSpan.FromMilliseconds(1);
        }

        frames.ShouldBeInRange(58, 60);
        pacer.TryTakeFrame(now + FramePacer.FrameInterval).ShouldBeTrue();
        pacer.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void The_environment_decides_on_colours_and_line_mode()
    {
        Detect("TERM=xterm-256color")
            .ShouldBe(new TerminalEnvironment(IsDumb: false, ColorDepth.Palette256, AnswersQuestions: true));
        Detect("TERM=xterm-256color", "NO_COLOR=1").Colors.ShouldBe(ColorDepth.None);
        Detect("TERM=xterm-256color", "NO_COLOR=").Colors.ShouldBe(ColorDepth.Palette256);
        Detect("TERM=tmux", "COLORTERM=truecolor").Colors.ShouldBe(ColorDepth.TrueColor);
        Detect("TERM=dumb").IsDumb.ShouldBeTrue();
        Detect("TERM=linux").AnswersQuestions.ShouldBeFalse();
        Detect()
            .ShouldBe(new TerminalEnvironment(IsDumb: false, ColorDepth.Palette16, AnswersQuestions: true));
    }

    private static TerminalEnvironment Detect(params string[] variables) =>
        TerminalEnvironment.Detect(name =>
            variables
                .FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))
                ?[(name.Length + 1)..]
        );

    private static FrameLoop<string, string, string> Loop(
        FakeTerminal terminal,
        Action<string>? execute = null,
        TimeProvider? clock = null
    ) => new(terminal, new EchoProgram(), execute ?? (_ => { }), clock ?? TimeProvider.System, Environment);

    /// <summary>Its state is all messages in order; each is an effect too; "end" or a d ends it.</summary>
    private sealed class EchoProgram : IScreenProgram<string, string, string>
    {
        public string FromInput(InputEvent input) =>
            input is InputEvent.Key key ? key.Stroke.ToString() : input.GetType().Name;

        public (string State, IReadOnlyList<string> Effects) Update(string state, string message) =>
            ($"{state} {message}", message is "end" or "d" ? [] : [message]);

        public void View(string state, CellBuffer buffer) => buffer.Region.Write(0, 0, state);

        public bool IsOver(string state) =>
            state.EndsWith(" end", StringComparison.Ordinal)
            || state.EndsWith(" d", StringComparison.Ordinal);
    }

    private sealed class CountingProgram : IScreenProgram<int, int, int>
    {
        public int FromInput(InputEvent input) => 0;

        public (int State, IReadOnlyList<int> Effects) Update(int state, int message) => (state + 1, []);

        public void View(int state, CellBuffer buffer) => buffer.Region.Write(0, 0, $"{state}");

        public bool IsOver(int state) => state == 10_000;
    }

    /// <summary>Counts its messages, notes at which of them a key came, and asks for the key with the first.</summary>
    private sealed class BusyProgram : IScreenProgram<(int Taken, int KeyAt), int, int>
    {
        public const int Messages = 10_000;

        public int FromInput(InputEvent input) => -1;

        public ((int Taken, int KeyAt) State, IReadOnlyList<int> Effects) Update(
            (int Taken, int KeyAt) state,
            int message
        ) =>
            message < 0
                ? (state with { KeyAt = state.Taken }, [])
                : (state with { Taken = state.Taken + 1 }, message == 0 ? [message] : []);

        public void View((int Taken, int KeyAt) state, CellBuffer buffer) =>
            buffer.Region.Write(0, 0, $"{state.Taken}");

        public bool IsOver((int Taken, int KeyAt) state) => state.Taken == Messages;
    }

    /// <summary>A clock that goes on by a little with every look at it.</summary>
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
    }
}
