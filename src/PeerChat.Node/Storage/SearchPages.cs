using PeerChat.Rooms;

namespace PeerChat.Node.Storage;

/// <summary>The cache that search reads: each room's texts in order of arrival, in pages sealed under the store key.</summary>
/// <remarks>
/// A page covers <see cref="PageEntries"/> content entries, whether they have a text or not. What came after the last page is not in
/// the cache; there are never many of those. Every text is also in an entry, so the cache can be made anew from those.
/// </remarks>
internal sealed class SearchPages(ProfileDatabase database, StoreSeal seal, RoomStore entries)
{
    /// <summary>Content entries of a page: a text of ours has 60 bytes, so most pages have some 50 KB. A guess.</summary>
    public const int PageEntries = 512;

    private const string Place = "search_pages.sealed";

    /// <summary>Pages opened since the start, for tests that count work.</summary>
    public long PagesOpened { get; private set; }

    /// <summary>The arrival up to which a room's texts are in the cache.</summary>
    public long CoveredTo(RoomId room) =>
        entries.NumberOf(room) is { } number
            ? database.ReadNumber("SELECT coalesce(max(last), 0) FROM search_pages WHERE room = $1", number)
            : 0;

    /// <summary>Adds the page that follows the last one.</summary>
    public void Add(RoomId room, long first, long last, IReadOnlyCollection<SearchRow> rows)
    {
        var number = entries.NumberOf(room)!.Value;
        database.Write(
            "INSERT INTO search_pages (room, first, last, sealed) VALUES ($1, $2, $3, $4)",
            number,
            first,
            last,
            seal.Seal(Place, RowOf(number, last), SearchRow.Write(rows))
        );
    }

    /// <summary>The rows that match, newest arrival first, read as they are asked for.</summary>
    public IEnumerable<SearchRow> Find(RoomId room, SearchQuery query)
    {
        if (entries.NumberOf(room) is not { } number)
        {
            yield break;
        }

        var before = long.MaxValue;
        while (true)
        {
            var page = database.Read(
                "SELECT last, sealed FROM search_pages WHERE room = $1 AND last < $2 ORDER BY last DESC LIMIT 1",
                row => (Last: row.GetInt64(0), Sealed: row.GetBytes(1)),
                number,
                before
            );
            if (page.Count == 0)
            {
                yield break;
            }

            before = page[0].Last;
            var rows = Open(number, page[0].Last, page[0].Sealed);
            for (var i = rows.Count - 1; i >= 0; i--)
            {
                if (rows[i].Matches(query))
                {
                    yield return rows[i];
                }
            }
        }
    }

    /// <summary>Puts another text, or none, in place of what the cache has of an entry; nothing where it is not covered yet.</summary>
    public void Replace(RoomId room, long arrival, SearchRow? by)
    {
        if (
            entries.NumberOf(room) is not { } number
            || database.Read(
                "SELECT first, last, sealed FROM search_pages WHERE room = $1 AND last >= $2 ORDER BY last LIMIT 1",
                row => (First: row.GetInt64(0), Last: row.GetInt64(1), Sealed: row.GetBytes(2)),
                number,
                arrival
            )
                is not [var page, ..]
        )
        {
            return;
        }

        var rows = Open(number, page.Last, page.Sealed);
        var at = rows.FindIndex(row => row.Arrival >= arrival);
        var isThere = at >= 0 && rows[at].Arrival == arrival;
        if (isThere ? by is not null && rows[at].Text.Span.SequenceEqual(by.Text.Span) : by is null)
        {
            return;
        }

        if (isThere)
        {
            rows.RemoveAt(at);
        }

        if (by is not null)
        {
            rows.Insert(at < 0 ? rows.Count : at, by);
        }

        database.Write(
            "UPDATE search_pages SET sealed = $3 WHERE room = $1 AND last = $2",
            number,
            page.Last,
            seal.Seal(Place, RowOf(number, page.Last), SearchRow.Write(rows))
        );
    }

    /// <summary>Takes texts out of what the cache has, each page once.</summary>
    public void Remove(RoomId room, IReadOnlyCollection<long> arrivals)
    {
        if (entries.NumberOf(room) is not { } number || arrivals.Count == 0)
        {
            return;
        }

        var gone = arrivals.ToHashSet();
        var pages = database.Read(
            "SELECT first, last, sealed FROM search_pages WHERE room = $1 AND last >= $2 AND first <= $3",
            row => (First: row.GetInt64(0), Last: row.GetInt64(1), Sealed: row.GetBytes(2)),
            number,
            gone.Min(),
            gone.Max()
        );
        foreach (var page in pages)
        {
            var rows = Open(number, page.Last, page.Sealed);
            if (rows.RemoveAll(row => gone.Contains(row.Arrival)) > 0)
            {
                database.Write(
                    "UPDATE search_pages SET sealed = $3 WHERE room = $1 AND last = $2",
                    number,
                    page.Last,
                    seal.Seal(Place, RowOf(number, page.Last), SearchRow.Write(rows))
                );
            }
        }
    }

    private static byte[] RowOf(long room, long last) =>
        [.. BitConverter.GetBytes(room), .. BitConverter.GetBytes(last)];

    private List<SearchRow> Open(long room, long last, byte[] sealedPage)
    {
        PagesOpened++;
        return SearchRow.TryRead(seal.Open(Place, RowOf(room, last), sealedPage))
            ?? throw SqliteProblem.Damaged(database.Path);
    }
}
