using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Messages;

/// <summary>Opens what content entries say, with the secrets of the epochs, or with single keys that were handed over.</summary>
/// <remarks>
/// What is written or comes is asked for again: to be shown, when it is handed over, when it is confirmed, for the search. So what was
/// opened last is kept; its bytes never change.
/// </remarks>
internal sealed class BodyOpener(EpochTable epochs, EntryKeys keys)
{
    /// <summary>The bodies that are kept: a turn of a paste, or a page of a history.</summary>
    private const int MaxKept = 1024;

    /// <summary>The bytes that the payloads of the bodies kept may have together.</summary>
    private const int MaxKeptBytes = 256 * 1024;

    private readonly Dictionary<EntryId, MessageBody> _kept = [];
    private readonly Queue<(EntryId Id, int Size)> _order = [];
    private int _keptBytes;

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

        if (_kept.TryGetValue(entry.Id, out var kept))
        {
            return kept;
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

        return Keep(entry, content);
    }

    /// <summary>Keeps what an entry says, known without opening it.</summary>
    public MessageBody? Keep(StoredEntry entry, byte[]? content)
    {
        var body = content is null ? null : MessageBody.TryParse(content);
        var size = entry.Payload.Length;
        // What could not be opened with a key that was handed over may be opened with another
        if (body is not null && size <= MaxKeptBytes && _kept.TryAdd(entry.Id, body))
        {
            _order.Enqueue((entry.Id, size));
            _keptBytes += size;
            while (_order.Count > MaxKept || _keptBytes > MaxKeptBytes)
            {
                var (oldest, itsSize) = _order.Dequeue();
                _kept.Remove(oldest);
                _keptBytes -= itsSize;
            }
        }

        return body;
    }

    /// <summary>Keeps nothing of what was opened before.</summary>
    public void Forget()
    {
        _kept.Clear();
        _order.Clear();
        _keptBytes = 0;
    }

    /// <summary>What the entry says; null where it cannot be read.</summary>
    public MessageBody? TryOpen(StoredEntry entry) => TryOpen(entry, out _);
}
