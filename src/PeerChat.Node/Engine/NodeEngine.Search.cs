using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>Search, and the cache of texts that it reads.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The most messages of one answer; nobody reads more of them.</summary>
    internal const int MaxSearchCount = 1000;

    /// <summary>The most characters of what is searched for: more than anybody remembers of a message.</summary>
    internal const int MaxSearchText = 1000;

    /// <summary>Between two pages that are made while nobody waits; each takes some 20 ms of the loop.</summary>
    private static readonly TimeSpan IndexPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Behind the start, so that the first screen does not wait for it.</summary>
    private static readonly TimeSpan IndexDelay = TimeSpan.FromSeconds(2);

    /// <summary>What comes faster than a page in so long is a history that is being caught up with; the cache waits until that is here.</summary>
    private static readonly TimeSpan IndexCalm = TimeSpan.FromSeconds(1);

    private Instant? _indexDue;

    private NodeReply SearchMessages(NodeCommand.SearchMessages search)
    {
        var words = SearchQuery.WordsOf(
            search.Text.Length <= MaxSearchText ? search.Text : search.Text[..MaxSearchText]
        );
        if (words.Length == 0)
        {
            return Bad("Say what to search for: one or more words.");
        }

        if (search.Count is < 1 or > MaxSearchCount)
        {
            return Bad(
                $"A search is answered with 1 to {MaxSearchCount:N0} messages, not {search.Count:N0}."
            );
        }

        if (search.Chat is { } key && !_chats.ContainsKey(key))
        {
            return NoSuchChat(key);
        }

        PeerId? from = null;
        if (search.From is { } who && (from = FindPerson(who)) is null)
        {
            return NoSuchPeer(who);
        }

        var query = new SearchQuery(
            words,
            from,
            search.SinceUnixMilliseconds ?? long.MinValue,
            search.UntilUnixMilliseconds ?? long.MaxValue
        );
        var found = _chats
            .Values.Where(chat => chat.Room is not null && (search.Chat ?? chat.Key) == chat.Key)
            .SelectMany(chat =>
                Search(chat, query)
                    .Take(search.Count + 1)
                    .Concat(SearchImported(chat, query, search.Count + 1))
            )
            .OrderByDescending(message => message.SentAtUnixMilliseconds)
            .ThenByDescending(message => message.Order)
            .ToList();
        return new NodeReply.SearchResult([.. found.Take(search.Count)], found.Count > search.Count);
    }

    /// <summary>Somebody by full id, by a contact's name, or oneself by one's own.</summary>
    private PeerId? FindPerson(string who) =>
        PeerIdText.TryParse(who, out var id) ? id
        : !DisplayName.TryCreate(who, out var name, out _) ? null
        : _contacts.Find(name)?.Identity.PeerId
            ?? (name.Folded.Equals(_options.Name.Folded) ? _options.Self.PeerId : null);

    private static NodeReply.Refused NoSuchPeer(string who) =>
        new(
            RefusalCode.NoSuchPeer,
            $"{Shorten(who)} is none of your contacts; 'peerchat contacts' lists them, a full id works for anybody."
        );

    private IEnumerable<ChatMessage> Search(Chat chat, SearchQuery query)
    {
        var room = chat.Room!;
        while (Index(room)) { }

        var tail = _store
            .Entries.ReadArrivals(
                room.Id,
                _store.Search.CoveredTo(room.Id),
                long.MaxValue,
                SearchPages.PageEntries
            )
            .Reverse()
            .Select(room.Read)
            .OfType<RoomMessage>()
            .Where(message => RowOf(message) is { } row && row.Matches(query));
        var covered = _store
            .Search.Find(room.Id, query)
            .Select(row => _store.Entries.FindArrival(row.Arrival))
            .OfType<StoredEntry>()
            .Select(room.Read)
            .OfType<RoomMessage>()
            .Where(message => message.Content is RoomMessageContent.Text or RoomMessageContent.File);
        return tail.Concat(covered).Select(message => Show(chat, message));
    }

    // Sealed one by one, so all of a chat's are opened: exports are small beside a history that is lived with
    private IEnumerable<ChatMessage> SearchImported(Chat chat, SearchQuery query, int count) =>
        (
            _store.Imported.IsUsed
                ? HistoryPages.Newest(
                    chat.Key,
                    null,
                    _store.Imported,
                    null,
                    HistoryPages.MaxStep,
                    message => Show(chat, message)
                )
                : []
        )
            .Where(message =>
                SearchRow
                    .Of(0, new WallTime(message.SentAtUnixMilliseconds), default, message.Text)
                    .Matches(query)
            )
            .Take(count);

    private static SearchRow? RowOf(RoomMessage message) =>
        message.Content is RoomMessageContent.Text or RoomMessageContent.File
            ? SearchRow.Of(message.Arrival, message.SentAt, message.From, message.Text)
            : null;

    /// <summary>Makes the next page of a room; false when too little has come for one.</summary>
    private bool Index(Room room)
    {
        var covered = _store.Search.CoveredTo(room.Id);
        var entries = _store.Entries.ReadArrivals(room.Id, covered, long.MaxValue, SearchPages.PageEntries);
        if (entries.Count < SearchPages.PageEntries)
        {
            return false;
        }

        var rows = entries.Select(room.Read).OfType<RoomMessage>().Select(RowOf).OfType<SearchRow>().ToList();
        _store.Search.Add(room.Id, covered + 1, entries[^1].Arrival, rows);
        return true;
    }

    /// <summary>Keeps the cache in step with a message that looks different now, or is gone.</summary>
    private void Reindex(Chat chat, EntryId id)
    {
        if (_store.Rooms.Find(id) is { } entry)
        {
            _store.Search.Replace(
                entry.Room,
                entry.Arrival,
                chat.Room!.Find(id) is { } message ? RowOf(message) : null
            );
        }
    }

    private void HandleAdded(Chat chat)
    {
        if (++chat.Unindexed >= SearchPages.PageEntries)
        {
            (chat.IsIndexed, chat.Unindexed) = (false, 0);
            _indexDue = _now + IndexCalm;
        }
    }

    /// <summary>One page at a time, so that nobody waits for the cache.</summary>
    private void HandleIndexDeadline()
    {
        if (_indexDue is not { } due || due > _now)
        {
            return;
        }

        _indexDue = null;
        foreach (var chat in _chats.Values.Where(chat => chat is { Room: not null, IsIndexed: false }))
        {
            if (Index(chat.Room!))
            {
                _indexDue = _now + IndexPause;
                return;
            }

            chat.IsIndexed = true;
        }
    }
}
