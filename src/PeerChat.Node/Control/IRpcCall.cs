namespace PeerChat.Node.Control;

/// <summary>A request that waits for its answer.</summary>
internal interface IRpcCall
{
    /// <summary>Takes the answer in, while the line it stands in is still there.</summary>
    void Finish(RpcIncoming answer);

    /// <summary>No answer comes.</summary>
    void Fail(Exception why);
}
