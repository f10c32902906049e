using System.Threading.Channels;

namespace PeerChat.Node;

/// <summary>A face's way to the node of a profile, in this process or in another one.</summary>
public sealed class NodeFace : IPeerChatNode
{
    private readonly PeerChatNode _own;

    private NodeFace(PeerChatNode own) => _own = own;

    /// <inheritdoc/>
    public ChannelReader<NodeEvent> Events => _own.Events;

    /// <summary>Attaches to the process that runs the node, or runs it here.</summary>
    /// <exception cref="NodeStartException">It cannot; the message says why and what to do.</exception>
    public static Task<NodeFace> OpenAsync(
        NodeOptions options,
        FaceOptions face,
        CancellationToken cancellation = default
    ) => Task.FromResult(new NodeFace(PeerChatNode.Start(options)));

    /// <inheritdoc/>
    public void Post(NodeCommand command) => _own.Post(command);

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default) =>
        _own.AskAsync(command, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _own.DisposeAsync();
}
