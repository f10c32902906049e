namespace PeerChat.Node.Host;

/// <summary>A face's way to a node that runs, here or in another process.</summary>
internal interface IFaceLink : IAsyncDisposable
{
    /// <summary>Whether the node runs in this process.</summary>
    bool IsOwn { get; }

    /// <summary>The process it runs in.</summary>
    int ProcessId { get; }

    /// <summary>Ends when the node is not there any more.</summary>
    Task<LinkEnd> Ended { get; }

    /// <summary>Asks the node; commands reach it in the order of the calls.</summary>
    /// <exception cref="NodeGoneException">It ended before it could answer.</exception>
    Task<NodeReply> AskAsync(NodeCommand command);

    /// <summary>Begins to listen, if that is not so already: what is asked afterwards is heard of by <see cref="PumpAsync"/>.</summary>
    void Listen(FaceFeed feed);

    /// <summary>Listens from where the feed stopped and delivers until the node has ended.</summary>
    Task PumpAsync(FaceFeed feed, CancellationToken cancellation);
}
