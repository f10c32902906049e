using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Program;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Program;

/// <summary>Pictures of pixels over the cells, and what terminals answer when they are asked about them.</summary>
public sealed class ScreenImageTests
{
    private const string KittyQuestion = "\e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\e\\";

    [Theory]
    [InlineData("\e_Gi=31;OK\e\\\e[6;20;10t\e[?62;4c", GraphicsKind.Kitty, 10, 20)]
    [InlineData("\e_Gi=31;OK\e\\\e[?62c", GraphicsKind.Kitty, 0, 0)]
    [InlineData("\e[6;20;10t\e[?62;4;22c", GraphicsKind.Sixel, 10, 20)]
    [InlineData("\e[?62;4;22c", GraphicsKind.None, 0, 0)] // nobody knows how many rows sixels would take
    [InlineData("\e[6;20;10t\e[?4;22c", GraphicsKind.None, 10, 20)] // what it is, not what it can
    [InlineData("\e[6;0;10t\e[?62;4c", GraphicsKind.None, 0, 0)]
    [InlineData("\e[6;20;99999t\e[?62;4c", GraphicsKind.None, 0, 0)]
    [InlineData("\e_Gi=31;EINVAL\e\\\e[?62;22c", GraphicsKind.None, 0, 0)]
    public void The_terminal_says_how_it_shows_pixels(string answer, GraphicsKind kind, int width, int height)
    {
        using var terminal = new RecordingTerminal();
        var found = TerminalGraphics.None;
        var loop = Loop(
            terminal,
            (loop, effect) =>
            {
                if (effect == "ask")
                {
                    loop.AskForGraphics();
                    terminal.Type(answer);
                }
                else if (effect.StartsWith("found", StringComparison.Ordinal))
                {
                    loop.Post("end");
                }
            },
            graphics => found = graphics
        );
        loop.Post("ask");
        loop.Run("");
        terminal.Written.ShouldContain(KittyQuestion + "\e[16t\e[c");
        found.ShouldBe(new TerminalGraphics(kind, width, height));
    }

    [Fact]
    public void Within_a_multiplexer_the_question_of_kitty_is_not_asked()
    {
        using var terminal = new RecordingTerminal();
        var loop = Loop(
            terminal,
            (loop, effect) =>
            {
                if (effect == "ask")
                {
                    loop.AskForGraphics();
                    loop.Post("end");
                }
            },
            isMultiplexed: true
        );
        loop.Post("ask");
        loop.Run("");
        terminal.Written.ShouldContain("\e[16t\e[c");
        terminal.Written.ShouldNotContain("\e_G");
    }

    [Fact]
    public void A_picture_comes_behind_its_frame_once_and_goes_with_its_state()
    {
        using var terminal = new RecordingTerminal();
        var loop = Loop(terminal, (_, _) => { });
        terminal.OnWritten = text =>
            loop.Post(
                text.Contains("PIXELS", StringComparison.Ordinal) ? "more"
                : text.Contains("gone", StringComparison.Ordinal) ? "end"
                : text.Contains("more", StringComparison.Ordinal) ? "gone"
                : "kitty"
            );
        loop.Run("");
        var shown = "\e7\e[2;3HPIXELS\e8";
        terminal.Written.Split(shown).Length.ShouldBe(2);
        var at = terminal.Written.IndexOf(shown, StringComparison.Ordinal);
        terminal.Written[..at].ShouldContain("kitty");
        terminal.Written[at..].ShouldContain("\e_Ga=d,d=A,q=2\e\\");
    }

    [Fact]
    public void Sixels_go_as_all_cells_are_written_over_them()
    {
        using var terminal = new RecordingTerminal();
        var loop = Loop(terminal, (_, _) => { });
        terminal.OnWritten = text =>
            loop.Post(
                text.Contains("PIXELS", StringComparison.Ordinal) ? "gone"
                : text.Contains("gone", StringComparison.Ordinal) ? "end"
                : "sixel"
            );
        loop.Run("");
        var parts = terminal.Written.Split("PIXELS");
        parts.Length.ShouldBe(2);
        parts[1].ShouldContain("sixel gone"); // the whole line anew, not what was added to it
    }

    [Fact]
    public void A_picture_is_shown_again_when_the_screen_was_drawn_anew()
    {
        using var terminal = new RecordingTerminal();
        var loop = Loop(terminal, (_, _) => { });
        var shown = 0;
        terminal.OnWritten = text =>
        {
            if (!text.Contains("PIXELS", StringComparison.Ordinal))
            {
                loop.Post("sixel");
            }
            else if (++shown == 1)
            {
                terminal.Resume();
            }
            else
            {
                loop.Post("end");
            }
        };
        loop.Run("");
        terminal.Written.Split("PIXELS").Length.ShouldBe(3);
    }

    private static FrameLoop<string, string, string> Loop(
        RecordingTerminal terminal,
        Action<FrameLoop<string, string, string>, string> execute,
        Action<TerminalGraphics>? found = null,
        bool isMultiplexed = false
    )
    {
        FrameLoop<string, string, string>? running = null;
        return running = new FrameLoop<string, string, string>(
            terminal,
            new PictureProgram(found ?? (_ => { })),
            effect => execute(running!, effect),
            new SteppingClock(FramePacer.FrameInterval),
            new TerminalEnvironment(IsDumb: false, ColorDepth.Palette16, AnswersQuestions: true)
            {
                IsMultiplexed = isMultiplexed,
            }
        );
    }

    /// <summary>Its state is all messages; a picture is shown from its name to "gone".</summary>
    private sealed class PictureProgram(Action<TerminalGraphics> found)
        : IScreenProgram<string, string, string>
    {
        private static readonly byte[] Pixels = Encoding.ASCII.GetBytes("PIXELS");

        public string FromInput(InputEvent input)
        {
            if (input is InputEvent.GraphicsFound graphics)
            {
                found(graphics.Graphics);
                return "found";
            }

            return input.GetType().Name;
        }

        public (string State, IReadOnlyList<string> Effects) Update(string state, string message) =>
            ($"{state} {message}", message == "end" ? [] : [message]);

        public void View(string state, CellBuffer buffer) => buffer.Region.Write(0, 0, state);

        public ScreenImage? Image(string state)
        {
            var isGone = state.Contains("gone", StringComparison.Ordinal);
            var kind =
                isGone ? GraphicsKind.None
                : state.Contains("kitty", StringComparison.Ordinal) ? GraphicsKind.Kitty
                : state.Contains("sixel", StringComparison.Ordinal) ? GraphicsKind.Sixel
                : GraphicsKind.None;
            return kind == GraphicsKind.None
                ? null
                : new ScreenImage(new Rectangle(2, 1, 5, 1), kind, Pixels);
        }

        public bool IsOver(string state) => state.EndsWith(" end", StringComparison.Ordinal);
    }

    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
    }

    private sealed class RecordingTerminal : ITerminal
    {
        private readonly StringBuilder _written = new();
        private ITerminalSink? _sink;

        public string Written => _written.ToString();

        public TerminalSize Size => new(40, 4);

        public void Start(ITerminalSink sink) => _sink = sink;

        public Action<string>? OnWritten { get; set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            var text = Encoding.UTF8.GetString(bytes);
            _written.Append(text);
            OnWritten?.Invoke(text);
        }

        public void Type(string text) => _sink!.OnInput(Encoding.UTF8.GetBytes(text));

        public void Resume() => _sink!.OnEvent(new InputEvent.Resumed());

        public bool Suspend() => false;

        public void Release() { }

        public void Reclaim() { }

        public void Dispose() { }
    }
}
