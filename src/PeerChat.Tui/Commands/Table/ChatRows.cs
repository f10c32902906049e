using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Opening and moving between chats.</summary>
internal static class ChatRows
{
    /// <summary>The program without a verb.</summary>
    public static readonly CommandRow Root = new(
        "",
        CommandGroup.Chatting,
        "Chat without a server: peer to peer, end-to-end encrypted, in the terminal."
    )
    {
        Help =
        [
            "Opens the chat on the full screen, or in lines where there is no terminal for it. If another process runs the profile already, "
                + "this screen attaches to it and both stay in step.",
        ],
        Parameters =
        [
            new(
                "--join",
                ParameterKind.Peer,
                "Open a chat with this person: a name on the local network, a contact, a full id, or an invitation (repeatable)."
            )
            {
                Short = "-j",
                IsRepeatable = true,
            },
            new(
                "--room",
                ParameterKind.Room,
                "Open this room, which everybody who knows its name can read (repeatable)."
            )
            {
                Short = "-r",
                IsRepeatable = true,
            },
            SharedParameters.Address with
            {
                Help =
                    "Dial this address for the first --join or --room: another subnet, a VPN, a public machine.",
            },
            .. SharedParameters.Screen,
        ],
        Examples =
        [
            new("peerchat --user alice --join bob", "Open a chat with bob."),
            new("peerchat --room dev", "Open a room."),
        ],
        ExitCodes = [ExitCode.Done, ExitCode.Usage, ExitCode.Storage, ExitCode.Interrupted],
        Run = RunCommand.RunAsync,
    };

    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        Root,
        new("decide", CommandGroup.Chatting, "Answer what the node asks.")
        {
            Methods =
            [
                typeof(NodeCommand.ChoosePeer),
                typeof(NodeCommand.ReleaseOutbox),
                typeof(NodeCommand.LookBeyond),
                typeof(NodeCommand.SetAnnounceName),
            ],
            Slash =
            [
                new(
                    "/accept",
                    "",
                    "answer yes, also /yes",
                    (chat, words) => words.Length == 0 && chat.AnswerOldest(true)
                )
                {
                    Aliases = ["/yes"],
                },
                new(
                    "/decline",
                    "",
                    "answer no, also /no",
                    (chat, words) => words.Length == 0 && chat.AnswerOldest(false)
                )
                {
                    Aliases = ["/no"],
                },
                new(
                    "/choose",
                    "N",
                    "pick one of several keys",
                    (chat, words) => words.Length == 1 && chat.Choose(words[0])
                ),
            ],
        },
        new("chat", CommandGroup.Chatting, "Move between the chats.")
        {
            Slash =
            [
                new("/chats", "", "list the chats", (chat, words) => words.Length == 0 && chat.ListChats()),
                new(
                    "/chat",
                    "N|NAME",
                    "show a chat, also Ctrl-K or Alt-K",
                    (chat, words) => words.Length == 1 && chat.OpenNumber(words[0])
                ),
                new(
                    "/who",
                    "",
                    "who is in this chat",
                    (chat, words) => words.Length == 0 && chat.ListMembers()
                ),
                new(
                    "/next",
                    "",
                    "show the next unread",
                    (chat, words) => words.Length == 0 && chat.OpenUnread()
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/unread",
                    "",
                    "scroll to what you read last, also Alt-U",
                    (chat, words) => words.Length == 0 && chat.GoToLastRead()
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/select",
                    "",
                    "select a message: copy, open, details; also Alt-M",
                    (chat, words) => words.Length == 0 && chat.SelectMessage()
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/editor",
                    "",
                    "write with VISUAL or EDITOR, also Alt-E",
                    (chat, words) => words.Length == 0 && chat.EditDraft()
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/bare",
                    "",
                    "show only messages, for copying; also Alt-L",
                    (chat, words) => words.Length == 0 && chat.ToggleBare()
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/redraw",
                    "",
                    "draw the screen anew",
                    (chat, words) => words.Length == 0 && chat.Redraw()
                )
                {
                    IsForScreen = true,
                },
            ],
        },
    ];
}
