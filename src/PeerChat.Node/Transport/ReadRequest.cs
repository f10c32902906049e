using PeerChat.Node.Engine;
using PeerChat.Node.Storage;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Reads something of the engine between two turns, so that it fits what the log tells.</summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="read">Reads it; changes nothing.</param>
internal sealed class ReadRequest<T>(Func<NodeEngine, T> read) : LoopRequest
{
    private readonly TaskCompletionSource<T> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>What was read.</summary>
    public Task<T> Answer => _answer.Task;

    /// <inheritdoc/>
    public override void Handle(NodeEngine engine, Instant now, WallTime wall) { }

    /// <inheritdoc/>
    public override void Complete(NodeEngine engine)
    {
        try
        {
            _answer.TrySetResult(read(engine));
        }
        catch (StorageException failed)
        {
            FailStorage(failed); // others of this turn have been done, and hear so
        }
    }

    /// <inheritdoc/>
    public override void Fail(NodeGoneException gone) => _answer.TrySetException(gone);
}
