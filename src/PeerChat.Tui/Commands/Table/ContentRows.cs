using PeerChat.Node;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Commands.Table;

/// <summary>What is done with messages that are there already.</summary>
internal static class ContentRows
{
    private const string WhichMessage =
        "MESSAGE is an id as 'history --json' shows it, its first 6 digits or more, or a number: 1 is the newest message of the chat; of your own, where it has to be yours.";

    private static readonly int[] Codes =
    [
        ExitCode.Done,
        ExitCode.Usage,
        ExitCode.NobodyFound,
        ExitCode.Storage,
        ExitCode.OwnerGone,
        ExitCode.Interrupted,
    ];

    private static readonly Parameter Message = new("MESSAGE", ParameterKind.Text, "Which message.");

    private static readonly Parameter To = new(
        "--to",
        ParameterKind.Peer,
        "In the chat with this contact or full id."
    );

    private static readonly Parameter Room = new("--room", ParameterKind.Room, "In this open room.");

    private static readonly Parameter Answer = SharedParameters.Timeout(
        "How long to wait for the answer.",
        TimeSpan.FromSeconds(30)
    );

    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("edit", CommandGroup.Messages, "Give one of your messages another text.")
        {
            Help =
            [
                WhichMessage,
                "Everybody sees the new text, marked as edited; older texts stay in their copies of the log.",
            ],
            Parameters =
            [
                Message,
                new("TEXT", ParameterKind.Text, "The new text; '-' or nothing reads standard input."),
                To,
                Room,
                SharedParameters.Json,
                Answer,
            ],
            Examples = [new("peerchat edit 1 --to bob \"see you at 8\"", "Correct what was written last.")],
            ExitCodes = Codes,
            Run = ContentCommands.EditAsync,
            Methods = [typeof(NodeCommand.EditMessage)],
            Slash =
            [
                new(
                    "/edit",
                    "MESSAGE TEXT",
                    "change your message; 1 is your newest",
                    (chat, words) =>
                        words.Length >= 2
                        && chat.AskOfChat(key => new NodeCommand.EditMessage(
                            key,
                            words[0],
                            string.Join(' ', words[1..])
                        ))
                ),
            ],
        },
        new("reply", CommandGroup.Messages, "Answer a message.")
        {
            Help = [WhichMessage, "The answer refers to the message and copies nothing of it."],
            Parameters =
            [
                Message,
                new("TEXT", ParameterKind.Text, "The answer; '-' or nothing reads standard input."),
                To,
                Room,
                SharedParameters.Json,
                Answer,
            ],
            Examples =
            [
                new("peerchat reply 3f2a91 --room dev yes", "Answer the message whose id begins so."),
            ],
            ExitCodes = Codes,
            Run = ContentCommands.ReplyAsync,
            Slash =
            [
                new(
                    "/reply",
                    "MESSAGE TEXT",
                    "answer a message; 1 is the newest",
                    (chat, words) =>
                        words.Length >= 2
                        && chat.AskOfChat(key => new NodeCommand.SendText(
                            key,
                            string.Join(' ', words[1..]),
                            Reference: null,
                            ReplyTo: words[0]
                        ))
                ),
            ],
        },
        new("react", CommandGroup.Messages, "React to a message, or take the reaction back.")
        {
            Help = [WhichMessage],
            Parameters =
            [
                Message,
                new("EMOJI", ParameterKind.Text, "An emoji or a short word without spaces."),
                To,
                Room,
                new("--remove", ParameterKind.Flag, "Take it back.") { IsAction = true },
                SharedParameters.Json,
                Answer,
            ],
            Examples = [new("peerchat react 1 +1 --to bob", "Say yes without a word.")],
            ExitCodes = Codes,
            Run = ContentCommands.ReactAsync,
            Methods = [typeof(NodeCommand.React)],
            Slash =
            [
                new(
                    "/react",
                    "MESSAGE EMOJI",
                    "react to a message",
                    (chat, words) =>
                        words.Length == 2
                        && chat.AskOfChat(key => new NodeCommand.React(
                            key,
                            words[0],
                            EmojiNames.Find(words[1]) ?? words[1]
                        ))
                ),
                new(
                    "/unreact",
                    "MESSAGE EMOJI",
                    "take a reaction back",
                    (chat, words) =>
                        words.Length == 2
                        && chat.AskOfChat(key => new NodeCommand.React(
                            key,
                            words[0],
                            EmojiNames.Find(words[1]) ?? words[1],
                            true
                        ))
                ),
            ],
        },
        new("recall", CommandGroup.Messages, "Take one of your messages back.")
        {
            Help =
            [
                WhichMessage,
                "Its content and that of its edits is deleted here at once, on the disk too, and at everybody who hears of it, whenever they are "
                    + "met. It is a request: who kept a copy can read on. What nobody was given yet is gone without a trace.",
            ],
            Parameters = [Message, To, Room, SharedParameters.Json, Answer],
            Examples = [new("peerchat recall 1 --to bob", "Take back what was written last.")],
            ExitCodes = Codes,
            Run = ContentCommands.RecallAsync,
            Methods = [typeof(NodeCommand.RecallMessage)],
            Slash =
            [
                new(
                    "/recall",
                    "MESSAGE",
                    "take your message back, everywhere",
                    (chat, words) =>
                        words.Length == 1
                        && chat.AskOfChat(key => new NodeCommand.RecallMessage(key, words[0]))
                ),
            ],
        },
        new("search", CommandGroup.Messages, "Search the stored messages of all chats.")
        {
            Help =
            [
                "All words have to stand in a message; upper and lower case are one, and parts of words count. The newest come first.",
            ],
            Parameters =
            [
                new("TEXT", ParameterKind.Text, "The words."),
                new("--from", ParameterKind.Peer, "Only what this contact or full id wrote."),
                new("--with", ParameterKind.Peer, "Only in the chat with this contact or full id."),
                new("--room", ParameterKind.Room, "Only in this open room."),
                new("--since", ParameterKind.Text, "Not older than this day or time.")
                {
                    Placeholder = "DATE",
                },
                new("--until", ParameterKind.Text, "Not newer than this day or time.")
                {
                    Placeholder = "DATE",
                },
                new("--limit", ParameterKind.Number, "At most N messages.")
                {
                    Maximum = 1000,
                    Default = "100",
                },
                SharedParameters.Json,
                Answer,
            ],
            Examples =
            [
                new(
                    "peerchat search invoice --from bob --since 2026-01-01",
                    "What bob wrote of it this year."
                ),
            ],
            ExitCodes = Codes,
            Run = SearchCommand.RunAsync,
            Methods = [typeof(NodeCommand.SearchMessages)],
            Slash =
            [
                new(
                    "/search",
                    "WORDS",
                    "search this chat",
                    (chat, words) => words.Length >= 1 && chat.Search(string.Join(' ', words))
                ),
            ],
        },
        new(
            "receipts",
            CommandGroup.Messages,
            "Say whether others learn what you have read, and that you are writing."
        )
        {
            Help =
            [
                "Both are off until you switch them on, for all chats or for one; 'default' makes a chat go by what holds for all. Without "
                    + "VALUE it says what holds. That a message has arrived on your device is known to its author in any case.",
            ],
            Parameters =
            [
                new("WHAT", ParameterKind.Choice, "read or typing.")
                {
                    Choices = ["read", "typing"],
                    Placeholder = "read|typing",
                },
                new("VALUE", ParameterKind.Choice, "on, off or default.")
                {
                    Choices = ["on", "off", "default"],
                    Placeholder = "on|off|default",
                },
                To,
                Room,
                Answer,
            ],
            Examples = [new("peerchat receipts read on --to bob", "Bob sees what you have read.")],
            ExitCodes = Codes,
            Run = ContentCommands.ReceiptsAsync,
            Methods =
            [
                typeof(NodeCommand.SetChatOption),
                typeof(NodeCommand.GetChatOptions),
                typeof(NodeCommand.MarkRead),
                typeof(NodeCommand.SetTyping),
            ],
            Slash =
            [
                new(
                    "/receipts",
                    "on|off|default",
                    "whether others learn what you have read",
                    (chat, words) => ContentCommands.SetOption(chat, ChatOption.ReadReceipts, words)
                ),
                new(
                    "/typing",
                    "on|off|default",
                    "whether others see that you are writing",
                    (chat, words) => ContentCommands.SetOption(chat, ChatOption.Typing, words)
                ),
            ],
        },
        new("block", CommandGroup.People, "Want nothing more of somebody.")
        {
            Help =
            [
                "Their connections are refused without a word, what they write in rooms is hidden and passed on to nobody, whoever brings it. "
                    + "--purge deletes the content of what they wrote so far as well. 'peerchat unblock' takes the block back.",
            ],
            Parameters =
            [
                new("PEER", ParameterKind.Peer, "A contact's name or a full id."),
                new("--purge", ParameterKind.Flag, "Delete what they wrote.") { IsAction = true },
                SharedParameters.Json,
                Answer,
            ],
            Examples = [new("peerchat block mallory --purge", "Out of sight and off the disk.")],
            ExitCodes = Codes,
            Run = ContentCommands.BlockAsync,
            Methods = [typeof(NodeCommand.BlockPeer)],
            Slash =
            [
                new(
                    "/block",
                    "PEER [purge]",
                    "want nothing more of somebody",
                    (chat, words) =>
                        words.Length is 1 or 2
                        && (words.Length == 1 || words[1] == "purge")
                        && chat.AskOfNode(new NodeCommand.BlockPeer(words[0], words.Length == 2))
                ),
            ],
        },
        new("unblock", CommandGroup.People, "Take a block back.")
        {
            Parameters =
            [
                new("PEER", ParameterKind.Peer, "A contact's name or a full id."),
                SharedParameters.Json,
                Answer,
            ],
            Examples = [new("peerchat unblock mallory", "They may connect again.")],
            ExitCodes = Codes,
            Run = ContentCommands.UnblockAsync,
            Methods = [typeof(NodeCommand.UnblockPeer)],
            Slash =
            [
                new(
                    "/unblock",
                    "PEER",
                    "take a block back",
                    (chat, words) =>
                        words.Length == 1 && chat.AskOfNode(new NodeCommand.UnblockPeer(words[0]))
                ),
            ],
        },
    ];
}
