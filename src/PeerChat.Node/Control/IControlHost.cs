namespace PeerChat.Node.Control;

/// <summary>The node as the control socket serves it.</summary>
internal interface IControlHost
{
    /// <summary>What a client is told about it, the process included.</summary>
    HelloResult Introduction { get; }

    /// <summary>Who is attached.</summary>
    FaceRegistry Faces { get; }

    /// <summary>Asks the node; commands reach it in the order of the calls.</summary>
    /// <exception cref="NodeGoneException">It ended before it could answer.</exception>
    Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation);

    /// <summary>Begins to listen.</summary>
    /// <exception cref="NodeGoneException">The node has ended.</exception>
    Task<Subscription> SubscribeAsync(Resume? resume);

    /// <summary>Begins to give the profile to another process and returns at once.</summary>
    void HandOver(int processId);
}
