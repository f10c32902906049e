using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>What has been read on this profile. It is kept over a restart, and nobody else hears of it.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Unread messages that are counted at most: nobody reads a number above that, and counting opens each.</summary>
    internal const int MaxUnread = 999;

    /// <summary>Entries looked at for them at most, edits and reactions among them.</summary>
    private const int MaxUnreadEntries = 4 * MaxUnread;

    private int UnreadOf(Chat chat)
    {
        if (chat.Unread is { } known)
        {
            return known;
        }

        chat.ReadTo ??= _store.ChatSettings.Read(chat.Key).ReadTo;
        chat.Unread = chat is { Room: { } room, ReadTo: { } readTo } ? CountAfter(room, readTo) : 0;
        return chat.Unread.Value;
    }

    private int CountAfter(Room room, long arrival, long upTo = long.MaxValue) =>
        _store
            .Entries.ReadArrivals(room.Id, arrival, upTo, MaxUnreadEntries)
            .Select(entry => room.Find(entry.Id))
            .Where(message => message is { IsOwn: false })
            .Take(MaxUnread)
            .Count();

    /// <summary>Counts a message that has come; the first of all says from where on something can be unread.</summary>
    private void CountUnread(Chat chat, ChatMessage message)
    {
        if (message.IsOwn)
        {
            return;
        }

        if (chat.Unread is { } known)
        {
            chat.Unread = Math.Min(MaxUnread, known + 1);
        }

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

        var (unread, from) = (UnreadOf(chat), chat.ReadTo);
        WriteReadTo(chat, arrival);
        // Only what lies between is opened: to count all that is left anew for each line of a burst would open the burst many times over.
        // What was too much to be counted is counted anew, though
        chat.Unread =
            unread == 0 ? 0
            : unread == MaxUnread || from is null ? null
            : Math.Max(0, unread - CountAfter(room, from.Value, arrival));
        if (unread > 0)
        {
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
