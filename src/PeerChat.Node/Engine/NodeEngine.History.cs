using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>Messages that are there already: pages, single ones, those a face missed.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The most messages of one page; nobody scrolls through more at once.</summary>
    internal const int MaxHistoryPage = 10_000;

    /// <summary>The most characters of text in one page; what is over comes with the next, so that no page takes the memory of all.</summary>
    internal const int MaxPageText = 4 * 1024 * 1024;

    private NodeReply LoadHistory(NodeCommand.LoadHistory load)
    {
        if (!_chats.TryGetValue(load.Chat, out var chat))
        {
            return NoSuchChat(load.Chat);
        }

        if (load.Count is < 1 or > MaxHistoryPage)
        {
            return Bad($"A page has 1 to {MaxHistoryPage:N0} messages, not {load.Count:N0}.");
        }

        if (chat.Guest is { } talk)
        {
            return HistoryOfGuest(chat, talk, load);
        }

        HistoryPlace? before = null;
        if (load.BeforeMessage is { } text && !WaitingTexts.IsId(text))
        {
            before =
                EntryOf(text) is { } id && chat.Room?.Find(id) is { } entry ? HistoryPlace.Of(entry.Position)
                : HistoryPages.TryGetNumber(text, out var number)
                && _store.Imported.Find(chat.Key, number) is { } imported
                    ? HistoryPlace.Of(imported)
                : null;
            if (before is null)
            {
                return Bad(
                    $"{Shorten(text)} is no message of {chat.Title}; give the id of one, or none for the newest."
                );
            }
        }

        var (messages, hasOlder) = ReadPage(chat, load.Count, before);
        if (load.BeforeMessage is null)
        {
            messages.AddRange(_waiting.Of(chat.Key).Select(waiting => WaitingMessage(chat, waiting)));
        }

        return new NodeReply.History(chat.Key, [.. messages], hasOlder);
    }

    private static NodeReply.History HistoryOfGuest(
        Chat chat,
        Guests.GuestTalk talk,
        NodeCommand.LoadHistory load
    )
    {
        var older = talk.Messages.TakeWhile(message => message.Id != load.BeforeMessage).ToList();
        return new NodeReply.History(chat.Key, [.. older.TakeLast(load.Count)], older.Count > load.Count);
    }

    private (List<ChatMessage> Messages, bool HasOlder) ReadPage(Chat chat, int count, HistoryPlace? before)
    {
        var newestFirst = new List<ChatMessage>();
        var characters = 0L;
        var hasOlder = false;
        foreach (
            var message in HistoryPages.Newest(
                chat.Key,
                chat.Room,
                _store.Imported,
                before,
                count + 1,
                message => Show(chat, message)
            )
        )
        {
            characters += message.Text.Length;
            if (newestFirst.Count == count || (characters > MaxPageText && newestFirst.Count > 0))
            {
                hasOlder = true;
                break;
            }

            newestFirst.Add(message);
        }

        newestFirst.Reverse();
        return (newestFirst, hasOlder);
    }

    private NodeReply FindMessage(NodeCommand.FindMessage find)
    {
        if (!_chats.TryGetValue(find.Chat, out var chat))
        {
            return NoSuchChat(find.Chat);
        }

        ChatMessage? found = chat.Guest?.Messages.FirstOrDefault(message => message.Id == find.Message);
        if (EntryOf(find.Message) is { } id)
        {
            found = chat.Room?.Find(id) is { } message ? Show(chat, message) : null;
        }
        else if (
            HistoryPages.TryGetNumber(find.Message, out var number)
            && _store.Imported.Find(chat.Key, number) is { } imported
        )
        {
            found = HistoryPages.Show(chat.Key, imported);
        }

        found ??=
            _waiting.Of(chat.Key).FirstOrDefault(text => WaitingTexts.IdOf(text) == find.Message)
                is { } waiting
                ? WaitingMessage(chat, waiting)
            : find.Message.Length is >= 1 and <= MaxReference
            && _store.References.Find(find.Message) is { } sent
                ? FindSent(sent)
            : null;
        return new NodeReply.Found(found?.Chat == chat.Key ? found : null);
    }

    private static EntryId? EntryOf(string text) =>
        Bytes32.TryParseHex(text, out var id) ? new EntryId(id) : null;

    /// <summary>The message of an entry in whichever chat is open.</summary>
    private ChatMessage? FindEntry(EntryId id)
    {
        if (_store.Rooms.Find(id) is not { } entry)
        {
            return null;
        }

        var chat = _chats.Values.FirstOrDefault(chat => chat.Room?.Id == entry.Room);
        return chat?.Room!.Find(id) is { } message ? Show(chat, message) : null;
    }

    /// <summary>The arrival of the newest message.</summary>
    public long LastArrival => _store.Entries.LastArrival;

    /// <summary>Messages that arrived after one and up to another, in order of arrival, of chats that are open.</summary>
    /// <returns>The page, and the arrival after which the next one begins; null where nothing follows.</returns>
    public (IReadOnlyList<ChatMessage> Messages, long? Next) MessagesAfter(long after, long upTo, int max)
    {
        var entries = _store.Entries.ReadArrivals(after, upTo, max);
        var chats = ChatsByRoom();
        var messages = new List<ChatMessage>(entries.Count);
        foreach (var entry in entries)
        {
            if (chats.TryGetValue(entry.Room, out var chat) && chat.Room!.Find(entry.Id) is { } message)
            {
                messages.Add(Show(chat, message));
            }
        }

        return (messages, entries.Count < max ? null : entries[^1].Arrival);
    }

    /// <summary>The open chats to which something came after one arrival and up to another.</summary>
    public IReadOnlyList<string> ChatsAfter(long after, long upTo)
    {
        var chats = ChatsByRoom();
        return
        [
            .. _store
                .Entries.ReadRoomsAfter(after, upTo)
                .Where(chats.ContainsKey)
                .Select(room => chats[room].Key),
        ];
    }

    private Dictionary<RoomId, Chat> ChatsByRoom() =>
        _chats.Values.Where(chat => chat.Room is not null).ToDictionary(chat => chat.Room!.Id);
}
