namespace PeerChat.Node.Host;

/// <summary>A command that waits for its answer, whichever process gives it.</summary>
/// <param name="command">The command.</param>
internal sealed class PendingAsk(NodeCommand command)
{
    private readonly TaskCompletionSource<NodeReply> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>The command.</summary>
    public NodeCommand Command => command;

    /// <summary>The answer.</summary>
    public Task<NodeReply> Answer => _answer.Task;

    /// <summary>The answer is there.</summary>
    public void Finish(NodeReply reply) => _answer.TrySetResult(reply);

    /// <summary>No answer comes.</summary>
    public void Fail(Exception why) => _answer.TrySetException(why);
}
