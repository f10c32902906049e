using System.Globalization;
using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Private rooms: made, joined, led.</summary>
internal static class RoomRows
{
    private static readonly int[] Codes =
    [
        ExitCode.Done,
        ExitCode.Usage,
        ExitCode.NobodyFound,
        ExitCode.Refused,
        ExitCode.Storage,
        ExitCode.OwnerGone,
        ExitCode.Interrupted,
    ];

    private static readonly Parameter Room = new(
        "--room",
        ParameterKind.Room,
        "The private room, by its title."
    )
    {
        Short = "-r",
    };

    private static readonly string[] Roles = ["member", "inviter", "admin"];

    private static readonly Parameter Who = new("WHO", ParameterKind.Peer, "The member's name or full id.");

    private static readonly Parameter Answer = SharedParameters.Timeout(
        "How long to wait for the answer.",
        TimeSpan.FromSeconds(30)
    );

    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new(
            "room",
            CommandGroup.Rooms,
            "Make a private room, or open one that everybody who knows its name can read."
        )
        {
            Help =
            [
                "room create makes a room whose members you admit by invitation. --history says what newcomers may read: none, all, 'last N' or "
                    + "'since YYYY-MM-DD'.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = ["create"],
                    Placeholder = "create",
                },
                new("TITLE", ParameterKind.Text, "What it is called."),
                new("--history", ParameterKind.Text, "What newcomers may read.") { Default = "none" },
                SharedParameters.Json,
                Answer,
            ],
            Examples = [new("peerchat room create crew --history 'last 50'", "Make a private room.")],
            ExitCodes = Codes,
            Run = RoomCommands.RunCreateAsync,
            Methods = [typeof(NodeCommand.JoinRoom), typeof(NodeCommand.CreateRoom)],
            Slash =
            [
                new(
                    "/room",
                    "NAME [HOST]",
                    "open a room",
                    (chat, words) =>
                        words.Length is 1 or 2 && chat.JoinRoom(words[0], words.ElementAtOrDefault(1))
                ),
                new(
                    "/create",
                    "TITLE",
                    "make a private room",
                    (chat, words) =>
                        words.Length > 0 && chat.AskOfNode(new NodeCommand.CreateRoom(Joined(words)))
                ),
            ],
        },
        new(
            "invite",
            CommandGroup.Rooms,
            "Make, list or revoke contact links, and invitations to a private room."
        )
        {
            Help =
            [
                "Without --room it is a contact link: whoever joins by it and you become each other's contacts. It says where you can be met: the "
                    + "addresses of this machine, and the services named by --peerserver and --tracker.",
                "The link lets in whoever has it, as long as your PeerChat runs to admit them: send it by a way that you trust.",
            ],
            Parameters =
            [
                Room,
                new("--expires", ParameterKind.Text, "After how long it ends: 30m, 12h, 7d, or never.")
                {
                    Default = "7d",
                },
                new("--uses", ParameterKind.Number, "How many people it admits.")
                {
                    Default = "1",
                    Maximum = 1000,
                },
                new(
                    "--role",
                    ParameterKind.Choice,
                    "What they may do in the room: read and write; invite as well; do everything."
                )
                {
                    Choices = Roles,
                    Placeholder = string.Join('|', Roles),
                    Default = "member",
                },
                new("--list", ParameterKind.Flag, "List the open invitations instead."),
                new("--revoke", ParameterKind.Number, "End the invitation of this number instead."),
                SharedParameters.Json,
                Answer,
            ],
            Examples =
            [
                new("peerchat invite", "A contact link and its QR code, for one person within a week."),
                new("peerchat invite --room crew", "A link and a QR code for one person."),
                new("peerchat invite --room crew --expires 1h --uses 5", "For five people, within the hour."),
                new("peerchat invite --room crew --role inviter", "For somebody who invites others in turn."),
            ],
            ExitCodes = Codes,
            Run = RoomCommands.RunInviteAsync,
            Methods =
            [
                typeof(NodeCommand.Invite),
                typeof(NodeCommand.ListInvitations),
                typeof(NodeCommand.RevokeInvitation),
            ],
            Slash =
            [
                new(
                    "/invite",
                    "[USES] [inviter|admin]",
                    "make an invitation to this private room",
                    (chat, words) =>
                        words.Length <= 2
                        && (words.Length < 2 || Roles.Contains(words[1]))
                        && TryNumber(words.ElementAtOrDefault(0) ?? "1", out var uses)
                        && chat.AskOfChat(here => new NodeCommand.Invite(
                            here,
                            null,
                            (int)uses,
                            RoomCommands.RoleOf(words.ElementAtOrDefault(1) ?? "")
                        ))
                ),
                new(
                    "/link",
                    "[USES]",
                    "make a contact link: whoever joins by it becomes your contact",
                    (chat, words) =>
                        words.Length <= 1
                        && TryNumber(words.ElementAtOrDefault(0) ?? "1", out var uses)
                        && chat.AskOfNode(new NodeCommand.Invite(null, null, (int)uses))
                ),
                new(
                    "/links",
                    "",
                    "list your open contact links",
                    (chat, words) => words.Length == 0 && chat.AskOfNode(new NodeCommand.ListInvitations())
                ),
                new(
                    "/invitations",
                    "",
                    "list the open invitations to this room",
                    (chat, words) =>
                        words.Length == 0 && chat.AskOfChat(here => new NodeCommand.ListInvitations(here))
                ),
                new(
                    "/revoke",
                    "N",
                    "end an invitation",
                    (chat, words) =>
                        words.Length == 1
                        && TryNumber(words[0], out var number)
                        && chat.AskOfNode(new NodeCommand.RevokeInvitation(number))
                ),
            ],
        },
        new(
            "join",
            CommandGroup.Rooms,
            "Join by an invitation or a contact link, and wait until its owner was met."
        )
        {
            Parameters =
            [
                new("LINK", ParameterKind.Text, "The invitation or contact link."),
                SharedParameters.Address,
                SharedParameters.Json,
                SharedParameters.Timeout("How long to look for the inviter.", TimeSpan.FromSeconds(30)),
            ],
            Examples = [new("peerchat join peerchat:join/040g…", "Join by the link that you were sent.")],
            ExitCodes = Codes,
            Run = RoomCommands.RunJoinAsync,
            Methods = [typeof(NodeCommand.JoinPeer), typeof(NodeCommand.JoinLink)],
            Slash =
            [
                new(
                    "/join",
                    "NAME|ID|LINK [HOST]",
                    "chat with a person, or join by an invitation",
                    (chat, words) =>
                        words.Length is 1 or 2 && chat.JoinPeer(words[0], words.ElementAtOrDefault(1))
                ),
            ],
        },
        new("members", CommandGroup.Rooms, "List who belongs to a private room, with roles and topic.")
        {
            Parameters = [Room, SharedParameters.Json, Answer],
            Examples = [new("peerchat members --room crew", "A line a member.")],
            ExitCodes = Codes,
            Run = RoomCommands.RunMembersAsync,
            Methods = [typeof(NodeCommand.ListMembers)],
            Slash =
            [
                new(
                    "/members",
                    "",
                    "list who belongs to this private room",
                    (chat, words) =>
                        words.Length == 0 && chat.AskOfChat(here => new NodeCommand.ListMembers(here))
                ),
            ],
        },
        Change(
            "remove",
            "Remove a member from a private room: nothing written from now on can they read."
        ) with
        {
            Methods = [typeof(NodeCommand.RemoveMember)],
            Slash =
            [
                ChangeHere(
                    "/remove",
                    "remove a member",
                    (here, who) => new NodeCommand.RemoveMember(here, who)
                ),
            ],
        },
        Change("promote", "Make a member of a private room an admin.") with
        {
            Methods = [typeof(NodeCommand.PromoteMember)],
            Slash =
            [
                ChangeHere(
                    "/promote",
                    "make a member an admin",
                    (here, who) => new NodeCommand.PromoteMember(here, who)
                ),
            ],
        },
        Change("demote", "Take a member's role in a private room away, for good.") with
        {
            Methods = [typeof(NodeCommand.DemoteMember)],
            Slash =
            [
                ChangeHere(
                    "/demote",
                    "take a member's role away",
                    (here, who) => new NodeCommand.DemoteMember(here, who)
                ),
            ],
        },
        new("leave", CommandGroup.Rooms, "Leave a private room for good; what was written stays.")
        {
            Parameters = [Room, SharedParameters.Json, Answer],
            Examples = [new("peerchat leave --room crew", "Coming back needs an invitation.")],
            ExitCodes = Codes,
            Run = RoomCommands.RunLeaveAsync,
            Methods = [typeof(NodeCommand.LeaveRoom)],
            Slash =
            [
                new(
                    "/leave",
                    "",
                    "leave this private room for good",
                    (chat, words) =>
                        words.Length == 0 && chat.AskOfChat(here => new NodeCommand.LeaveRoom(here))
                ),
            ],
        },
        new("topic", CommandGroup.Rooms, "Set what a private room is about.")
        {
            Parameters = [new("TEXT", ParameterKind.Text, "The topic."), Room, SharedParameters.Json, Answer],
            Examples = [new("peerchat topic --room crew 'landing at six'", "Everybody sees it in /members.")],
            ExitCodes = Codes,
            Run = RoomCommands.RunTopicAsync,
            Methods = [typeof(NodeCommand.SetTopic)],
            Slash =
            [
                new(
                    "/topic",
                    "[TEXT]",
                    "set what this private room is about",
                    (chat, words) => chat.AskOfChat(here => new NodeCommand.SetTopic(here, Joined(words)))
                ),
            ],
        },
        new("policy", CommandGroup.Rooms, "Set what newcomers of a private room may read.")
        {
            Parameters =
            [
                new("HISTORY", ParameterKind.Text, "none, all, 'last N' or 'since YYYY-MM-DD'."),
                Room,
                SharedParameters.Json,
                Answer,
            ],
            Examples =
            [
                new(
                    "peerchat policy --room crew 'last 100'",
                    "Who comes from now on reads the last hundred messages."
                ),
            ],
            ExitCodes = Codes,
            Run = RoomCommands.RunPolicyAsync,
            Methods = [typeof(NodeCommand.SetPolicy)],
            Slash =
            [
                new(
                    "/policy",
                    "none|all|last N|since DAY",
                    "set what newcomers may read",
                    (chat, words) =>
                        words.Length > 0
                        && chat.AskOfChat(here => new NodeCommand.SetPolicy(here, Joined(words)))
                ),
            ],
        },
        new(
            "continue",
            CommandGroup.Rooms,
            "Go on in a new room where a private room has lost all its admins."
        )
        {
            Help = ["Its members find an invitation to the new room in the old one."],
            Parameters = [Room, SharedParameters.Json, Answer],
            Examples =
            [
                new("peerchat continue --room crew", "The new room has the same title; you are its admin."),
            ],
            ExitCodes = Codes,
            Run = RoomCommands.RunContinueAsync,
            Methods = [typeof(NodeCommand.ContinueRoom)],
            Slash =
            [
                new(
                    "/continue",
                    "",
                    "go on in a new room where all admins are lost",
                    (chat, words) =>
                        words.Length == 0 && chat.AskOfChat(here => new NodeCommand.ContinueRoom(here))
                ),
            ],
        },
    ];

    private static CommandRow Change(string name, string summary) =>
        new(name, CommandGroup.Rooms, summary)
        {
            Parameters = [Who, Room, SharedParameters.Json, Answer],
            Examples = [new($"peerchat {name} carol --room crew", summary)],
            ExitCodes = Codes,
            Run = RoomCommands.RunChangeAsync,
        };

    private static SlashForm ChangeHere(
        string name,
        string help,
        Func<string, string, NodeCommand> command
    ) =>
        new(
            name,
            "WHO",
            help,
            (chat, words) => words.Length == 1 && chat.AskOfChat(here => command(here, words[0]))
        );

    private static string Joined(string[] words) => string.Join(' ', words);

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number is > 0 and < int.MaxValue;
}
