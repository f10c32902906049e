using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Opens the payloads of content entries.</summary>
internal sealed class BodyOpener(EpochTable epochs, EntryKeys keys)
{
    // An entry is opened for what it says of others and at once again to be shown; its bytes never change.
    private (EntryId Id, MessageBody? Body)? _last;

    /// <summary>What the entry says; null where it cannot be read, and whether a key may yet come.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="lacksKey">Whether a key may yet come.</param>
    /// <param name="parsed">Its header, where that was read just before.</param>
    public MessageBody? TryOpen(StoredEntry entry, out bool lacksKey, EntryHeader? parsed = null)
    {
        lacksKey = false;
        if (entry.Kind != (byte)EntryKind.Content || entry.Payload.IsEmpty)
        {
            return null;
        }

        if (_last is { } last && last.Id == entry.Id)
        {
            return last.Body;
        }

        var header = parsed;
        if (header is null && !EntryHeader.TryParse(entry.Header.Span, out header))
        {
            return null;
        }

        byte[]? content;
        if (epochs.SecretOf(header.Epoch, header.Generation) is { } secret)
        {
            content = ContentSealing.Open(secret, header, entry.Payload.Span);
        }
        else if (keys.TryGet(header.Id, out var key))
        {
            content = ContentSealing.OpenWithKey(key, header, entry.Payload.Span);
        }
        else
        {
            lacksKey = true;
            return null;
        }

        var body = content is null ? null : MessageBody.TryParse(content);
        _last = (entry.Id, body);
        return body;
    }

    /// <summary>Keeps nothing of what was opened last.</summary>
    public void Forget() => _last = null;

    /// <summary>What the entry says; null where it cannot be read.</summary>
    public MessageBody? TryOpen(StoredEntry entry) => TryOpen(entry, out _);
}
