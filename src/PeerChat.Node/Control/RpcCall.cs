namespace PeerChat.Node.Control;

/// <summary>A request that waits for its answer.</summary>
internal abstract class RpcCall
{
    /// <summary>Takes the answer in, while the line it stands in is still there.</summary>
    public abstract void Finish(RpcIncoming answer);

    /// <summary>No answer comes.</summary>
    public abstract void Fail(Exception why);
}
