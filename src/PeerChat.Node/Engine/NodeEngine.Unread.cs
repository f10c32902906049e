using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>What has been read on this profile. It is kept over a restart, and nobody else hears of it.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Entries looked at for unread messages at most, edits and reactions among them.</summary>
    private const int MaxUnreadEntries = 4 * UnreadCount.Max;

    private int UnreadOf(Chat chat)
    {
        if (chat.Unread is null)
        {
            chat.ReadTo ??= _store.ChatSettings.Read(chat.Key).ReadTo;
            chat.Unread = new UnreadCount(
                chat is { Room: { } room, ReadTo: { } readTo } ? ArrivalsAfter(room, readTo) : []
            );
        }

        return chat.Unread.Count;
    }

    private IEnumerable<long> ArrivalsAfter(Room room, long arrival) =>
        _store
            .Entries.ReadArrivals(room.Id, arrival, long.MaxValue, MaxUnreadEntries)
            .Select(entry => room.Find(entry.Id))
            .OfType<RoomMessage>()
            .Where(message => !message.IsOwn)
            .Take(UnreadCount.Max)
            .Select(message => message.Arrival);

    /// <summary>Counts a message that has come; the first of all says from where on something can be unread.</summary>
    private void CountUnread(Chat chat, ChatMessage message)
    {
        if (message.IsOwn)
        {
            return;
        }

        chat.Unread?.Add(message.Arrival);
        chat.ReadTo ??= _store.ChatSettings.Read(chat.Key).ReadTo;
        if (chat.ReadTo is null && message.Arrival > 0)
        {
            WriteReadTo(chat, message.Arrival - 1);
        }
    }

    /// <summary>Keeps that all up to a message was read.</summary>
    private void KeepRead(Chat chat, Room room, EntryId id)
    {
        chat.ReadTo ??= _store.ChatSettings.Read(chat.Key).ReadTo;
        if (room.Find(id) is not { Arrival: > 0 and var arrival } || arrival <= chat.ReadTo)
        {
            return;
        }

        var unread = UnreadOf(chat);
        WriteReadTo(chat, arrival);
        if (unread > 0)
        {
            if (!chat.Unread!.TryRead(arrival))
            {
                chat.Unread = null;
            }

            chat.Told = null; // so that other faces hear of it
            MarkDirty(chat.Key);
        }
    }

    /// <summary>Keeps that a message and all that came after it is unread.</summary>
    private void KeepUnread(Chat chat, Room room, EntryId id)
    {
        if (room.Find(id) is { Arrival: > 0 and var arrival })
        {
            WriteReadTo(chat, arrival - 1);
            (chat.Unread, chat.Told) = (null, null);
            MarkDirty(chat.Key);
        }
    }

    private void WriteReadTo(Chat chat, long arrival)
    {
        chat.ReadTo = arrival;
        _store.ChatSettings.Write(chat.Key, _store.ChatSettings.Read(chat.Key) with { ReadTo = arrival });
    }
}
