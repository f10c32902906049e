using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Log;
using PeerChat.TestKit;
using Shouldly;
using SQLitePCL;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

/// <summary>
/// What opening a room costs must not grow with its history. Counted in steps of SQLite's virtual machine, which are the
/// same on every machine whatever else it does; how long they take is the benchmarks' business.
/// </summary>
public sealed class StorageWorkTests
{
    private const int Small = 1_000;
    private const int Large = 50_000;

    private static readonly byte[] StoreKey = new byte[32];

    [Fact]
    public void The_latest_page_of_a_long_history_costs_what_it_costs_of_a_short_one()
    {
        var room = Room();
        Costs(room, store => store.ReadLatest(room, 200, before: null).Count.ShouldBe(200));
    }

    [Fact]
    public void The_page_before_another_costs_the_same_in_a_long_history()
    {
        var room = Room();
        Costs(
            room,
            store =>
                store
                    .ReadLatest(room, 200, new EntryPosition(600, new EntryId(Id("none"))))
                    .Count.ShouldBe(200)
        );
    }

    [Fact]
    public void The_heads_of_all_authors_cost_the_same_in_a_long_history()
    {
        var room = Room();
        Costs(room, store => store.ReadHeads(room).Count.ShouldBe(20));
    }

    [Fact]
    public void A_range_of_one_author_costs_the_same_in_a_long_history()
    {
        var room = Room();
        Costs(room, store => store.ReadRange(room, Author("author7"), 11, 30).Count.ShouldBe(30));
    }

    private static void Costs(RoomId room, Action<RoomStore> read)
    {
        var little = Steps(room, Small, read);
        var much = Steps(room, Large, read);

        little.ShouldBeGreaterThan(0);
        // The index is a level or two deeper, no more.
        much.ShouldBeLessThan((little * 3 / 2) + 100);
    }

    private static long Steps(RoomId room, int entries, Action<RoomStore> read)
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("history.db");
        using var database = ProfileDatabase.OpenOwner(path);
        var store = new RoomStore(database, new StoreSeal(new SeededEntropy(1), StoreKey, path));
        for (var i = 0; i < entries; i++)
        {
            store.Append(Entry(room, "author" + (i % 20), (ulong)(i / 20) + 1, (ulong)i + 1));
        }

        database.Commit();
        var steps = 0L;
        raw.sqlite3_progress_handler(
            database.Handle,
            1,
            _ =>
            {
                steps++;
                return 0;
            },
            null
        );
        read(store);
        raw.sqlite3_progress_handler(database.Handle, 0, null, null);
        return steps;
    }
}
