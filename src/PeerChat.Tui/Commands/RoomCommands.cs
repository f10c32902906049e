using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>The verbs of private rooms.</summary>
internal static class RoomCommands
{
    /// <summary>Makes a room.</summary>
    public static Task<int> RunCreateAsync(Call call, CancellationToken cancellation) =>
        call.Text("ACTION") == "create" && call.Text("TITLE") is { } title
            ? AskAsync(call, new NodeCommand.CreateRoom(title, call.Text("--history")), cancellation)
            : throw new UsageException(Words.Of("Say what it is called: peerchat room create TITLE."));

    /// <summary>Makes, lists or revokes invitations.</summary>
    public static Task<int> RunInviteAsync(Call call, CancellationToken cancellation)
    {
        if (call.Number("--revoke") is { } number)
        {
            return AskAsync(call, new NodeCommand.RevokeInvitation(number), cancellation);
        }

        return AskAsync(
            call,
            call.Flag("--list")
                ? new NodeCommand.ListInvitations(call.Text("--room")?.TrimStart('#'))
                : new NodeCommand.Invite(
                    call.Text("--room")?.TrimStart('#'),
                    Lifetimes.ToSeconds(call.Text("--expires")!),
                    call.Number("--uses")!.Value,
                    RoleOf(call.Text("--role")!)
                ),
            cancellation
        );
    }

    /// <summary>The role of a word; of none of them a plain member's.</summary>
    public static RoomRole RoleOf(string word) =>
        word switch
        {
            "inviter" => RoomRole.Inviter,
            "admin" => RoomRole.Admin,
            _ => RoomRole.Member,
        };

    /// <summary>Lists the members.</summary>
    public static Task<int> RunMembersAsync(Call call, CancellationToken cancellation) =>
        AskAsync(call, new NodeCommand.ListMembers(RoomOf(call)), cancellation);

    /// <summary>Removes, promotes or demotes a member.</summary>
    public static Task<int> RunChangeAsync(Call call, CancellationToken cancellation)
    {
        if (call.Text("WHO") is not { } who)
        {
            throw new UsageException(Words.Of($"Say whom: peerchat {call.Row.Name} WHO --room ROOM."));
        }

        var room = RoomOf(call);
        return AskAsync(
            call,
            call.Row.Name switch
            {
                "remove" => new NodeCommand.RemoveMember(room, who),
                "promote" => new NodeCommand.PromoteMember(room, who),
                _ => new NodeCommand.DemoteMember(room, who),
            },
            cancellation
        );
    }

    /// <summary>Leaves.</summary>
    public static Task<int> RunLeaveAsync(Call call, CancellationToken cancellation) =>
        AskAsync(call, new NodeCommand.LeaveRoom(RoomOf(call)), cancellation);

    /// <summary>Sets the topic.</summary>
    public static Task<int> RunTopicAsync(Call call, CancellationToken cancellation) =>
        AskAsync(call, new NodeCommand.SetTopic(RoomOf(call), call.Text("TEXT") ?? ""), cancellation);

    /// <summary>Sets what newcomers may read.</summary>
    public static Task<int> RunPolicyAsync(Call call, CancellationToken cancellation) =>
        call.Text("HISTORY") is { } history
            ? AskAsync(call, new NodeCommand.SetPolicy(RoomOf(call), history), cancellation)
            : throw new UsageException(
                Words.Of("Say what newcomers may read: none, all, 'last N' or 'since YYYY-MM-DD'.")
            );

    /// <summary>Goes on in a new room.</summary>
    public static Task<int> RunContinueAsync(Call call, CancellationToken cancellation) =>
        AskAsync(call, new NodeCommand.ContinueRoom(RoomOf(call)), cancellation);

    /// <summary>Joins by an invitation, and waits for the admission.</summary>
    public static async Task<int> RunJoinAsync(Call call, CancellationToken cancellation)
    {
        if (call.Text("LINK") is not { } link)
        {
            throw new UsageException(Words.Of("Give the invitation: peerchat join LINK."));
        }

        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions() with
                {
                    Announce = AnnouncePolicy.Always,
                },
                new FaceOptions(call.Row.Name),
                deadline.Token
            );
            var opened = await node.AskAsync<NodeReply.Opened>(
                new NodeCommand.JoinLink(link, call.Text("--peer")),
                deadline.Token
            );
            if (opened.Chat.Kind == ChatKind.Direct)
            {
                var waiting = new Waiting(
                    node,
                    new ChatTarget(opened.Chat.Chat[1..], null, call.Text("--peer")),
                    call.Flag("--json") ? new JsonWriter(Console.Out) : new LineWriter(Console.Out)
                );
                return await waiting.ForPersonAsync(deadline.Token);
            }

            return await WaitForAdmissionAsync(node, opened.Chat.Chat, call.Flag("--json"), deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of(
                    $"The inviter was not met within {Timeouts.Format(deadline.Limit)}: their PeerChat has to run, on the same network, at an address given by --peer, or at a service that both use. The invitation is kept; whenever PeerChat runs, it goes on asking."
                )
            );
            return ExitCode.NobodyFound;
        }
    }

    private static async Task<int> WaitForAdmissionAsync(
        NodeFace node,
        string chat,
        bool isJson,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            // In this order: before one is a member, the chat has no name but that of an invitation
            if (
                await node.AskAsync(new NodeCommand.ListMembers(chat), cancellation)
                    is NodeReply.Members members
                && Array.Exists(members.All, member => member.IsSelf)
                && await node.AskAsync<NodeReply.Chats>(new NodeCommand.ListChats(), cancellation) is { } all
                && Array.Find(all.All, one => one.Chat == chat) is { } joined
            )
            {
                Console.Out.WriteLine(isJson ? JsonLines.Of(joined) : ReplyLines.Of(joined));
                return ExitCode.Done;
            }

            if (!await SomethingHappensAsync(node, chat, cancellation))
            {
                return ExitCode.Refused;
            }
        }
    }

    private static async Task<bool> SomethingHappensAsync(
        NodeFace node,
        string chat,
        CancellationToken cancellation
    )
    {
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            switch (happened)
            {
                case NodeEvent.JoinFailed failed when failed.Target == chat:
                    PeerChatCommandLine.Say(PlainText.Clean(failed.Text));
                    return false;
                case NodeEvent.ChatChanged changed when changed.Chat.Chat == chat:
                case NodeEvent.Notice { Chat: { } noticed } when noticed == chat:
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static string RoomOf(Call call) =>
        call.Text("--room")?.TrimStart('#')
        ?? throw new UsageException(Words.Of("Say which room: --room ROOM; 'peerchat rooms' lists them."));

    private static async Task<int> AskAsync(Call call, NodeCommand command, CancellationToken cancellation)
    {
        var isJson = call.Row.Parameters.Any(parameter => parameter.Name == "--json") && call.Flag("--json");
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions(call.Row.Name, WithEvents: false),
                deadline.Token
            );
            var reply = await node.AskAsync(command, deadline.Token);
            if (reply is NodeReply.Refused refused)
            {
                throw new CommandFailedException(Asking.CodeOf(refused.Code), refused.Text);
            }

            if (reply is NodeReply.Done && RoomLines.DoneBy(command) is { } done)
            {
                Console.Out.WriteLine(isJson ? JsonLines.OfDone(call.Row.Name) : done);
            }

            foreach (var line in isJson ? RoomLines.JsonOf(reply) : ReplyLines.Of(reply))
            {
                Console.Out.WriteLine(line);
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of($"The node did not answer within {Timeouts.Format(deadline.Limit)}.")
            );
            return ExitCode.NobodyFound;
        }
    }
}
