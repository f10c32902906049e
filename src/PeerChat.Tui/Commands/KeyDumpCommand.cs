using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Program;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

#pragma warning disable RS0030 // the host wires the real clock

/// <summary><c>peerchat keydump</c>: what the terminal sends, in bytes, and what it is taken for.</summary>
internal static class KeyDumpCommand
{
    /// <summary>Runs until Ctrl-C comes twice in a row, or the terminal goes.</summary>
    /// <exception cref="UsageException">There is no terminal.</exception>
    public static int Run()
    {
        var environment = TerminalEnvironment.Detect(Environment.GetEnvironmentVariable);
        if (!TerminalHost.TryOpen(environment, out var terminal, out var reason))
        {
            throw new UsageException(Texts.NoKeys(reason));
        }

        using (terminal)
        {
            var loop = new FrameLoop<KeyDump, InputEvent, InputEvent>(
                terminal,
                new KeyDumpProgram(),
                _ => { },
                TimeProvider.System,
                environment
            );
            _ = loop.Run(KeyDump.Empty);
        }

        return ExitCode.Done;
    }

    /// <summary>The lines so far, the newest last.</summary>
    /// <param name="Lines">What came, as it is shown.</param>
    /// <param name="Interrupts">How many times Ctrl-C came in a row.</param>
    /// <param name="IsOver">Whether it is time to leave.</param>
    internal sealed record KeyDump(IReadOnlyList<string> Lines, int Interrupts, bool IsOver)
    {
        /// <summary>More than any screen has rows.</summary>
        public const int MaxLines = 500;

        /// <summary>Nothing yet.</summary>
        public static KeyDump Empty { get; } = new([], 0, IsOver: false);

        /// <summary>With what came.</summary>
        public KeyDump With(InputEvent input)
        {
            if (input is InputEvent.Gone or InputEvent.Signal)
            {
                return this with { IsOver = true };
            }

            if (input is InputEvent.Resized or InputEvent.Resumed)
            {
                return this;
            }

            var interrupts = input is InputEvent.Key key && key.Stroke.IsCtrl('c') ? Interrupts + 1 : 0;
            return new KeyDump(
                [.. Lines.Append(Describe(input)).TakeLast(MaxLines)],
                interrupts,
                interrupts >= 2
            );
        }

        // The names of the parser, which its users look up; nothing to translate
        private static string Describe(InputEvent input) =>
            input switch
            {
                InputEvent.Key key => string.Join("  ", nameof(InputEvent.Key), key.Stroke),
                InputEvent.Paste paste => string.Join(
                    "  ",
                    nameof(InputEvent.Paste),
                    Encoding.UTF8.GetByteCount(paste.Text),
                    paste.Text
                ),
                InputEvent.Focus focus => string.Join("  ", nameof(InputEvent.Focus), focus.HasFocus),
                InputEvent.Mouse mouse => string.Join(
                    "  ",
                    nameof(InputEvent.Mouse),
                    mouse.Action,
                    mouse.Button,
                    mouse.Position.Column,
                    mouse.Position.Row,
                    mouse.Modifiers
                ),
                InputEvent.Unrecognized other => string.Join(
                    "  ",
                    nameof(InputEvent.Unrecognized),
                    Quote(other.Sequence)
                ),
                _ => input.GetType().Name,
            };

        private static string Quote(string sequence) =>
            sequence.Replace("\e", "ESC ", StringComparison.Ordinal);
    }

    private sealed class KeyDumpProgram : IScreenProgram<KeyDump, InputEvent, InputEvent>
    {
        public InputEvent FromInput(InputEvent input) => input;

        public (KeyDump State, IReadOnlyList<InputEvent> Effects) Update(KeyDump state, InputEvent message) =>
            (state.With(message), []);

        public void View(KeyDump state, CellBuffer buffer)
        {
            buffer.WantsMouse = true;
            var region = buffer.Region;
            _ = region.Write(0, 0, TextWidth.Ellipsize(Texts.KeyDumpHead, region.Columns), CellStyle.Bold);
            var first = Math.Max(0, state.Lines.Count - region.Rows + 1);
            for (var row = 1; row < region.Rows && first + row - 1 < state.Lines.Count; row++)
            {
                var line = ControlSequences.Clean(state.Lines[first + row - 1], region.Columns);
                _ = region.Write(0, row, line);
            }
        }

        public bool IsOver(KeyDump state) => state.IsOver;
    }
}
