using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>The process that runs the node, and its faces.</summary>
internal static class RunningRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("attach", CommandGroup.Running, "Show the screen of the node that runs, and never run one.")
        {
            Help =
            [
                "Ctrl-] or /detach leaves the screen again; the node goes on. peerchat without a verb attaches too, and runs the node itself "
                    + "where none runs.",
            ],
            Parameters = SharedParameters.Screen,
            Examples = [new("ssh home -t peerchat attach", "The same chats from elsewhere.")],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.Storage,
                ExitCode.OwnerGone,
                ExitCode.Interrupted,
            ],
            Run = RunCommand.AttachAsync,
            Slash =
            [
                new(
                    "/detach",
                    "",
                    "leave; the node goes on, also Ctrl-]",
                    (chat, words) => words.Length == 0 && chat.Detach()
                ),
                new("/quit", "", "end PeerChat", (chat, words) => words.Length == 0 && chat.Quit()),
            ],
        },
        new("daemon", CommandGroup.Running, "Run the node without a screen, for others to attach to.")
        {
            Help =
            [
                "Stays in the foreground and writes a line per event of interest to standard error. A process that runs the node already "
                    + "hands it over and stays attached. SIGTERM and Ctrl-C end it with a goodbye on the network.",
                "--unit prints a user unit for systemd: peerchat daemon --unit > ~/.config/systemd/user/peerchat.service",
            ],
            Parameters =
            [
                new("--detach", ParameterKind.Flag, "Go to the background once the node runs.")
                {
                    IsAction = true,
                },
                new("--stop", ParameterKind.Flag, "End the node that runs.") { IsAction = true },
                new("--unit", ParameterKind.Flag, "Print a systemd user unit with these options.")
                {
                    IsAction = true,
                },
                new(
                    DaemonArguments.InBackground,
                    ParameterKind.Flag,
                    "Said by PeerChat itself to the process that it starts in the background."
                )
                {
                    IsAction = true,
                    IsHidden = true,
                },
                SharedParameters.Accept,
                SharedParameters.AcceptAny,
            ],
            Examples =
            [
                new("peerchat daemon --user alice --detach", "Be online from now on."),
                new("peerchat daemon --stop", "Be offline."),
            ],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.Storage,
                ExitCode.OwnerGone,
                ExitCode.Interrupted,
            ],
            Run = DaemonCommand.RunAsync,
            Methods = [typeof(NodeCommand.StopNode)],
        },
        new("status", CommandGroup.Running, "Say how the node is, which process runs it and who is attached.")
        {
            Help = ["Where no node runs it says so and ends with 3; it never runs one itself."],
            Parameters =
            [
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait.", TimeSpan.FromSeconds(30)),
            ],
            Examples = [new("peerchat status --json", "For a monitor.")],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.NobodyFound,
                ExitCode.Storage,
                ExitCode.OwnerGone,
                ExitCode.Interrupted,
            ],
            Run = StatusCommand.RunAsync,
            Methods = [typeof(NodeCommand.GetStatus)],
            Slash =
            [
                new(
                    "/status",
                    "",
                    "how the node is, and who is attached",
                    (chat, words) => words.Length == 0 && chat.ShowStatus()
                ),
            ],
        },
        new("rpc", CommandGroup.Running, "Speak the control protocol on standard input and output.")
        {
            Help =
            [
                "JSON-RPC 2.0, one object a line, as docs/SCRIPTING.md describes: the same that the control socket speaks. Ends with 7 when "
                    + "the process that ran the node went away; start it again and resume.",
            ],
            Parameters = [SharedParameters.Accept, SharedParameters.AcceptAny],
            Examples =
            [
                new(
                    "echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"list-chats\"}' | peerchat rpc",
                    "Ask one thing."
                ),
            ],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.Storage,
                ExitCode.OwnerGone,
                ExitCode.Interrupted,
            ],
            Run = RpcCommand.RunAsync,
        },
    ];
}
