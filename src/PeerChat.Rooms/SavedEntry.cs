using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>An entry read from a store that may be damaged: its bytes say what it is, and whether they are whole.</summary>
public static class SavedEntry
{
    /// <summary>The entry that a header makes; null where the header is not the one that the id is the hash of, or cannot be one.</summary>
    /// <param name="read">What was read. Of its fields the header, payload, signature, arrival, order clock and payload state count.</param>
    /// <returns>
    /// The entry with the fields of its header. A payload that is not the one that belongs to it is left out, and marked to be asked for again;
    /// of entries that are no content the payload must be whole.
    /// </returns>
    public static StoredEntry? Check(StoredEntry read)
    {
        if (!EntryHeader.TryParse(read.Header.Span, out var header) || header.Id != read.Id)
        {
            return null;
        }

        var entry = read with
        {
            Room = header.OwnRoom,
            Author = header.Author,
            Seq = header.Seq,
            Clock = header.Clock,
            OrderClock = Math.Max(header.Clock, read.OrderClock),
            Kind = (byte)header.Kind,
        };
        if (read.PayloadState is not (PayloadState.Held or PayloadState.Unopened))
        {
            return entry with { Payload = default };
        }

        return header.PayloadSize == 0 ? entry with { Payload = default }
            : header.Matches(read.Payload.Span) ? entry
            : header.Kind == EntryKind.Content
                ? entry with
                {
                    Payload = default,
                    PayloadState = PayloadState.Missing,
                }
            : null;
    }
}
