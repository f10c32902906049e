using System.Threading.Channels;

namespace PeerChat.Node;

/// <summary>The running peer as its faces see it: commands in, events out.</summary>
public interface IPeerChatNode
{
    /// <summary>What happens, in order. Ends after <see cref="NodeEvent.Stopped"/>.</summary>
    ChannelReader<NodeEvent> Events { get; }

    /// <summary>Asks for something. Never blocks; the outcome comes as events.</summary>
    void Post(NodeCommand command);
}
