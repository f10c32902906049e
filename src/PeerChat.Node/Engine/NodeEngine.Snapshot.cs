namespace PeerChat.Node.Engine;

/// <summary>What a face that begins to listen has to know.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The node as it is, as events: ready, every chat, every open request and question. Between turns only.</summary>
    public IReadOnlyList<NodeEvent> Snapshot() =>
        [
            _ready,
            .. CopyNotices(),
            .. ChatsInOrder().Select(chat => new NodeEvent.ChatChanged(Summarise(chat))),
            .. _requests.Waiting.Select(Received),
            .. _chats.Values.Select(chat => chat.OpenChoice).OfType<NodeEvent>(),
            .. _chats
                .Values.Where(chat =>
                    chat is { OutboxReleased: false, Contact: not null } && _waiting.Count(chat.Key) > 0
                )
                .Select(ReleaseQuestion),
            .. _beyondQuestions.Values,
            .. AsksToAnnounce ? (NodeEvent[])[new NodeEvent.AnnounceQuestion(_options.Name.ToString())] : [],
        ];
}
