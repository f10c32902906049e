using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Frames that came in a file.</summary>
internal sealed partial class NodeEngine
{
    private NodeReply ImportFrames(NodeCommand.ImportFrames import)
    {
        if (
            !Bytes32.TryParseHex(import.Room, out var id)
            || _chats.Values.FirstOrDefault(chat => chat.Room?.Id.Value == id) is not { Room: { } room } chat
        )
        {
            return new NodeReply.Refused(
                RefusalCode.NoSuchChat,
                "The bundle is of a chat that this profile does not have; accept its sender as a contact or join the room first."
            );
        }

        if (!PeerIdText.TryParse(import.From, out var from))
        {
            return Bad($"{Shorten(import.From)} is no full id.");
        }

        if (IsBlocked(from))
        {
            return NotAllowed("Whoever made this bundle is blocked; 'peerchat unblock' takes that back.");
        }

        var frames = new List<ReadOnlyMemory<byte>>();
        foreach (var text in import.Frames)
        {
            var bytes = new byte[(text.Length / 4 * 3) + 3];
            if (!Convert.TryFromBase64String(text, bytes, out var count))
            {
                return Bad("A frame is no base64; take the bundle once more.");
            }

            frames.Add(bytes.AsMemory(0, count));
        }

        if (room.TakeFrames(from, frames, _now, _wall) is not { } entries)
        {
            return Bad(
                $"Something in the bundle breaks the rules of {chat.Title}; what came before it was kept. Ask for another bundle."
            );
        }

        MarkDirty(chat.Key);
        return new NodeReply.FramesTaken(chat.Key, entries);
    }
}
