using System.Globalization;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Engine;

/// <summary>Text that cannot be an entry yet, in memory and written through to the sealed outbox.</summary>
internal sealed class WaitingTexts
{
    private const string IdPrefix = "outbox-";

    private readonly OutboxTable _table;
    private readonly Dictionary<string, List<OutboxText>> _byChat = new(StringComparer.Ordinal);

    /// <summary>Reads what is stored.</summary>
    public WaitingTexts(OutboxTable table)
    {
        _table = table;
        foreach (var text in table.ReadAll())
        {
            ListOf(text.Target).Add(text);
        }
    }

    /// <summary>The chats for which text waits.</summary>
    public IEnumerable<string> Chats => _byChat.Where(pair => pair.Value.Count > 0).Select(pair => pair.Key);

    /// <summary>The id of a waiting text on the surface.</summary>
    public static string IdOf(OutboxText text) => IdPrefix + text.Number;

    /// <summary>Whether an id on the surface is that of a text that waits, or waited once.</summary>
    public static bool IsId(string id) =>
        id.StartsWith(IdPrefix, StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The text with this number, or null.</summary>
    public OutboxText? Find(long number) =>
        _byChat.Values.SelectMany(texts => texts).FirstOrDefault(text => text.Number == number);

    /// <summary>How many wait for a chat.</summary>
    public int Count(string chat) => _byChat.TryGetValue(chat, out var texts) ? texts.Count : 0;

    /// <summary>Those that wait for a chat, oldest first.</summary>
    public IReadOnlyList<OutboxText> Of(string chat) =>
        _byChat.TryGetValue(chat, out var texts) ? [.. texts] : [];

    /// <summary>Lets a text wait.</summary>
    public OutboxText Add(string chat, string text, WallTime now, FileAnnouncement? file = null)
    {
        var added = _table.Add(chat, text, now, file);
        ListOf(chat).Add(added);
        return added;
    }

    /// <summary>Gives a text that waits another wording; its place stays.</summary>
    public OutboxText Change(OutboxText text, string wording)
    {
        var changed = _table.Change(text, wording);
        var list = ListOf(text.Target);
        list[list.FindIndex(other => other.Number == text.Number)] = changed;
        return changed;
    }

    /// <summary>Takes a text out: it became an entry, or is wanted no more.</summary>
    public void Remove(OutboxText text)
    {
        _table.Remove(text.Number);
        ListOf(text.Target).RemoveAll(other => other.Number == text.Number);
    }

    /// <summary>Moves what waits for a name to the chat with the key that was met.</summary>
    public void Move(string oldChat, string newChat)
    {
        foreach (var text in Of(oldChat))
        {
            ListOf(newChat).Add(_table.Retarget(text, newChat));
        }

        _byChat.Remove(oldChat);
    }

    private List<OutboxText> ListOf(string chat)
    {
        if (!_byChat.TryGetValue(chat, out var texts))
        {
            texts = [];
            _byChat.Add(chat, texts);
        }

        return texts;
    }
}
