using System.Globalization;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>A place in a chat, among entries and among messages from exports.</summary>
/// <param name="Entry">Entries before it.</param>
/// <param name="Imported">Messages from exports before it.</param>
internal readonly record struct HistoryPlace(EntryPosition Entry, (WallTime Sent, long Number) Imported)
{
    /// <summary>Before everything.</summary>
    public static HistoryPlace Start { get; } =
        new(new EntryPosition(0, default), (new WallTime(long.MinValue), long.MinValue));

    /// <summary>The place of an entry; a message from an export of the same millisecond stands before it.</summary>
    public static HistoryPlace Of(EntryPosition entry) =>
        new(entry, (HistoryPages.TimeOf(entry.OrderClock), long.MaxValue));

    /// <summary>The place of a message from an export.</summary>
    public static HistoryPlace Of(ImportedText text) =>
        new(new EntryPosition(HistoryPages.OrderOf(text), default), (text.Sent, text.Number));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out HistoryPlace place)
    {
        place = default;
        if (
            text.Split('/') is not [var clock, var id, var sent, var number]
            || !ulong.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            || !Bytes32.TryParseHex(id, out var entry)
            || !TryReadNumber(sent, out var time)
            || !TryReadNumber(number, out var imported)
        )
        {
            return false;
        }

        place = new HistoryPlace(
            new EntryPosition(order, new EntryId(entry)),
            (new WallTime(time), imported)
        );
        return true;
    }

    /// <summary>A form in which a face can keep it.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Entry.OrderClock}/{Entry.Id}/{Imported.Sent.UnixMilliseconds}/{Imported.Number}"
        );

    private static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
