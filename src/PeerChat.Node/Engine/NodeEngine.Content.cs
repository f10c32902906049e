using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>What is said about messages: replies, edits, reactions, recalls, read marks; and what the user wants of each chat.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Fewer first digits of an id are taken for a slip: among a thousand messages two often begin alike with four.</summary>
    private const int MinIdPrefix = 6;

    /// <summary>Messages among which one is found by the first digits of its id; a guess at how far back anybody refers.</summary>
    private const int MaxPrefixSearch = 2000;

    /// <summary>Digits of a number that counts messages from the newest.</summary>
    private const int MaxMessageNumber = 5;

    private bool _hasErased;

    private NodeReply EditMessage(NodeCommand.EditMessage edit)
    {
        if (edit.Text.Length == 0)
        {
            return Bad("The message is empty; write something, or recall it.");
        }

        if (CheckLength(edit.Text) is { } tooLong)
        {
            return tooLong;
        }

        if (EditWaiting(edit) is { } waiting)
        {
            return waiting;
        }

        if (FindTarget(edit.Chat, edit.Message, mustBeOwn: true, out var chat, out var id) is { } refused)
        {
            return refused;
        }

        chat.Room!.Edit(id, edit.Text, _wall);
        return Changed(chat, id);
    }

    /// <summary>A text that waits for a key is simply another one from now on.</summary>
    private NodeReply.Changed? EditWaiting(NodeCommand.EditMessage edit)
    {
        if (!_chats.TryGetValue(edit.Chat, out var chat))
        {
            return null;
        }

        var id = Resolve(chat, edit.Message, ofOwn: true);
        if (_waiting.Of(chat.Key).FirstOrDefault(text => WaitingTexts.IdOf(text) == id) is not { } waiting)
        {
            return null;
        }

        var changed = _waiting.Change(waiting, edit.Text);
        _hasErased = true;
        var message = WaitingMessage(chat, changed);
        _events.Enqueue(new NodeEvent.MessageChanged(message));
        return new NodeReply.Changed(message);
    }

    private NodeReply React(NodeCommand.React react)
    {
        if (!Room.IsReaction(react.Emoji))
        {
            return Bad(
                $"{Shorten(react.Emoji)} is no reaction; give an emoji or a short word without spaces."
            );
        }

        if (FindTarget(react.Chat, react.Message, mustBeOwn: false, out var chat, out var id) is { } refused)
        {
            return refused;
        }

        chat.Room!.React(id, react.Emoji, react.Remove, _wall);
        return Changed(chat, id);
    }

    private NodeReply RecallMessage(NodeCommand.RecallMessage recall)
    {
        if (!_chats.TryGetValue(recall.Chat, out var chat))
        {
            return NoSuchChat(recall.Chat);
        }

        var message = Resolve(chat, recall.Message, ofOwn: true);
        if (_waiting.Of(chat.Key).FirstOrDefault(text => WaitingTexts.IdOf(text) == message) is { } waiting)
        {
            _waiting.Remove(waiting);
            _store.References.Follow(waiting.Number, new SentText.Discarded());
            _hasErased = true;
            _events.Enqueue(new NodeEvent.MessageHidden(chat.Key, message));
            MarkDirty(chat.Key);
            return new NodeReply.Done();
        }

        if (RemoveImported(chat, message))
        {
            return new NodeReply.Done();
        }

        if (EntryOf(message) is not { } id || chat.Room is not { } room)
        {
            return NoSuchMessage(chat, recall.Message);
        }

        if (room.CheckRecall(id) is { } problem)
        {
            return Explain(chat, recall.Message, problem);
        }

        if (!room.CanWrite)
        {
            return Bad($"{chat.Title} cannot be written to at the moment; try again in a while.");
        }

        room.Recall(id, _wall);
        MarkDirty(chat.Key);
        return Changed(chat, id);
    }

    private NodeReply MarkRead(NodeCommand.MarkRead read)
    {
        if (!_chats.TryGetValue(read.Chat, out var chat))
        {
            return NoSuchChat(read.Chat);
        }

        if (EntryOf(read.Message) is { } id && chat.Room is { } room)
        {
            if (read.Unread)
            {
                KeepUnread(chat, room, id);
                return new NodeReply.Done();
            }

            KeepRead(chat, room, id);
            if (OptionsOf(chat.Key).ReadReceipts)
            {
                room.MarkRead(id, _now, _wall);
            }
        }

        return new NodeReply.Done();
    }

    private NodeReply SetChatOption(NodeCommand.SetChatOption set)
    {
        if (set.Chat is { } key && !_chats.ContainsKey(key))
        {
            return NoSuchChat(key);
        }

        var name = set.Chat ?? "";
        var setting = _store.ChatSettings.Read(name);
        _store.ChatSettings.Write(
            name,
            set.Option == ChatOption.ReadReceipts
                ? setting with
                {
                    ReadReceipts = set.On,
                }
                : setting with
                {
                    Typing = set.On,
                }
        );
        return new NodeReply.Settings(OptionsOf(set.Chat));
    }

    private NodeReply SetAutoFetch(NodeCommand.SetAutoFetch set)
    {
        if (set.Chat is { } key && !_chats.ContainsKey(key))
        {
            return NoSuchChat(key);
        }

        var name = set.Chat ?? "";
        _store.ChatSettings.Write(name, _store.ChatSettings.Read(name) with { AutoFetch = set.What });
        return new NodeReply.Settings(OptionsOf(set.Chat));
    }

    private NodeReply GetChatOptions(string? chat) =>
        chat is not null && !_chats.ContainsKey(chat)
            ? NoSuchChat(chat)
            : new NodeReply.Settings(OptionsOf(chat));

    private ChatOptions OptionsOf(string? chat)
    {
        var all = _store.ChatSettings.Read("");
        var own = chat is null ? all : _store.ChatSettings.Read(chat);
        return new ChatOptions(
            chat,
            own.ReadReceipts ?? all.ReadReceipts ?? false,
            own.ReadReceipts is not null,
            own.Typing ?? all.Typing ?? false,
            own.Typing is not null,
            own.AutoFetch ?? all.AutoFetch ?? _options.Transfers.AutoFetch,
            own.AutoFetch is not null
        );
    }

    private NodeReply.Refused? FindTarget(
        string chatKey,
        string message,
        bool mustBeOwn,
        out Chat chat,
        out EntryId id
    )
    {
        id = default;
        if (!_chats.TryGetValue(chatKey, out chat!))
        {
            return NoSuchChat(chatKey);
        }

        if (chat.Room is not { } room || EntryOf(Resolve(chat, message, mustBeOwn)) is not { } found)
        {
            return HistoryPages.TryGetNumber(message, out _)
                ? Bad(
                    "That message is from an export: it is on this machine alone, so nothing can be said about it to others."
                )
                : NoSuchMessage(chat, message);
        }

        id = found;
        return room.CheckTarget(id, mustBeOwn) is { } problem ? Explain(chat, message, problem)
            : room.CanWrite ? null
            : Bad($"{chat.Title} cannot be written to at the moment; try again in a while.");
    }

    /// <summary>The id that is meant: given in full or by its first digits, or as "1" for the newest message, "2" for the one before.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="message">What was given.</param>
    /// <param name="ofOwn">Whether numbers count one's own messages alone, because nobody else's can be meant.</param>
    private string Resolve(Chat chat, string message, bool ofOwn)
    {
        if (message.Length < MaxMessageNumber && int.TryParse(message, out var number) && number > 0)
        {
            return NewestIds(chat, ofOwn).ElementAtOrDefault(number - 1) ?? message;
        }

        if (message.Length is < MinIdPrefix or >= 2 * Primitives.Bytes32.Size)
        {
            return message;
        }

        var fitting = NewestIds(chat, ofOwn: false)
            .Take(MaxPrefixSearch)
            .Where(id => id.StartsWith(message, StringComparison.OrdinalIgnoreCase))
            .Take(2)
            .ToList();
        return fitting.Count == 1 ? fitting[0] : message;
    }

    private IEnumerable<string> NewestIds(Chat chat, bool ofOwn)
    {
        foreach (var waiting in _waiting.Of(chat.Key).Reverse())
        {
            yield return WaitingTexts.IdOf(waiting);
        }

        EntryPosition? before = null;
        while (chat.Room?.ReadLatest(HistoryPages.MaxStep, before) is { Count: > 0 } page)
        {
            foreach (var message in page.Reverse().Where(message => CountsAsTarget(message, ofOwn)))
            {
                yield return message.Id.ToString();
            }

            before = page[0].Position;
        }
    }

    // What was recalled cannot be edited or recalled again
    private static bool CountsAsTarget(RoomMessage message, bool ofOwn) =>
        !ofOwn || (message.IsOwn && message.Content != RoomMessageContent.Recalled);

    private static NodeReply.Refused NoSuchMessage(Chat chat, string message) =>
        new(
            RefusalCode.NoSuchMessage,
            $"{Shorten(message)} is no message of {chat.Title}: 1 is the newest that counts, and 'peerchat history --json' shows the ids."
        );

    private static NodeReply.Refused Explain(Chat chat, string message, TargetProblem problem) =>
        problem switch
        {
            TargetProblem.NotOwn => new(
                RefusalCode.NoSuchMessage,
                "Somebody else wrote that message, so only they can change or recall it."
            ),
            TargetProblem.NoContent => new(
                RefusalCode.NoSuchMessage,
                "The content of that message is not here, so nothing can be said about it."
            ),
            TargetProblem.AlreadyRecalled => new(
                RefusalCode.NoSuchMessage,
                "That message has been recalled already."
            ),
            _ => NoSuchMessage(chat, message),
        };

    private NodeReply.Changed Changed(Chat chat, EntryId id) => new(Show(chat, chat.Room!.Find(id)!));

    private void HandleChanged(Chat chat, EntryId id)
    {
        Reindex(chat, id);
        if (chat.Room!.Find(id) is { } message)
        {
            _events.Enqueue(new NodeEvent.MessageChanged(Show(chat, message)));
        }
    }

    /// <summary>What was deleted is not left in the write-ahead log either; a reader in another process can put that off.</summary>
    private void TruncateErased()
    {
        if (_hasErased && _store.TruncateLog())
        {
            _hasErased = false;
        }
    }
}
