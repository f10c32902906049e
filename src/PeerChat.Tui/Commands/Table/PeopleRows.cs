using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Who is known, who asks, where one chats.</summary>
internal static class PeopleRows
{
    /// <summary>What commands that ask the node something once may end with.</summary>
    private static readonly int[] OneQuestion =
    [
        ExitCode.Done,
        ExitCode.Usage,
        ExitCode.NobodyFound,
        ExitCode.Storage,
        ExitCode.OwnerGone,
        ExitCode.Interrupted,
    ];

    private static readonly Parameter Answer = SharedParameters.Timeout(
        "How long to wait for the answer.",
        TimeSpan.FromSeconds(30)
    );

    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("rooms", CommandGroup.People, "List the chats: people and rooms, with how they are connected.")
        {
            Aliases = ["chats"],
            Parameters = [SharedParameters.Json, Answer],
            Examples = [new("peerchat rooms", "A line a chat.")],
            ExitCodes = OneQuestion,
            Run = ListCommands.RunRoomsAsync,
            Methods = [typeof(NodeCommand.ListChats)],
        },
        new("contacts", CommandGroup.People, "List the people whose keys are kept.")
        {
            Parameters = [SharedParameters.Json, Answer],
            Examples = [new("peerchat contacts --json", "A JSON object a contact.")],
            ExitCodes = OneQuestion,
            Run = ListCommands.RunContactsAsync,
            Methods = [typeof(NodeCommand.ListContacts)],
            Slash =
            [
                new(
                    "/contacts",
                    "",
                    "list the people whose keys are kept",
                    (chat, words) => words.Length == 0 && chat.ListContacts()
                ),
            ],
        },
        new("requests", CommandGroup.People, "List, accept, decline or undo first-contact requests.")
        {
            Help =
            [
                "WHO is the request's name, the name or the full id of who asks. undo takes an answer back: who was declined may ask again, who "
                    + "was accepted is no contact any more.",
                "Where no node runs, this process runs one and waits up to --timeout until the request comes.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = ["list", "accept", "decline", "undo"],
                    Placeholder = "list|accept|decline|undo",
                    Default = "list",
                },
                new("WHO", ParameterKind.Peer, "Whose request; not with list.") { Placeholder = "WHO" },
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait for the request.", TimeSpan.FromSeconds(30)),
            ],
            Examples =
            [
                new("peerchat requests", "Who asks, and how others were answered."),
                new("peerchat requests accept carol", "Let carol in."),
            ],
            ExitCodes = OneQuestion,
            Run = RequestsCommand.RunAsync,
            Methods =
            [
                typeof(NodeCommand.ListRequests),
                typeof(NodeCommand.AnswerRequest),
                typeof(NodeCommand.UndoAnswer),
            ],
            Slash =
            [
                new(
                    "/requests",
                    "",
                    "list who asks to chat",
                    (chat, words) => words.Length == 0 && chat.ListRequests()
                ),
                new(
                    "/undo",
                    "[WHO]",
                    "take the last answer to a request back",
                    (chat, words) => words.Length <= 1 && chat.UndoAnswer(words.ElementAtOrDefault(0))
                ),
            ],
        },
        new("verify", CommandGroup.People, "Compare keys with a contact, by a number that both see.")
        {
            Help =
            [
                "Without NUMBER it prints the safety number of you and PEER: sixty digits that are the same at both where nobody sits between "
                    + "you. Compare it side by side, or by a voice you know, never in the chat itself. With NUMBER, as PEER sees it, it is compared "
                    + "here, and PEER is verified from then on; another number ends with code 4 and changes nothing.",
            ],
            Parameters =
            [
                new("PEER", ParameterKind.Peer, "A contact's name or a full id."),
                new("NUMBER", ParameterKind.Text, "The number as PEER sees it; spaces do not count."),
                new("--undo", ParameterKind.Flag, "What was compared before counts no more.")
                {
                    IsAction = true,
                },
                SharedParameters.Json,
                Answer,
            ],
            Examples =
            [
                new("peerchat verify bob", "The number to compare."),
                new("peerchat verify bob \"12345 67890 …\"", "Bob's number, as he told you."),
            ],
            ExitCodes = [.. OneQuestion, ExitCode.Refused],
            Run = ContentCommands.VerifyAsync,
            Methods = [typeof(NodeCommand.VerifyPeer)],
            Slash =
            [
                new(
                    "/verify",
                    "[PEER] [NUMBER|undo]",
                    "compare keys, by a number that both see",
                    ContentCommands.Verify
                ),
            ],
        },
        new("id", CommandGroup.People, "Print your full id, by which others can join you without mistake.")
        {
            Parameters = [SharedParameters.Json],
            Examples = [new("peerchat id", "The id alone on a line.")],
            ExitCodes = [ExitCode.Done, ExitCode.Usage, ExitCode.Storage],
            Run = CommandRow.AtOnce(IdCommand.Run),
        },
        new("passphrase", CommandGroup.People, "Protect the keys on this disk by a passphrase.")
        {
            Help =
            [
                "Without a passphrase a thief of the disk reads everything and can pretend to be you. With one, each PeerChat that starts asks "
                    + "for it, on the terminal without echo or from --passphrase-file; a running one goes on. A crash in the middle leaves the old "
                    + "one or the new one. Nobody can recover a passphrase, and copies of identity.keys made before still open with the old one.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do; left out, whether there is one.")
                {
                    Choices = PassphraseCommand.Actions,
                    Placeholder = string.Join('|', PassphraseCommand.Actions),
                },
                new(
                    "--new-passphrase-file",
                    ParameterKind.File,
                    "A file whose first line is the new passphrase; asked on the terminal when left out."
                )
                {
                    IsAction = true,
                },
                SharedParameters.Json,
            ],
            Examples =
            [
                new("peerchat passphrase set", "Asks for one, twice."),
                new(
                    "peerchat passphrase change --passphrase-file old --new-passphrase-file new",
                    "From a script."
                ),
            ],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.Refused,
                ExitCode.Storage,
                ExitCode.Interrupted,
            ],
            Run = CommandRow.AtOnce(PassphraseCommand.Run),
        },
    ];
}
