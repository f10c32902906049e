using System.Threading.Channels;

namespace PeerChat.Node;

/// <summary>The running peer as one of its faces sees it: commands in, events out. The node may run in another process.</summary>
public interface IPeerChatNode : IAsyncDisposable
{
    /// <summary>What happens, in order. Ends after <see cref="NodeEvent.Stopped"/>.</summary>
    ChannelReader<NodeEvent> Events { get; }

    /// <summary>Asks for something. Never blocks; the outcome, a refusal too, comes as events to this face.</summary>
    void Post(NodeCommand command);

    /// <summary>Asks for something and waits for the answer; what it changed is durable by then.</summary>
    /// <exception cref="NodeGoneException">The node ended before it could answer.</exception>
    Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default);
}
