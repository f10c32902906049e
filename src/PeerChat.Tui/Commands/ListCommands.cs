using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat rooms</c> and <c>peerchat contacts</c>: what the node knows, one line each.</summary>
internal static class ListCommands
{
    /// <summary>Lists the chats.</summary>
    public static Task<int> RunRoomsAsync(Call call, CancellationToken cancellation) =>
        RunAsync<NodeReply.Chats>(
            call,
            new NodeCommand.ListChats(),
            (reply, isJson) => reply.All.Select(chat => isJson ? JsonLines.Of(chat) : ReplyLines.Of(chat)),
            cancellation
        );

    /// <summary>Lists the contacts.</summary>
    public static Task<int> RunContactsAsync(Call call, CancellationToken cancellation) =>
        RunAsync<NodeReply.Contacts>(
            call,
            new NodeCommand.ListContacts(),
            (reply, isJson) =>
                reply.All.Select(contact => isJson ? JsonLines.Of(contact) : ReplyLines.Of(contact)),
            cancellation
        );

    private static async Task<int> RunAsync<T>(
        Call call,
        NodeCommand question,
        Func<T, bool, IEnumerable<string>> lines,
        CancellationToken cancellation
    )
        where T : NodeReply
    {
        var isJson = call.Flag("--json");
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions(call.Row.Name, WithEvents: false),
                deadline.Token
            );
            foreach (var line in lines(await node.AskAsync<T>(question, deadline.Token), isJson))
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
