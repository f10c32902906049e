using PeerChat.Node.Storage;
using PeerChat.Rooms;
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
        ContactBook contacts
    ) =>
        new(
            chat,
            message.Id.ToString(),
            message.IsOwn
                ? self.ToString()
                : contacts.Find(message.From)?.Name ?? message.FromName.ToString(),
            PeerIdText.Format(message.From),
            message.IsOwn,
            message.Content switch
            {
                RoomMessageContent.Text => message.Text,
                RoomMessageContent.Unreadable => "(a message that this device has no key for)",
                _ => "(something that needs a newer PeerChat)",
            },
            message.SentAt.UnixMilliseconds,
            StateOf(message.State),
            message.DeliveredTo,
            message.Position.OrderClock,
            message.Arrival
        );

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
            Order: ulong.MaxValue
        );

    /// <summary>A message's state on the surface.</summary>
    public static DeliveryState StateOf(RoomMessageState state) =>
        state switch
        {
            RoomMessageState.Queued => DeliveryState.Queued,
            RoomMessageState.Sent => DeliveryState.Sent,
            RoomMessageState.Delivered => DeliveryState.Delivered,
            _ => DeliveryState.Received,
        };
}
