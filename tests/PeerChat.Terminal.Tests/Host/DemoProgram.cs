using System.Collections.Immutable;
using System.Diagnostics;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Program;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;

namespace PeerChat.Terminal.Tests.Host;

/// <summary>A program with a log and an input line, for driving a real terminal in tests.</summary>
internal sealed class DemoProgram : IScreenProgram<DemoProgram.State, InputEvent, string>
{
    public const string Argument = "--demo-program";

    public static int Start()
    {
        var environment = TerminalEnvironment.Detect(Environment.GetEnvironmentVariable);
        if (!TerminalHost.TryOpen(environment, out var terminal, out var reason))
        {
            using var output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.UTF8.GetBytes($"no screen: {reason}\n"));
            return 2;
        }

        using (terminal)
        {
            var loop = new FrameLoop<State, InputEvent, string>(
                terminal,
                new DemoProgram(),
                effect => Execute(terminal, effect),
                TimeProvider.System,
                environment
            );
            return loop.Run(State.Initial).ExitCode ?? 0;
        }
    }

    public InputEvent FromInput(InputEvent input) => input;

    public (State State, IReadOnlyList<string> Effects) Update(State state, InputEvent message) =>
        message switch
        {
            InputEvent.Key key when key.Stroke.IsCtrl('z') => (state, ["suspend"]),
            InputEvent.Key key => UpdateKey(state, key.Stroke),
            InputEvent.Paste paste => (state with { Editor = state.Editor.Insert(paste.Text) }, []),
            InputEvent.Resized resized => (state.Say($"size {resized.Size.Columns}x{resized.Size.Rows}"), []),
            InputEvent.Resumed => (state.Say("resumed"), []),
            InputEvent.StopRequested => (state, ["suspend"]),
            InputEvent.Signal { Kind: var kind } when state.IsDeaf => (
                state.Say($"deaf to {kind}"),
                ["hang"]
            ),
            InputEvent.Signal signal => (state with { ExitCode = 128 + (int)signal.Kind }, []),
            InputEvent.Gone => (state with { ExitCode = 3 }, []),
            _ => (state, []),
        };

    public void View(State state, CellBuffer buffer)
    {
        var (log, input) = buffer.Region.Bounds.SplitBottom(
            Math.Min(3, state.Editor.RowsAt(buffer.Size.Columns))
        );
        LogScroll.AtEnd.Draw(buffer.Region.Slice(log), state.Log);
        state.Editor.Draw(buffer.Region.Slice(input));
    }

    public bool IsOver(State state) => state.ExitCode is not null;

    private static (State State, IReadOnlyList<string> Effects) UpdateKey(State state, KeyStroke key)
    {
        var (editor, outcome) = state.Editor.Handle(key, 80);
        if (outcome != EditorOutcome.Submitted)
        {
            return (state with { Editor = editor }, []);
        }

        var next = state with { Editor = editor.Finish() };
        return editor.Text switch
        {
            "quit" => (next with { ExitCode = 0 }, []),
            "throw" => throw new InvalidOperationException("thrown on purpose"),
            "fault" => (next, ["fault"]),
            "deaf" => (next.Say("deaf") with { IsDeaf = true }, []),
            "lend" => (next, ["lend"]),
            var text => (next.Say("> " + text), []),
        };
    }

    private static void Execute(ITerminal terminal, string effect)
    {
        switch (effect)
        {
            case "suspend":
                terminal.Suspend();
                break;
            case "fault":
                Environment.FailFast("failed on purpose"); // as after a fault in native code: nothing of ours runs any more
                break;
            case "hang":
                Thread.Sleep(TimeSpan.FromSeconds(30));
                break;
            case "lend":
                terminal.Release();
                using (
                    var child = Process.Start(
                        "sh",
                        ["-c", "echo child has it; read line; echo child got $line"]
                    )
                )
                {
                    child.WaitForExit();
                }

                terminal.Reclaim();
                break;
            default:
                break;
        }
    }

    internal sealed record State(LineEditor Editor, ImmutableList<LogLine> Log, int? ExitCode, bool IsDeaf)
    {
        public static State Initial { get; } =
            new(LineEditor.Empty, [new LogLine(0, StyledText.Of("ready"))], null, IsDeaf: false);

        public State Say(string text) =>
            this with
            {
                Log = Log.Add(new LogLine(Log.Count, StyledText.Of(text))),
            };
    }
}
