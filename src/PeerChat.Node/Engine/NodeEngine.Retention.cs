using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>How long the content of chats is kept on this machine.</summary>
internal sealed partial class NodeEngine
{
    private NodeReply GetRetention(string key) =>
        FindChat(key) is not { } chat ? NoSuchChat(key)
        : chat.Room is not { } room ? NothingKept(chat)
        : RetentionOf(chat, room, deletes: 0, needsConfirmation: false);

    private NodeReply SetRetention(NodeCommand.SetRetention set)
    {
        if (FindChat(set.Chat) is not { } chat)
        {
            return NoSuchChat(set.Chat);
        }

        if (chat.Room is not { } room)
        {
            return NothingKept(chat);
        }

        if (set.KeepSeconds is not { } seconds)
        {
            room.SetRetention(null, _now);
            return RetentionOf(chat, room, deletes: 0, needsConfirmation: false);
        }

        if (seconds < Room.MinRetention.TotalSeconds || seconds > Room.MaxRetention.TotalSeconds)
        {
            return Bad(
                $"Messages can be kept for {Room.MinRetention.TotalSeconds:0} seconds to {Room.MaxRetention.TotalDays:0} days."
            );
        }

        var keep = TimeSpan.FromSeconds(seconds);
        var deletes =
            room.CountOlder(keep, _wall) + (int)_store.Imported.CountBefore(chat.Key, _wall + -keep);
        if (deletes > 0 && !set.Confirmed)
        {
            return RetentionOf(chat, room, deletes, needsConfirmation: true) with { KeepSeconds = seconds };
        }

        room.SetRetention(keep, _now);
        ExpireImported(chat);
        return RetentionOf(chat, room, deletes, needsConfirmation: false);
    }

    private static NodeReply.Retention RetentionOf(
        Chat chat,
        Room room,
        int deletes,
        bool needsConfirmation
    ) =>
        new(
            chat.Key,
            room.Retention is { } keep ? (long)keep.TotalSeconds : null,
            deletes,
            needsConfirmation
        );

    private static NodeReply.Refused NothingKept(Chat chat) =>
        Bad($"Nothing of {chat.Title} is kept yet; say it when there is something.");

    /// <summary>What came from exports goes by the same time; looked at when it is set, at the start and every day.</summary>
    private void ExpireImported(Chat chat)
    {
        if (
            chat.Room is { Retention: { } keep } room
            && room.RetentionTime(_now, _wall) + -keep is var before
            && _store.Imported.CountBefore(chat.Key, before) > 0
            && _store.Imported.RemoveBefore(chat.Key, before) > 0
        )
        {
            _hasErased = true;
            _events.Enqueue(new NodeEvent.HistoryChanged(chat.Key));
        }
    }

    /// <summary>A chat by its key, or a private room by its title.</summary>
    private Chat? FindChat(string key) => _chats.GetValueOrDefault(key) ?? FindPrivateRoom(key);

    /// <summary>What was deleted leaves the search cache and the lines entered, too.</summary>
    private void HandleExpired(Chat chat, RoomEvent.ContentExpired expired)
    {
        _hasErased = true;
        _store.Search.Remove(chat.Room!.Id, [.. expired.Entries.Select(entry => entry.Arrival)]);
        var gone = expired.Texts.ToHashSet(StringComparer.Ordinal);
        if (chat.InputLines.RemoveAll(gone.Contains) > 0)
        {
            _store.Drafts.RemoveInputLines(chat.Key, gone);
        }

        _events.Enqueue(new NodeEvent.HistoryChanged(chat.Key));
    }
}
