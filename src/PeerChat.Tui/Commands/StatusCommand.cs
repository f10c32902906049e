using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat status</c>: how the node that runs is.</summary>
internal static class StatusCommand
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var isJson = call.Flag("--json");
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions("status", Ownership.Never, WithEvents: false),
                deadline.Token
            );
            var answer = await node.AskAsync<NodeReply.Status>(new NodeCommand.GetStatus(), deadline.Token);
            foreach (var line in isJson ? [JsonLines.Of(answer.Node)] : ReplyLines.Of(answer.Node))
            {
                Console.Out.WriteLine(line);
            }

            return ExitCode.Done;
        }
        catch (NodeStartException nobody) when (nobody.Failure == NodeStartFailure.NotRunning)
        {
            PeerChatCommandLine.Say(nobody.Message);
            return ExitCode.NobodyFound;
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
