namespace PeerChat.Node;

/// <summary>JSON-RPC over any pair of streams: what <c>peerchat rpc</c> runs over standard input and output.</summary>
public static class RpcEndpoint
{
    /// <summary>Attaches to the process that runs the node and carries lines to and fro, or runs the node here and serves it.</summary>
    /// <param name="options">The profile and what the node is started with.</param>
    /// <param name="face">What the face calls itself until its client says <c>hello</c>, and whether it may own.</param>
    /// <param name="input">Where the client's lines come from.</param>
    /// <param name="output">Where answers and events go; nothing else may be written there.</param>
    /// <param name="cancellation">Ends it as if the client had left.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="NodeStartException">It cannot begin; nothing was written yet.</exception>
    public static Task<RpcEnd> RunAsync(
        NodeOptions options,
        FaceOptions face,
        Stream input,
        Stream output,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException("The control socket is not there yet.");
}
