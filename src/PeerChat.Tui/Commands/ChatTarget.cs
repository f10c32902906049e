using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The one chat that a script means: a person or a room.</summary>
/// <param name="Peer">A name or full id, or null.</param>
/// <param name="Room">A room's name, or null.</param>
/// <param name="Address">HOST[:PORT] to dial, or null.</param>
internal sealed record ChatTarget(string? Peer, string? Room, string? Address)
{
    /// <summary>What a join command means; null for any other command.</summary>
    public static ChatTarget? Of(NodeCommand? command) =>
        command switch
        {
            NodeCommand.JoinPeer join => new ChatTarget(join.Target, null, join.Address),
            NodeCommand.JoinRoom join => new ChatTarget(null, join.Room, join.Address),
            _ => null,
        };

    /// <summary>What to call it in a sentence.</summary>
    public string Title => Peer ?? "#" + Room;

    /// <summary>The command that opens it.</summary>
    public NodeCommand ToJoin() =>
        Peer is { } peer ? new NodeCommand.JoinPeer(peer, Address) : new NodeCommand.JoinRoom(Room!, Address);

    /// <summary>Whether a failed join is the one meant; text that waits for others is looked for beside it.</summary>
    public bool Failed(NodeEvent.JoinFailed failed, string? chat) =>
        failed.Target == chat
        || failed.Target == Peer
        || failed.Target == "@" + Peer
        || failed.Target == "?" + Peer
        || failed.Target == Room
        || failed.Target == "#" + Room;

    /// <summary>Whether a chat is the one meant.</summary>
    public bool Names(ChatSummary chat) =>
        Peer is { } peer
            ? peer.StartsWith('%')
                ? chat.Kind == ChatKind.Guest
                    && (
                        chat.Chat == peer
                        || string.Equals(chat.Title, peer, StringComparison.OrdinalIgnoreCase)
                    )
                : chat.Kind == ChatKind.Direct
                    && (
                        chat.Chat == "@" + peer
                        || chat.Chat == "?" + peer
                        || string.Equals(chat.Title, peer, StringComparison.OrdinalIgnoreCase)
                    )
            : string.Equals(
                chat.Kind == ChatKind.PrivateRoom ? chat.Title : chat.Chat,
                chat.Kind == ChatKind.PrivateRoom ? Room : "#" + Room,
                StringComparison.OrdinalIgnoreCase
            );
}
