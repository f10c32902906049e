using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>A message's text as it is searched.</summary>
/// <param name="Arrival">Which entry it is of.</param>
/// <param name="SentAt">When it was written, by its author's clock.</param>
/// <param name="From">Who wrote it.</param>
/// <param name="Text">The text, folded, in UTF-8.</param>
internal sealed record SearchRow(long Arrival, WallTime SentAt, PeerId From, ReadOnlyMemory<byte> Text)
{
    private const int FixedSize = sizeof(ulong) + sizeof(ulong) + Bytes32.Size + sizeof(uint);

    /// <summary>Whether every one of these words, folded, stands in it, and author and time fit.</summary>
    public bool Matches(SearchQuery query)
    {
        if (
            (query.From is { } from && from != From)
            || SentAt.UnixMilliseconds < query.Since
            || SentAt.UnixMilliseconds > query.Until
        )
        {
            return false;
        }

        foreach (var word in query.Words)
        {
            if (Text.Span.IndexOf(word) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The bytes of a page.</summary>
    public static byte[] Write(IReadOnlyCollection<SearchRow> rows)
    {
        var bytes = new byte[rows.Sum(row => FixedSize + row.Text.Length)];
        var writer = new SpanWriter(bytes);
        foreach (var row in rows)
        {
            writer.WriteUInt64((ulong)row.Arrival);
            writer.WriteUInt64((ulong)row.SentAt.UnixMilliseconds);
            row.From.Value.CopyTo(writer.Advance(Bytes32.Size));
            writer.WriteUInt32((uint)row.Text.Length);
            writer.WriteBytes(row.Text.Span);
        }

        return bytes;
    }

    /// <summary>Reads a page; null when it is not what <see cref="Write"/> writes.</summary>
    public static List<SearchRow>? TryRead(byte[] page)
    {
        var rows = new List<SearchRow>();
        for (var at = 0; at < page.Length; )
        {
            var reader = new SpanReader(page.AsSpan(at));
            if (
                !reader.TryReadUInt64(out var arrival)
                || !reader.TryReadUInt64(out var sentAt)
                || !reader.TryReadBytes(Bytes32.Size, out var from)
                || !reader.TryReadUInt32(out var length)
                || length > page.Length - at - FixedSize
            )
            {
                return null;
            }

            rows.Add(
                new SearchRow(
                    (long)arrival,
                    new WallTime((long)sentAt),
                    new PeerId(new Bytes32(from)),
                    page.AsMemory(at + FixedSize, (int)length)
                )
            );
            at += FixedSize + (int)length;
        }

        return rows;
    }

    /// <summary>A row of a text.</summary>
    public static SearchRow Of(long arrival, WallTime sentAt, PeerId from, string text) =>
        new(arrival, sentAt, from, Encoding.UTF8.GetBytes(SearchFold.Fold(text)));
}
