using PeerChat.Node.Engine;
using PeerChat.Node.Storage;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Something that the loop thread is asked to do.</summary>
internal abstract class LoopRequest
{
    /// <summary>Does it, in the middle of a turn.</summary>
    public abstract void Handle(NodeEngine engine, Instant now, WallTime wall);

    /// <summary>The turn is over: what it changed is durable, and what it told stands in the log.</summary>
    public virtual void Complete(NodeEngine engine) { }

    /// <summary>The turn could not be stored, and nothing of it was done or sent.</summary>
    public virtual void FailStorage(StorageException failure) =>
        Fail(new NodeGoneException(failure.Message, failure));

    /// <summary>The node ended before.</summary>
    public virtual void Fail(NodeGoneException gone) { }
}
