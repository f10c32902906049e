namespace PeerChat.Node;

/// <summary>Why a JSON-RPC endpoint over standard input and output ended.</summary>
public enum RpcEnd
{
    /// <summary>The client closed its input or said goodbye (exit code 0).</summary>
    ClientLeft,

    /// <summary>
    /// The process that ran the node is gone, or gave the profile to another one; the client was told by <c>closed</c> and starts
    /// again to go on (exit code 7).
    /// </summary>
    OwnerGone,

    /// <summary>The node in this process ended by command (exit code 0).</summary>
    Stopped,

    /// <summary>The node in this process ended because of a failure; the client was told by <c>stopped</c> (exit code 5).</summary>
    Failed,
}
