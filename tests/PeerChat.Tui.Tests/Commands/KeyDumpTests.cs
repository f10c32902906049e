using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

/// <summary><c>peerchat keydump</c>.</summary>
public sealed class KeyDumpTests
{
    private static readonly InputEvent CtrlC = new InputEvent.Key(KeyStroke.Ctrl('c'));

    [Fact]
    public void Every_input_is_named_and_what_is_not_known_is_shown_as_it_came() =>
        Dump(
            new InputEvent.Key(KeyStroke.Alt('a')),
            new InputEvent.Paste("日本", IsCut: false),
            new InputEvent.Unrecognized("\e[99z"),
            new InputEvent.Focus(HasFocus: true),
            new InputEvent.Resized(new TerminalSize(80, 24))
        )
            .Lines.ShouldBe(["Key  Alt+a", "Paste  6  日本", "Unrecognized  ESC [99z", "Focus  True"]);

    [Fact]
    public void Only_two_Ctrl_C_in_a_row_end_it()
    {
        Dump(CtrlC).IsOver.ShouldBeFalse();
        Dump(CtrlC, new InputEvent.Key(KeyStroke.Of('x')), CtrlC).IsOver.ShouldBeFalse();
        Dump(CtrlC, CtrlC).IsOver.ShouldBeTrue();
    }

    [Fact]
    public void It_ends_with_its_terminal_and_keeps_no_more_than_a_screen_shows()
    {
        Dump(new InputEvent.Gone()).IsOver.ShouldBeTrue();
        Dump(new InputEvent.Signal(TerminalSignal.Terminate)).IsOver.ShouldBeTrue();

        var keys = Enumerable.Repeat<InputEvent>(new InputEvent.Focus(HasFocus: true), 600).ToArray();
        Dump(keys).Lines.Count.ShouldBe(KeyDumpCommand.KeyDump.MaxLines);
    }

    private static KeyDumpCommand.KeyDump Dump(params InputEvent[] inputs) =>
        inputs.Aggregate(KeyDumpCommand.KeyDump.Empty, (dump, input) => dump.With(input));
}
