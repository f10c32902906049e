using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>A command that asks the node one thing and prints the answer.</summary>
internal static class NodeQuestion
{
    /// <summary>Asks; where no node runs, this process runs one as long as it takes.</summary>
    public static async Task<int> RunAsync(
        Call call,
        Func<IPeerChatNode, CancellationToken, Task<NodeCommand>> make,
        CancellationToken cancellation
    )
    {
        var isJson = call.Row.Parameters.Contains(Table.SharedParameters.Json) && call.Flag("--json");
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions(call.Row.Name, WithEvents: false),
                deadline.Token
            );
            var reply = await node.AskAsync<NodeReply>(await make(node, deadline.Token), deadline.Token);
            foreach (var line in isJson ? JsonLines.Of(reply) : ReplyLines.Of(reply))
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
