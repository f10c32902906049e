using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Opens the payloads of content entries.</summary>
internal sealed class BodyOpener(EpochTable epochs, EntryKeys keys)
{
    /// <summary>What the entry says; null where it cannot be read, and whether a key may yet come.</summary>
    public MessageBody? TryOpen(StoredEntry entry, out bool lacksKey)
    {
        lacksKey = false;
        if (
            entry.Kind != (byte)EntryKind.Content
            || entry.Payload.IsEmpty
            || !EntryHeader.TryParse(entry.Header.Span, out var header)
        )
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

        return content is null ? null : MessageBody.TryParse(content);
    }

    /// <summary>What the entry says; null where it cannot be read.</summary>
    public MessageBody? TryOpen(StoredEntry entry) => TryOpen(entry, out _);
}
