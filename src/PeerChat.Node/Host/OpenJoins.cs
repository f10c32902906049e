namespace PeerChat.Node.Host;

/// <summary>
/// Who is being looked for and which rooms are open, as a face knows it: the next node is asked for the same, because searching is a thing of
/// one run of the node.
/// </summary>
/// <remarks>Thread-safe. No more than the node's open chats, of which it has a limited number.</remarks>
internal sealed class OpenJoins
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, NodeCommand> _joins = new(StringComparer.Ordinal);

    /// <summary>What to ask the next node for.</summary>
    public NodeCommand[] List()
    {
        lock (_gate)
        {
            return [.. _joins.Values];
        }
    }

    /// <summary>This face joined; with the address it gave.</summary>
    public void Remember(NodeCommand command, NodeReply reply)
    {
        if (reply is NodeReply.Opened opened)
        {
            lock (_gate)
            {
                _joins[opened.Chat.Chat] = command;
            }
        }
    }

    /// <summary>Learns from what happens: other faces join too.</summary>
    public void Handle(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.ChatChanged changed:
                Learn(changed.Chat);
                break;
            case NodeEvent.ChatReplaced replaced:
                lock (_gate)
                {
                    _joins.Remove(replaced.OldChat);
                }

                Learn(replaced.Chat);
                break;
            case NodeEvent.ChatRemoved removed:
                lock (_gate)
                {
                    _joins.Remove(removed.Chat); // to join them again would let them in again
                }

                break;
            default:
                break;
        }
    }

    private void Learn(ChatSummary chat)
    {
        // A private room that is there is opened with the profile, and a guest cannot be looked for
        if (
            chat.Kind is ChatKind.PrivateRoom or ChatKind.Guest
            || chat.Connection is ConnectionState.Idle or ConnectionState.Failed
        )
        {
            return;
        }

        lock (_gate)
        {
            _joins.TryAdd(
                chat.Chat,
                chat.Kind == ChatKind.OpenRoom
                    ? new NodeCommand.JoinRoom(chat.Chat[1..])
                    : new NodeCommand.JoinPeer(chat.Chat[1..])
            );
        }
    }
}
