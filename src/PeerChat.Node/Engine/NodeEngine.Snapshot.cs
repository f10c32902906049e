namespace PeerChat.Node.Engine;

/// <summary>What a face that begins to listen has to know.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The arrival of the newest message.</summary>
    public long LastArrival => 0;

    /// <summary>The node as it is, as events: ready, every chat, every open request and question. Between turns only.</summary>
    public IReadOnlyList<NodeEvent> Snapshot() => [_ready];

    /// <summary>Messages that arrived after one and up to another, in order of arrival, of chats that are open.</summary>
    /// <returns>The page, and the arrival after which the next one begins; null where nothing follows.</returns>
    public (IReadOnlyList<ChatMessage> Messages, long? Next) MessagesAfter(long after, long upTo, int max) =>
        ([], null);

    /// <summary>The open chats to which something came after one arrival and up to another.</summary>
    public IReadOnlyList<string> ChatsAfter(long after, long upTo) => [];
}
