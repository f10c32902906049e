using PeerChat.Node.Engine;
using PeerChat.Node.Storage;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>A command of a face; whoever waits gets the reply when what it changed is durable.</summary>
/// <param name="command">The command.</param>
/// <param name="prepare">What the host has to do for a command before the engine does.</param>
internal sealed class CommandRequest(NodeCommand command, Action<NodeCommand> prepare) : LoopRequest
{
    // The waiter goes on elsewhere: the loop thread runs nobody else's code.
    private readonly TaskCompletionSource<NodeReply> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private NodeReply? _reply;

    /// <summary>The reply.</summary>
    public Task<NodeReply> Reply => _answer.Task;

    /// <summary>Called on the loop thread with the reply just before the waiter gets it.</summary>
    public Action<NodeReply>? OnReply { get; init; }

    /// <inheritdoc/>
    public override void Handle(NodeEngine engine, Instant now, WallTime wall)
    {
        try
        {
            prepare(command);
        }
        catch (StorageException failed)
        {
            // A file beside the history, so that nothing else is lost and the node goes on.
            _reply = new NodeReply.Refused(RefusalCode.Storage, failed.Message);
            return;
        }

        _reply = engine.HandleCommand(command, now, wall);
    }

    /// <inheritdoc/>
    public override void Complete(NodeEngine engine) => Answer(_reply!);

    /// <inheritdoc/>
    public override void FailStorage(StorageException failure) =>
        Answer(new NodeReply.Refused(RefusalCode.Storage, failure.Message));

    /// <inheritdoc/>
    public override void Fail(NodeGoneException gone) => _answer.TrySetException(gone);

    private void Answer(NodeReply reply)
    {
        OnReply?.Invoke(reply);
        _answer.TrySetResult(reply);
    }
}
