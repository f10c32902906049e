using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>How a room's message looks on the surface.</summary>
internal static class MessageView
{
    /// <summary>A message of the room.</summary>
    public static ChatMessage Show(
        string chat,
        RoomMessage message,
        DisplayName self,
        PeerId selfId,
        ContactBook contacts,
        FileSummary? file = null
    ) =>
        new(
            chat,
            message.Id.ToString(),
            message.IsOwn
                ? self.ToString()
                : contacts.Find(message.From)?.Name ?? message.FromName.ToString(),
            contacts.IdText(message.From),
            message.IsOwn,
            TextOf(message),
            message.SentAt.UnixMilliseconds,
            StateOf(message.State),
            message.DeliveredTo,
            message.Position.OrderClock,
            message.Arrival,
            ContentOf(message.Content),
            message.ReplyTo?.ToString(),
            message.IsEdited,
            message.Reactions is { Count: > 0 } reactions
                ? [.. reactions.Select(one => Show(one, selfId, self, contacts))]
                : null,
            message.ReadBy,
            message.Recall is { } recall ? new RecallSummary(recall.Asked, recall.Confirmed) : null,
            file
                ?? (
                    message.File is { } announced
                        ? Show(chat, message.Id.ToString(), announced, message.IsOwn)
                        : null
                ),
            message.IsOwn
                ? null
                : contacts.LooksLike(
                    message.From,
                    contacts.Find(message.From)?.Name ?? message.FromName.ToString()
                )
        );

    /// <summary>A file of which nothing is here.</summary>
    public static FileSummary Show(string chat, string id, FileAnnouncement file, bool isOwn) =>
        new(
            chat,
            id,
            file.Name,
            file.Root.ToString(),
            file.Size,
            file.Files,
            file.IsFolder,
            file.MediaType,
            FileNames.MayRun(file.Name),
            isOwn,
            FileState.Announced,
            0,
            0,
            null,
            [],
            0,
            0,
            null,
            null
        );

    private static ReactionSummary Show(
        RoomReaction reaction,
        PeerId selfId,
        DisplayName self,
        ContactBook contacts
    ) =>
        new(
            reaction.Emoji,
            [
                .. reaction.By.Zip(
                    reaction.Names,
                    (id, name) =>
                        id == selfId ? self.ToString() : contacts.Find(id)?.Name.ToString() ?? name.ToString()
                ),
            ],
            reaction.By.Contains(selfId)
        );

    private static string TextOf(RoomMessage message) =>
        message.Content switch
        {
            RoomMessageContent.Text or RoomMessageContent.File => message.Text,
            RoomMessageContent.Unreadable => "(a message that this device has no key for)",
            RoomMessageContent.Recalled when message.Recall is { } recall =>
                $"(recalled: deleted on {recall.Confirmed} of {recall.Asked} other devices)",
            RoomMessageContent.Recalled => "(recalled)",
            RoomMessageContent.Missing => "(a message whose content has not come yet)",
            RoomMessageContent.Expired => "(deleted: the chat keeps nothing that old)",
            _ when message.Text.Length > 0 => $"{message.Text} (needs a newer PeerChat)",
            _ => "(something that needs a newer PeerChat)",
        };

    private static MessageContent ContentOf(RoomMessageContent content) =>
        content switch
        {
            RoomMessageContent.Text => MessageContent.Text,
            RoomMessageContent.File => MessageContent.File,
            RoomMessageContent.Unreadable => MessageContent.Unreadable,
            RoomMessageContent.Recalled => MessageContent.Recalled,
            RoomMessageContent.Missing => MessageContent.Missing,
            RoomMessageContent.Expired => MessageContent.Expired,
            _ => MessageContent.NeedsNewerVersion,
        };

    /// <summary>A text that waits for a key; shown behind everything that is an entry.</summary>
    public static ChatMessage Show(string chat, OutboxText waiting, DisplayName self, PeerId selfId) =>
        new(
            chat,
            WaitingTexts.IdOf(waiting),
            self.ToString(),
            PeerIdText.Format(selfId),
            IsOwn: true,
            waiting.Text,
            waiting.Created.UnixMilliseconds,
            DeliveryState.Queued,
            DeliveredTo: 0,
            Order: ulong.MaxValue,
            Content: waiting.File is null ? MessageContent.Text : MessageContent.File
        );

    /// <summary>A message's state on the surface.</summary>
    public static DeliveryState StateOf(RoomMessageState state) =>
        state switch
        {
            RoomMessageState.Queued => DeliveryState.Queued,
            RoomMessageState.Sent => DeliveryState.Sent,
            RoomMessageState.Delivered => DeliveryState.Delivered,
            RoomMessageState.Read => DeliveryState.Read,
            _ => DeliveryState.Received,
        };
}
