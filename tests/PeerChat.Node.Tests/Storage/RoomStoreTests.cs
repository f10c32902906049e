using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

public sealed class RoomStoreTests : IDisposable
{
    private static readonly RoomId Lounge = Room("lounge");
    private readonly TemporaryFolder _folder = new();
    private readonly ProfileStore _store;

    public RoomStoreTests() => _store = _folder.OpenOwner();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Gives_an_entry_back_as_it_was_before_any_commit()
    {
        var entry = Entry(Lounge, "alice", 1) with { Signature = new byte[] { 1, 2, 3 } };
        _store.Rooms.Append(entry);

        ShouldBe(_store.Rooms.Find(entry.Id), entry);
        _store.Rooms.Find(new EntryId(Id("another"))).ShouldBeNull();
    }

    [Fact]
    public void Appending_a_known_id_does_nothing()
    {
        var entry = Entry(Lounge, "alice", 1);
        _store.Rooms.Append(entry);
        _store.Rooms.Append(entry with { Payload = new byte[] { 9 }, Signature = new byte[] { 9 } });

        ShouldBe(_store.Rooms.Find(entry.Id), entry);
        _store.Rooms.ReadRange(Lounge, entry.Author, 0, 10).Count.ShouldBe(1);
    }

    [Fact]
    public void Adds_a_signature_once_and_keeps_the_first()
    {
        var entry = Entry(Lounge, "alice", 1);
        _store.Rooms.Append(entry);
        _store.Rooms.SetSignature(entry.Id, new byte[] { 1 });
        _store.Rooms.SetSignature(entry.Id, new byte[] { 2 });

        _store.Rooms.Find(entry.Id)!.Signature.ToArray().ShouldBe([1]);
    }

    [Fact]
    public void Keeps_the_greatest_numbers_of_the_protocol_in_order()
    {
        var room = _store.Rooms;
        room.Append(Entry(Lounge, "alice", ulong.MaxValue, orderClock: ulong.MaxValue));
        room.Append(Entry(Lounge, "alice", 1, orderClock: 1));
        room.Append(Entry(Lounge, "alice", 1UL << 63, orderClock: 1UL << 63));

        room.ReadRange(Lounge, Author("alice"), 1, 10)
            .Select(entry => entry.Seq)
            .ShouldBe([1UL, 1UL << 63, ulong.MaxValue]);
        room.ReadLatest(Lounge, 10, null)
            .Select(entry => entry.OrderClock)
            .ShouldBe([ulong.MaxValue, 1UL << 63, 1UL]);
        room.ReadHeads(Lounge).Select(entry => entry.Seq).ShouldBe([ulong.MaxValue]);
    }

    [Fact]
    public void Keeps_ranges_ahead_of_a_log_until_they_are_dropped()
    {
        var range = new AheadRange(
            Author("alice"),
            1UL << 63,
            (1UL << 63) + 1,
            new EntryId(Id("before")),
            7,
            ulong.MaxValue,
            123,
            true,
            new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }
        );
        _store.Rooms.KeepAhead(Lounge, range, new byte[] { 1 });
        _store.Rooms.KeepAhead(Lounge, range with { Last = range.First }, new byte[] { 2 });
        _store.Rooms.KeepAhead(Lounge, range with { First = 5 }, new byte[] { 3 });
        _store.Rooms.KeepAhead(Room("other"), range, new byte[] { 4 });

        var listed = _store.Rooms.ListAhead(Lounge);
        listed.Select(one => one.First).ShouldBe([5UL, 1UL << 63]);
        listed[1].Ids.ToArray().ShouldBe(range.Ids.ToArray());
        (listed[1] with { Ids = range.Ids, Last = range.Last }).ShouldBe(range);
        _store.Rooms.ReadAhead(Lounge, range.Author, range.First).ShouldBe([2]);
        _store.Rooms.ReadAhead(Lounge, Author("bob"), range.First).ShouldBeNull();

        _store.Rooms.DropAhead(Lounge, range.Author, range.First);

        _store.Rooms.ListAhead(Lounge).Count.ShouldBe(1);
        _store.Rooms.ListAhead(Room("other")).Count.ShouldBe(1);
    }

    [Fact]
    public void Reads_a_range_of_one_author_of_one_room()
    {
        for (var seq = 1UL; seq <= 10; seq++)
        {
            _store.Rooms.Append(Entry(Lounge, "alice", 11 - seq));
            _store.Rooms.Append(Entry(Lounge, "bob", seq));
            _store.Rooms.Append(Entry(Room("other"), "alice", seq));
        }

        var range = _store.Rooms.ReadRange(Lounge, Author("alice"), 4, 3);

        range.Select(entry => entry.Seq).ShouldBe([4UL, 5, 6]);
        range.ShouldAllBe(entry => entry.Room == Lounge && entry.Author == Author("alice"));
        _store.Rooms.ReadRange(Lounge, Author("nobody"), 1, 10).ShouldBeEmpty();
        _store.Rooms.ReadRange(Room("nowhere"), Author("alice"), 1, 10).ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_both_entries_of_a_fork()
    {
        _store.Rooms.Append(Entry(Lounge, "alice", 1));
        _store.Rooms.Append(Entry(Lounge, "alice", 1, fork: "other"));

        _store.Rooms.ReadRange(Lounge, Author("alice"), 1, 10).Count.ShouldBe(2);
        _store.Rooms.ReadHeads(Lounge).Count.ShouldBe(1);
    }

    [Fact]
    public void Agrees_with_a_list_in_memory_about_every_query()
    {
        var random = new Random(7);
        var entries = new List<StoredEntry>();
        foreach (var room in new[] { Lounge, Room("other") })
        {
            foreach (var author in new[] { "alice", "bob", "carol", "dave" })
            {
                var last = (ulong)random.Next(1, 40);
                for (var seq = 1UL; seq <= last; seq++)
                {
                    // Equal order clocks on purpose: the id then decides.
                    entries.Add(Entry(room, author, seq, (ulong)random.Next(1, 30), (byte)random.Next(0, 3)));
                }
            }
        }

        foreach (var entry in entries.OrderBy(_ => random.Next()))
        {
            _store.Rooms.Append(entry);
        }

        _store.Commit();
        var inLounge = entries.Where(entry => entry.Room == Lounge).ToList();
        Ids(_store.Rooms.ReadControl(Lounge))
            .ShouldBe(Ids(inLounge.Where(e => e.Kind != 0).OrderBy(e => e.Author).ThenBy(e => e.Seq)));
        Ids(_store.Rooms.ReadHeads(Lounge))
            .ShouldBe(
                Ids(inLounge.GroupBy(e => e.Author).OrderBy(g => g.Key).Select(g => g.MaxBy(e => e.Seq)!))
            );

        var shown = inLounge
            .Where(e => e.Kind == 0)
            .OrderByDescending(e => new EntryPosition(e.OrderClock, e.Id))
            .ToList();
        var paged = new List<StoredEntry>();
        EntryPosition? before = null;
        while (_store.Rooms.ReadLatest(Lounge, 7, before) is { Count: > 0 } page)
        {
            paged.AddRange(page);
            before = new EntryPosition(page[^1].OrderClock, page[^1].Id);
        }

        Ids(paged).ShouldBe(Ids(shown));
    }

    [Fact]
    public void Keeps_replaces_and_forgets_secrets()
    {
        _store.Rooms.ReadSecret("epoch").ShouldBeNull();
        _store.Rooms.WriteSecret("epoch", [1, 2, 3]);
        _store.Rooms.WriteSecret("author", []);
        _store.Rooms.WriteSecret("epoch", [4, 5]);

        _store.Rooms.ReadSecret("epoch").ShouldBe([4, 5]);
        _store.Rooms.ReadSecret("author").ShouldBe([]);

        _store.Rooms.DeleteSecret("epoch");
        _store.Rooms.ReadSecret("epoch").ShouldBeNull();
    }

    [Fact]
    public void Keeps_one_statement_for_each_room_kind_and_author()
    {
        var rooms = _store.Rooms;
        rooms.WriteStatement(Lounge, StatementKind.Have, Author("alice"), 1, new byte[] { 1 });
        rooms.WriteStatement(Lounge, StatementKind.Have, Author("alice"), 2, new byte[] { 2 });
        rooms.WriteStatement(Lounge, StatementKind.Have, Author("bob"), 7, Array.Empty<byte>());
        rooms.WriteStatement(Lounge, StatementKind.Profile, Author("alice"), 3, new byte[] { 3 });
        rooms.WriteStatement(Room("other"), StatementKind.Have, Author("alice"), 4, new byte[] { 4 });

        rooms
            .ReadStatements(Lounge, StatementKind.Have)
            .Select(s => (s.Author, s.Counter, Convert.ToHexString(s.Bytes.Span)))
            .ShouldBe([(Author("alice"), 2UL, "02"), (Author("bob"), 7UL, "")], ignoreOrder: true);
        rooms.ReadStatements(Lounge, StatementKind.ForkProof).ShouldBeEmpty();
    }

    [Fact]
    public void Does_not_remember_the_numbers_of_ids_that_were_rolled_back()
    {
        _store.Rooms.Append(Entry(Lounge, "alice", 1));
        _store.Rollback();

        _store.Rooms.Append(Entry(Room("other"), "bob", 1));
        _store.Rooms.Append(Entry(Lounge, "alice", 2));
        _store.Commit();

        _store.Rooms.ReadHeads(Lounge).ShouldHaveSingleItem().Author.ShouldBe(Author("alice"));
        _store.Rooms.ReadHeads(Room("other")).ShouldHaveSingleItem().Author.ShouldBe(Author("bob"));
    }

    [Theory]
    [InlineData("WHERE room = 1 AND kind = 0 ORDER BY order_clock DESC, id DESC LIMIT 50")]
    [InlineData(
        "WHERE room = 1 AND kind = 0 AND (order_clock, id) < (5, x'00') ORDER BY order_clock DESC, id DESC LIMIT 50"
    )]
    [InlineData("WHERE room = 1 AND author = 2 AND seq >= 3 ORDER BY seq, number LIMIT 50")]
    [InlineData("WHERE room = 1 AND author = 2 ORDER BY seq DESC, number DESC LIMIT 1")]
    [InlineData("WHERE room = 1 AND kind <> 0")]
    public void Answers_by_an_index_without_sorting(string query)
    {
        var plan = string.Join(
            '\n',
            _store.Database.Read("EXPLAIN QUERY PLAN SELECT * FROM entries " + query, row => row.GetString(3))
        );

        plan.ShouldContain("USING INDEX");
        plan.ShouldNotContain("SCAN");
        plan.ShouldNotContain("TEMP B-TREE");
    }

    private static IEnumerable<EntryId> Ids(IEnumerable<StoredEntry> entries) => entries.Select(e => e.Id);
}
