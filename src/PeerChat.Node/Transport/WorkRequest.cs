using PeerChat.Node.Engine;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>A piece of the node's own work that nobody waits for.</summary>
/// <param name="work">What to do.</param>
internal sealed class WorkRequest(Action<NodeEngine> work) : LoopRequest
{
    /// <inheritdoc/>
    public override void Handle(NodeEngine engine, Instant now, WallTime wall) => work(engine);
}
