using System.Text;
using PeerChat.Node.Storage;
using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>Texts: sent, waiting, drafted.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>The longest reference of a text, in characters: room for two UUIDs and a word.</summary>
    internal const int MaxReference = 128;

    private NodeReply SendText(NodeCommand.SendText send)
    {
        if (send.Reference is { Length: < 1 or > MaxReference })
        {
            return Bad(
                $"A reference has 1 to {MaxReference} characters; this one has {send.Reference.Length:N0}."
            );
        }

        if (send.Reference is { } known && _store.References.Find(known) is { } sent)
        {
            return AnswerAgain(sent);
        }

        if (!_chats.TryGetValue(NowOf(send.Chat), out var chat))
        {
            return NoSuchChat(send.Chat);
        }

        if (chat.Guest is null && PrivateRoomProblem(chat) is { } problem)
        {
            return problem;
        }

        if (send.Text.Length == 0)
        {
            return Bad("The message is empty; write something.");
        }

        if (CheckLength(send.Text) is { } tooLong)
        {
            return tooLong;
        }

        if (chat.Guest is not null)
        {
            return SendToGuest(send, chat);
        }

        if (send.ReplyTo is { } replyTo)
        {
            return SendReply(send, replyTo);
        }

        MarkDirty(chat.Key);
        // Written before the writer could know who was met: it waits for the same answer as what was written just before
        var isBlind = chat.Key != send.Chat && !_metAs[send.Chat].IsReleased;
        if (isBlind)
        {
            chat.OutboxReleased = false;
        }

        if (chat is { OutboxReleased: true, Room: { CanWrite: true } room } && _waiting.Count(chat.Key) == 0)
        {
            var id = room.Post(send.Text, _wall);
            _references[id] = send.Reference;
            Remember(send.Reference, new SentText.Entry(id));
            return new NodeReply.Accepted(Show(chat, room.FindWritten(id)!));
        }

        var waiting = _waiting.Add(chat.Key, send.Text, _wall);
        Remember(send.Reference, new SentText.Waiting(waiting.Number));
        var message = WaitingMessage(chat, waiting);
        _events.Enqueue(new NodeEvent.MessageShown(message, send.Reference));
        if (isBlind)
        {
            AskForRelease(chat);
        }

        return new NodeReply.Accepted(message);
    }

    private NodeReply SendReply(NodeCommand.SendText send, string replyTo)
    {
        if (FindTarget(send.Chat, replyTo, mustBeOwn: false, out var chat, out var target) is { } refused)
        {
            return refused;
        }

        MarkDirty(chat.Key);
        var id = chat.Room!.Reply(target, send.Text, _wall);
        _references[id] = send.Reference;
        Remember(send.Reference, new SentText.Entry(id));
        return new NodeReply.Accepted(Show(chat, chat.Room.Find(id)!));
    }

    private void Remember(string? reference, SentText text)
    {
        if (reference is not null)
        {
            _store.References.Add(reference, text);
        }
    }

    /// <summary>The reference was used before: the same text, asked for again by somebody who got no answer.</summary>
    private NodeReply AnswerAgain(SentText sent) =>
        FindSent(sent) is { } message
            ? new NodeReply.Accepted(message)
            : Bad(
                sent is SentText.Discarded
                    ? "The text with this reference was given up while it waited; nothing was sent again. Use a new reference to send it after all."
                    : "The text with this reference was sent, but its chat is not open any more; nothing was sent again."
            );

    private ChatMessage? FindSent(SentText sent) =>
        sent switch
        {
            SentText.Entry entry => FindEntry(entry.Id),
            SentText.Waiting waiting when _waiting.Find(waiting.Number) is { } text => _chats.TryGetValue(
                text.Target,
                out var chat
            )
                ? WaitingMessage(chat, text)
                : null,
            _ => null,
        };

    private static NodeReply.Refused? CheckLength(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= Room.MaxTextBytes
            ? null
            : new NodeReply.Refused(
                RefusalCode.TooLong,
                $"The message is {bytes:N0} bytes long; the limit is {Room.MaxTextBytes:N0} (64 KiB). Split it, or send it as a file."
            );
    }

    private NodeReply SaveDraft(NodeCommand.SaveDraft draft)
    {
        if (!_chats.TryGetValue(draft.Chat, out var chat))
        {
            return NoSuchChat(draft.Chat);
        }

        if (CheckLength(draft.Text) is { } tooLong)
        {
            return tooLong;
        }

        chat.Draft = draft.Text;
        if (chat.Guest is null)
        {
            _store.Drafts.Write(chat.Key, draft.Text);
        }

        return new NodeReply.Done();
    }

    private NodeReply RememberInput(NodeCommand.RememberInput input)
    {
        if (!_chats.TryGetValue(input.Chat, out var chat))
        {
            return NoSuchChat(input.Chat);
        }

        if (CheckLength(input.Text) is { } tooLong)
        {
            return tooLong;
        }

        chat.InputLines.Add(input.Text);
        if (chat.InputLines.Count > DraftTable.MaxInputLines)
        {
            chat.InputLines.RemoveAt(0); // as the table does
        }

        if (chat.Guest is null)
        {
            _store.Drafts.AddInputLine(chat.Key, input.Text);
        }

        return new NodeReply.Done();
    }

    private NodeReply ReleaseOutbox(NodeCommand.ReleaseOutbox release)
    {
        if (!_chats.TryGetValue(release.Chat, out var chat))
        {
            return NoSuchChat(release.Chat);
        }

        if (!release.Release)
        {
            foreach (var waiting in _waiting.Of(chat.Key))
            {
                _waiting.Remove(waiting);
                _store.References.Follow(waiting.Number, new SentText.Discarded());
                _events.Enqueue(new NodeEvent.MessageHidden(chat.Key, WaitingTexts.IdOf(waiting)));
            }
        }

        if (!chat.OutboxReleased)
        {
            chat.OutboxReleased = true;
            _events.Enqueue(new NodeEvent.OutboxAnswered(chat.Key, release.Release));
        }

        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }

    /// <summary>Turns text that waited into entries, oldest first, in the same transaction.</summary>
    private void FlushOutbox(Chat chat, Room room)
    {
        if (!chat.OutboxReleased || !room.CanWrite || _waiting.Count(chat.Key) == 0)
        {
            return;
        }

        foreach (var waiting in _waiting.Of(chat.Key))
        {
            var id = waiting.File is { } file ? room.PostFile(file, _wall) : room.Post(waiting.Text, _wall);
            if (waiting.File is not null)
            {
                HandleFileReleased(waiting, id);
            }

            _replaces[id] = WaitingTexts.IdOf(waiting);
            _waiting.Remove(waiting);
            _store.References.Follow(waiting.Number, new SentText.Entry(id));
        }
    }
}
