using System.Globalization;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>What stands in a chat, entries and messages from exports together.</summary>
internal static class HistoryPages
{
    private const string ImportedPrefix = "imported-";

    /// <summary>Messages read from the store at once, at most.</summary>
    public const int MaxStep = 200;

    /// <summary>Messages of one page of an export: some hundred kilobytes of short ones.</summary>
    public const int MaxExported = 1_000;

    /// <summary>Characters of text in one page of an export, beyond which the next begins; in JSON at most six bytes each.</summary>
    public const int MaxExportedText = 256 * 1024;

    // The order clock of an entry counts milliseconds in all but its last 16 bits (docs/PROTOCOL.md, section 8)
    private const int ClockShift = 16;

    /// <summary>The id of a message from an export.</summary>
    public static string IdOf(ImportedText text) =>
        ImportedPrefix + text.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number in such an id.</summary>
    public static bool TryGetNumber(string id, out long number)
    {
        number = 0;
        return id.StartsWith(ImportedPrefix, StringComparison.Ordinal)
            && long.TryParse(
                id.AsSpan(ImportedPrefix.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out number
            );
    }

    /// <summary>Where a message from an export stands among the entries: before all of its millisecond.</summary>
    public static ulong OrderOf(ImportedText text) =>
        (ulong)Math.Max(0, text.Sent.UnixMilliseconds) << ClockShift;

    /// <summary>The millisecond of an order clock.</summary>
    public static WallTime TimeOf(ulong order) => new((long)(order >> ClockShift));

    /// <summary>A message from an export as a face shows it.</summary>
    public static ChatMessage Show(string chat, ImportedText text) =>
        new(
            chat,
            IdOf(text),
            text.From,
            FromId: "",
            IsOwn: false,
            text.Text,
            text.Sent.UnixMilliseconds,
            DeliveryState.Imported,
            DeliveredTo: 0,
            OrderOf(text),
            Content: text.IsFile ? MessageContent.File : MessageContent.Text,
            IsEdited: text.IsEdited
        );

    /// <summary>All messages of a chat, newest first, read as they are asked for.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="room">Its room; null where there is none yet.</param>
    /// <param name="imported">The messages from exports.</param>
    /// <param name="before">A place to begin before; null for the newest.</param>
    /// <param name="count">How many are wanted, as far as is known: so many are read at once.</param>
    /// <param name="show">Makes a face's message of a room's.</param>
    public static IEnumerable<ChatMessage> Newest(
        string chat,
        Room? room,
        ImportedTable imported,
        HistoryPlace? before,
        int count,
        Func<RoomMessage, ChatMessage> show
    )
    {
        var step = Math.Clamp(count, 1, MaxStep);
        return Merge(
            Entries(room, before?.Entry, step).Select(show),
            Imported(chat, imported, before?.Imported, step).Select(text => Show(chat, text)),
            (entry, other) => entry.Order >= other.Order
        );
    }

    /// <summary>The next page of an export: oldest first, what waits to be sent behind all.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="title">What people call it.</param>
    /// <param name="room">Its room; null where there is none yet.</param>
    /// <param name="imported">The messages from exports; they go on under the ids that they came with.</param>
    /// <param name="waiting">What waits to be sent.</param>
    /// <param name="after">Where the page before it ended; null for the first.</param>
    /// <param name="show">Makes a face's message of a room's.</param>
    public static NodeReply.ExportPage Export(
        string chat,
        string title,
        Room? room,
        ImportedTable imported,
        IEnumerable<ChatMessage> waiting,
        HistoryPlace? after,
        Func<RoomMessage, ChatMessage> show
    )
    {
        var place = after ?? HistoryPlace.Start;
        var messages = new List<ChatMessage>();
        var characters = 0L;
        var all = Merge(
            OldestEntries(room, place.Entry)
                .Select(one => (Entry: (RoomMessage?)one, Imported: (ImportedText?)null)),
            OldestImported(chat, imported, place.Imported)
                .Select(one => (Entry: (RoomMessage?)null, Imported: (ImportedText?)one)),
            (entry, other) => entry.Entry!.Position.OrderClock < OrderOf(other.Imported!)
        );
        foreach (var (entry, text) in all)
        {
            if (messages.Count == MaxExported || characters > MaxExportedText)
            {
                return new NodeReply.ExportPage(chat, title, [.. messages], place.ToString());
            }

            var message = entry is not null ? show(entry) : Show(chat, text!) with { Id = text!.MessageId };
            place = entry is not null
                ? place with
                {
                    Entry = entry.Position,
                }
                : place with
                {
                    Imported = (text!.Sent, text.Number),
                };
            characters += message.Text.Length;
            messages.Add(message);
        }

        return new NodeReply.ExportPage(chat, title, [.. messages, .. waiting], null);
    }

    private static IEnumerable<T> Merge<T>(
        IEnumerable<T> fromRoom,
        IEnumerable<T> fromExports,
        Func<T, T, bool> isEntryFirst
    )
    {
        using var entries = fromRoom.GetEnumerator();
        using var others = fromExports.GetEnumerator();
        var (hasEntry, hasOther) = (entries.MoveNext(), others.MoveNext());
        while (hasEntry || hasOther)
        {
            if (hasEntry && (!hasOther || isEntryFirst(entries.Current, others.Current)))
            {
                yield return entries.Current;
                hasEntry = entries.MoveNext();
            }
            else
            {
                yield return others.Current;
                hasOther = others.MoveNext();
            }
        }
    }

    private static IEnumerable<RoomMessage> OldestEntries(Room? room, EntryPosition start)
    {
        EntryPosition? after = start;
        while (room?.ReadOldest(MaxStep, ref after) is { } page)
        {
            foreach (var message in page)
            {
                yield return message;
            }
        }
    }

    private static IEnumerable<ImportedText> OldestImported(
        string chat,
        ImportedTable imported,
        (WallTime Sent, long Number) after
    )
    {
        while (imported.ReadOldest(chat, MaxStep, after) is { Count: > 0 } page)
        {
            foreach (var text in page)
            {
                yield return text;
            }

            after = (page[^1].Sent, page[^1].Number);
        }
    }

    private static IEnumerable<RoomMessage> Entries(Room? room, EntryPosition? before, int step)
    {
        while (room?.ReadLatest(step, before) is { Count: > 0 } page)
        {
            foreach (var message in page.Reverse())
            {
                yield return message;
            }

            before = page[0].Position;
        }
    }

    private static IEnumerable<ImportedText> Imported(
        string chat,
        ImportedTable imported,
        (WallTime Sent, long Number)? before,
        int step
    )
    {
        while (imported.ReadLatest(chat, step, before) is { Count: > 0 } page)
        {
            foreach (var text in page)
            {
                yield return text;
            }

            before = (page[^1].Sent, page[^1].Number);
        }
    }
}
