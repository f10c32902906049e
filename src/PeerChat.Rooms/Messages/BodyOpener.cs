using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Opens the payloads of content entries.</summary>
internal sealed class BodyOpener(EpochTable epochs)
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

        if (epochs.SecretOf(header.Epoch, header.Generation) is not { } secret)
        {
            lacksKey = true;
            return null;
        }

        return ContentSealing.Open(secret, header, entry.Payload.Span) is { } content
            ? MessageBody.TryParse(content)
            : null;
    }

    /// <summary>What the entry says; null where it cannot be read.</summary>
    public MessageBody? TryOpen(StoredEntry entry) => TryOpen(entry, out _);
}
