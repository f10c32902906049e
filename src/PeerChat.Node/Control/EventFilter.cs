namespace PeerChat.Node.Control;

/// <summary>Which events a client wants.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class EventFilter
{
    private readonly HashSet<string>? _kinds;
    private readonly HashSet<string>? _chats;

    /// <summary>Makes a filter.</summary>
    /// <param name="kinds">The kinds wanted, by their discriminators; null for all.</param>
    /// <param name="chats">The chats wanted; null for all.</param>
    public EventFilter(string[]? kinds, string[]? chats)
    {
        _kinds = kinds is null ? null : new HashSet<string>(kinds, StringComparer.Ordinal);
        _chats = chats is null ? null : new HashSet<string>(chats, StringComparer.Ordinal);
    }

    /// <summary>The name on the wire of every kind of event.</summary>
    public static IReadOnlyCollection<string> Kinds => Names.Values;

    private static Dictionary<Type, string> Names { get; } =
        SurfaceJson.Wire.NodeEvent.PolymorphismOptions!.DerivedTypes.ToDictionary(
            derived => derived.DerivedType,
            derived => (string)derived.TypeDiscriminator!
        );

    /// <summary>Whether the client is told. A chat that gets another name stays wanted under that one.</summary>
    public bool Wants(NodeEvent happened)
    {
        if (happened is NodeEvent.InStep or NodeEvent.Stopped or NodeEvent.HandedOver)
        {
            return true; // without them a client does not know where it stands
        }

        if (_chats is not null && !WantsChat(happened))
        {
            return false;
        }

        return _kinds is null || _kinds.Contains(Names[happened.GetType()]);
    }

    private bool WantsChat(NodeEvent happened)
    {
        if (happened is NodeEvent.ChatReplaced replaced && _chats!.Contains(replaced.OldChat))
        {
            _chats.Add(replaced.Chat.Chat);
        }

        return ChatOf(happened) is not { } chat || _chats!.Contains(chat);
    }

    private static string? ChatOf(NodeEvent happened) =>
        happened switch
        {
            NodeEvent.ChatChanged changed => changed.Chat.Chat,
            NodeEvent.ChatReplaced replaced => replaced.Chat.Chat,
            NodeEvent.MessageShown shown => shown.Message.Chat,
            NodeEvent.MessageReplaced replaced => replaced.Message.Chat,
            NodeEvent.MessageStateChanged changed => changed.Chat,
            NodeEvent.MessageChanged changed => changed.Message.Chat,
            NodeEvent.TypingChanged typing => typing.Chat,
            NodeEvent.MessageHidden hidden => hidden.Chat,
            NodeEvent.HistoryChanged changed => changed.Chat,
            NodeEvent.OutboxQuestion question => question.Chat,
            NodeEvent.BeyondQuestion question => question.Chat,
            NodeEvent.BeyondAnswered answered => answered.Chat,
            NodeEvent.OutboxAnswered answered => answered.Chat,
            NodeEvent.ChatRemoved removed => removed.Chat,
            NodeEvent.Notice notice => notice.Chat,
            _ => null,
        };
}
