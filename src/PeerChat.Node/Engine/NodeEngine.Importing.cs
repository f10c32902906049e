using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>Exports of chats, and messages from exports.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Messages taken at once; a line of the control socket holds some thousand short ones.</summary>
    internal const int MaxImportedAtOnce = 1_000;

    /// <summary>Characters of an author's name in an export: more than names have.</summary>
    internal const int MaxImportedName = 256;

    /// <summary>Characters of a message's id in an export; ours have 64.</summary>
    internal const int MaxImportedId = 128;

    /// <summary>Messages kept for one chat: as many as the budgets for opening a room were measured with.</summary>
    internal const int MaxImportedOfChat = 1_000_000;

    // Order clocks hold 47 bits of milliseconds
    private const long MaxImportedTime = 1L << 47;

    private NodeReply ExportMessages(NodeCommand.ExportMessages export)
    {
        if (FindNamed(export.Chat) is not { } chat)
        {
            return NoSuchChat(export.Chat);
        }

        HistoryPlace place = default;
        if (export.After is { } after && !HistoryPlace.TryParse(after, out place))
        {
            return Bad("That is no place in a chat; begin the export again.");
        }

        return HistoryPages.Export(
            chat.Key,
            chat.Title,
            chat.Room,
            _store.Imported,
            _waiting.Of(chat.Key).Select(waiting => WaitingMessage(chat, waiting)),
            export.After is null ? null : place,
            message => Show(chat, message)
        );
    }

    private NodeReply ImportMessages(NodeCommand.ImportMessages import)
    {
        if (FindNamed(import.Chat) is not { } chat)
        {
            return NoSuchChat(import.Chat);
        }

        // An open room's secret may still be derived: nobody's entries are here yet, and nothing is too old.
        if (chat is { Room: null, Kind: not ChatKind.OpenRoom })
        {
            return Bad($"{chat.Title} was not met yet; import when there is a chat with them.");
        }

        if (import.Messages.Length > MaxImportedAtOnce)
        {
            return Bad($"At most {MaxImportedAtOnce:N0} messages are imported at once.");
        }

        if (Array.Find(import.Messages, message => ImportProblem(message) is not null) is { } bad)
        {
            return ImportProblem(bad)!;
        }

        if (_store.Imported.Count(chat.Key) + import.Messages.Length > MaxImportedOfChat)
        {
            return Bad($"A chat keeps at most {MaxImportedOfChat:N0} messages from exports.");
        }

        var (added, tooOld) = (0, 0);
        foreach (var message in import.Messages)
        {
            var sent = new WallTime(message.SentAtUnixMilliseconds);
            if (chat.Room?.Retention is { } keep && _wall - sent > keep)
            {
                tooOld++;
            }
            else if (
                !IsHere(chat, message.Id)
                && _store.Imported.Add(
                    chat.Key,
                    new ImportedText(
                        0,
                        message.Id,
                        message.From,
                        message.Text,
                        sent,
                        message.IsFile,
                        message.IsEdited
                    )
                )
            )
            {
                added++;
            }
        }

        if (added > 0)
        {
            _events.Enqueue(new NodeEvent.HistoryChanged(chat.Key));
        }

        return new NodeReply.MessagesImported(
            chat.Key,
            added,
            import.Messages.Length - added - tooOld,
            tooOld
        );
    }

    private static NodeReply.Refused? ImportProblem(ImportedMessage message) =>
        message.Id.Length is 0 or > MaxImportedId
        || message.From.Length is 0 or > MaxImportedName
        || message.SentAtUnixMilliseconds is < 0 or > MaxImportedTime
            ? Bad(
                "A message of the export has no id, author or time that can be; nothing of this part was imported."
            )
            : CheckLength(message.Text);

    /// <summary>Whether a chat has what an export says, or had it and it was recalled: a copy that nobody vouches for is not wanted then.</summary>
    private bool IsHere(Chat chat, string id) =>
        EntryOf(id) is { } entry
            ? _store.Rooms.Find(entry) is { PayloadState: not PayloadState.Missing } stored
                && stored.Room == chat.Room?.Id
            : HistoryPages.TryGetNumber(id, out var number)
                && _store.Imported.Find(chat.Key, number) is not null;

    /// <summary>A chat by its key, a room's by its title or name, a contact's by a name behind an at sign.</summary>
    private Chat? FindNamed(string name) =>
        FindChat(name)
        ?? (
            !name.StartsWith('@') ? _chats.GetValueOrDefault("#" + name)
            : DisplayName.TryCreate(name[1..], out var person, out _) && _contacts.Find(person) is { } contact
                ? _chats.GetValueOrDefault(ChatKey(contact.Identity.PeerId))
            : null
        );

    /// <summary>The entry itself is here, or was deleted: what an import said of it is not needed any more.</summary>
    private void ForgetImported(Chat chat, EntryId id)
    {
        if (_store.Imported.IsUsed)
        {
            foreach (var number in _store.Imported.NumbersOf(chat.Key, id.ToString()))
            {
                RemoveImported(chat, number);
            }
        }
    }

    private bool RemoveImported(Chat chat, string message) =>
        HistoryPages.TryGetNumber(message, out var number) && RemoveImported(chat, number);

    private bool RemoveImported(Chat chat, long number)
    {
        if (
            _store.Imported.Find(chat.Key, number) is not { } text
            || !_store.Imported.Remove(chat.Key, number)
        )
        {
            return false;
        }

        _hasErased = true;
        _events.Enqueue(new NodeEvent.MessageHidden(chat.Key, HistoryPages.IdOf(text)));
        return true;
    }
}
