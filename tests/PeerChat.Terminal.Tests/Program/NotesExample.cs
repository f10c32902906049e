using System.Collections.Immutable;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Program;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;

namespace PeerChat.Terminal.Tests.Program;

/// <summary>Keeps lines that are typed; Escape ends it.</summary>
public sealed class NotesExample : IScreenProgram<NotesExample.State, InputEvent, NotesExample.Effect>
{
    public sealed record State(LineEditor Editor, ImmutableList<string> Notes, bool IsOver = false);

    public abstract record Effect;

    /// <summary>Runs it on the terminal that the process was started in.</summary>
    public static ImmutableList<string> Run()
    {
        var environment = TerminalEnvironment.Detect(Environment.GetEnvironmentVariable);
        if (!TerminalHost.TryOpen(environment, out var terminal, out var reason))
        {
            throw new InvalidOperationException($"No screen: {reason}.");
        }

        using (terminal)
        {
            return Loop(terminal, environment).Run(new State(LineEditor.Empty, [])).Notes;
        }
    }

    internal static FrameLoop<State, InputEvent, Effect> Loop(
        ITerminal terminal,
        TerminalEnvironment environment
    ) => new(terminal, new NotesExample(), execute: _ => { }, TimeProvider.System, environment);

    public InputEvent FromInput(InputEvent input) => input;

    public (State State, IReadOnlyList<Effect> Effects) Update(State state, InputEvent message)
    {
        switch (message)
        {
            case InputEvent.Key key when key.Stroke.Is(KeyCode.Escape):
            case InputEvent.Signal or InputEvent.Gone:
                return (state with { IsOver = true }, []);
            case InputEvent.Key key:
                var (editor, outcome) = state.Editor.Handle(key.Stroke, columns: 80);
                return outcome == EditorOutcome.Submitted
                    ? (state with { Editor = editor.Finish(), Notes = state.Notes.Add(editor.Text) }, [])
                    : (state with { Editor = editor }, []);
            case InputEvent.Paste paste:
                return (state with { Editor = state.Editor.Insert(paste.Text) }, []);
            default:
                return (state, []); // a new size, for example: the next frame has it
        }
    }

    public void View(State state, CellBuffer buffer)
    {
        var (above, input) = buffer.Region.Bounds.SplitBottom(1);
        var notes = buffer.Region.Slice(above);
        for (var row = 0; row < Math.Min(notes.Rows, state.Notes.Count); row++)
        {
            _ = notes.Write(0, row, TextWidth.Ellipsize(state.Notes[^(row + 1)], notes.Columns));
        }

        state.Editor.Draw(buffer.Region.Slice(input));
    }

    public bool IsOver(State state) => state.IsOver;
}
