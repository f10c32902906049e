using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Sending, reading and waiting.</summary>
internal static class MessageRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("send", CommandGroup.Messages, "Send a message, and end when it is sent or delivered.")
        {
            Help =
            [
                "The message is durable in the profile before anything goes out. When the time is over it stays queued and goes out the next "
                    + "time both run. Where a node runs already, send goes through it; otherwise it runs one as long as it takes.",
                "TEXT of '-' or nothing reads standard input: all of it is one message (one trailing newline is dropped), at most 65,536 "
                    + "bytes of UTF-8. With --lines each line is a message of its own, and send ends when all of them are sent.",
            ],
            Parameters =
            [
                new("TEXT", ParameterKind.Text, "The message; '-' or nothing reads standard input."),
                new("--to", ParameterKind.Peer, "Whom: a name, or a full id."),
                new("--room", ParameterKind.Room, "Which open room."),
                SharedParameters.Address,
                new(
                    "--wait",
                    ParameterKind.Choice,
                    "Until when to stay: queued (it is durable here), sent (another device has it in hand) or delivered (it is durable there)."
                )
                {
                    Choices = ["queued", "sent", "delivered"],
                    Placeholder = "queued|sent|delivered",
                    Default = "sent",
                },
                new(
                    "--lines",
                    ParameterKind.Flag,
                    "Send each line of standard input as a message of its own."
                ),
                SharedParameters.Json,
                SharedParameters.Timeout(
                    "How long to try, counted from when the text, or the last line, is durable here.",
                    TimeSpan.FromSeconds(30)
                ),
            ],
            Examples =
            [
                new(
                    "peerchat send --to bob \"hello\" --wait delivered",
                    "Wait until bob's device has stored it."
                ),
                new("make 2>&1 | peerchat send --room builds", "Send what a program writes."),
                new("tail -f log | peerchat send --room ops --lines", "Send each line as it comes."),
            ],
            ExitCodes = ExitCode.OfMeeting,
            Run = SendCommand.RunAsync,
            Methods = [typeof(NodeCommand.SendText)],
        },
        new("listen", CommandGroup.Messages, "Print messages as they arrive.")
        {
            Aliases = ["tail"],
            Help =
            [
                "One line a message on standard output, flushed at once. It goes on when the process that ran the node ends: nothing is lost "
                    + "and nothing comes twice.",
                "A message of somebody not known yet shows nothing but their request, until it is accepted.",
            ],
            Parameters =
            [
                new("--from", ParameterKind.Peer, "Only from this name or full id."),
                new("--room", ParameterKind.Room, "Only from this open room."),
                SharedParameters.Address,
                SharedParameters.Accept,
                SharedParameters.AcceptAny,
                new("--history", ParameterKind.Number, "Print the last N messages first.")
                {
                    Short = "-n",
                    Minimum = 0,
                    Maximum = 10_000, // a page of the node's
                    Default = "0",
                },
                new(
                    "--follow",
                    ParameterKind.Flag,
                    "Go on with what arrives; --follow=false ends after the history."
                )
                {
                    Short = "-f",
                    Default = "yes",
                },
                SharedParameters.Json,
                new("--count", ParameterKind.Number, "End after so many messages that arrive."),
                SharedParameters.Timeout("End after this time.", null),
            ],
            Examples =
            [
                new("peerchat listen --accept-any --json", "Everything, for a program."),
                new("peerchat tail -n 20 --room dev", "The last messages of a room, and what follows."),
            ],
            ExitCodes = ExitCode.OfMeeting,
            Run = ListenCommand.RunAsync,
        },
        new("wait-for", CommandGroup.Messages, "Wait for a person, a message or a delivery, and end.")
        {
            Help =
            [
                "Say exactly one of --peer-online, --message and --delivered. What was waited for is printed on standard output.",
                "REGEX is a .NET regular expression without back-references and look-around, matched against the text of messages that "
                    + "arrive from now on.",
            ],
            Parameters =
            [
                new("--peer-online", ParameterKind.Peer, "Until this person is connected."),
                new("--message", ParameterKind.Pattern, "Until a message whose text matches arrives."),
                new("--from", ParameterKind.Peer, "With --message: only from this name or full id."),
                new("--room", ParameterKind.Room, "With --message: only from this open room."),
                new(
                    "--delivered",
                    ParameterKind.Text,
                    "Until one's own message with this id is durable on another device."
                )
                {
                    Placeholder = "MESSAGE-ID",
                },
                SharedParameters.Accept,
                SharedParameters.AcceptAny,
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait.", null),
            ],
            Examples =
            [
                new(
                    "peerchat wait-for --peer-online bob && peerchat send --to bob hi",
                    "Write when somebody is there."
                ),
                new("peerchat wait-for --message '^deploy' --room ops", "Start something on a word."),
            ],
            ExitCodes = ExitCode.OfMeeting,
            Run = WaitForCommand.RunAsync,
            Methods = [typeof(NodeCommand.FindMessage)],
        },
        new("history", CommandGroup.Messages, "Print stored messages, oldest first.")
        {
            Help = ["Reads the profile beside a running node; nothing is asked of the network."],
            Parameters =
            [
                new("--with", ParameterKind.Peer, "The chat with this contact or full id."),
                new("--room", ParameterKind.Room, "This open room."),
                SharedParameters.Json,
                new("--limit", ParameterKind.Number, "The newest N messages.")
                {
                    Maximum = 1_000_000, // more lines than anybody reads; a slip of the finger
                    Default = "100",
                },
            ],
            Examples =
            [
                new("peerchat history --with bob --json --limit 1000", "The newest thousand, for a program."),
            ],
            ExitCodes = [ExitCode.Done, ExitCode.Usage, ExitCode.Storage],
            Run = CommandRow.AtOnce(HistoryCommand.Run),
            Methods = [typeof(NodeCommand.LoadHistory)],
        },
    ];
}
