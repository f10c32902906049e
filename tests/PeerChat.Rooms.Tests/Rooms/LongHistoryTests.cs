using Google.Protobuf.Collections;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

public class LongHistoryTests
{
    private const int Messages = 6_000;

    [Fact]
    public void The_newest_page_of_a_long_history_can_be_read_while_the_rest_comes()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);

        mesh.Run(TimeSpan.FromSeconds(2));

        bob.Store.EntryCount.ShouldBeLessThan(Messages / 2);
        bob.Events.ShouldContain(e => e is RoomEvent.HistoryChanged);
        var page = bob.Room.ReadLatest(50, null);
        page.Select(m => m.Text).ShouldBe(LongHistory.Numbered(Messages - 50, 50));
        page.ShouldAllBe(m => m.Arrival == 0);
        bob.Room.Find(page[^1].Id)!.Text.ShouldBe($"message {Messages - 1}");
        bob.Room.ReadLatest(10, page[0].Position)[^1].Text.ShouldBe($"message {Messages - 51}");
        alice.Messages.ShouldAllBe(m => m.DeliveredTo == 0 || m.Arrival < Messages / 2);

        mesh.Run(TimeSpan.FromMinutes(1));

        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
        bob.Messages.ShouldAllBe(m => m.Arrival > 0);
        bob.Events.OfType<RoomEvent.MessageAdded>()
            .Select(e => e.Message.Id)
            .Distinct()
            .Count()
            .ShouldBe(Messages);
        bob.Events.OfType<RoomEvent.MessageAdded>().Count().ShouldBe(Messages);
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Delivered);
    }

    [Fact]
    public void What_is_written_while_a_long_history_comes_is_there_to_read_at_once()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(2));

        mesh.Post(alice, "news");
        mesh.Run(TimeSpan.FromMilliseconds(700));

        bob.Store.EntryCount.ShouldBeLessThan(Messages);
        bob.Room.ReadLatest(1, null).ShouldHaveSingleItem().Text.ShouldBe("news");
    }

    [Fact]
    public void Nothing_is_shown_ahead_of_an_author_whose_first_entry_has_not_come()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        // The page comes, and everything before it is lost on the way.
        mesh.Tamper = (from, frame) =>
            from == alice && RangeOf(frame) is [{ Header: var header }, ..] && SeqOf(header.Span) < 100
                ? null
                : frame;
        mesh.Connect(alice, bob);

        mesh.Run(TimeSpan.FromSeconds(2));

        bob.Texts.ShouldBeEmpty();
        bob.Events.ShouldNotContain(e => e is RoomEvent.HistoryChanged);
    }

    [Fact]
    public void Three_peers_share_a_log_and_nothing_is_fetched_twice()
    {
        var (alice, bob, carol, dave) = (
            SimulatedPeer.Open("alice", 1),
            SimulatedPeer.Open("bob", 2),
            SimulatedPeer.Open("carol", 3),
            SimulatedPeer.Open("dave", 4)
        );
        var mesh = new SimulatedMesh(5, alice, bob, carol, dave) { MaxDelay = TimeSpan.FromMilliseconds(20) };
        mesh.OpenAll();
        LongHistory.Write(alice, Messages);
        mesh.Connect(alice, bob);
        mesh.Connect(alice, carol);
        mesh.Run(TimeSpan.FromMinutes(2));
        carol.Store.EntryCount.ShouldBeGreaterThan(Messages);

        var served = new Dictionary<SimulatedPeer, int>();
        mesh.Tamper = (from, frame) =>
        {
            served[from] = served.GetValueOrDefault(from) + RangeOf(frame).Count;
            return frame;
        };
        foreach (var peer in new[] { alice, bob, carol })
        {
            mesh.Connect(peer, dave);
        }

        mesh.Run(TimeSpan.FromMinutes(2));

        dave.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
        served.Values.Sum().ShouldBeLessThan(Messages + (Messages / 20));
        foreach (var peer in new[] { alice, bob, carol })
        {
            served[peer].ShouldBeGreaterThan(Messages / 10);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sync_that_was_interrupted_goes_on_where_it_stopped(bool crashes)
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        var sent = 0;
        mesh.Tamper = (from, frame) =>
        {
            sent += from == alice ? RangeOf(frame).Count : 0;
            return frame;
        };
        for (var i = 0; i < 4; i++)
        {
            mesh.Connect(alice, bob);
            while (bob.HeldCount < (i + 1) * 1_000)
            {
                mesh.Run(TimeSpan.FromMilliseconds(50));
            }

            mesh.Disconnect(alice, bob);
            if (crashes)
            {
                mesh.Crash(bob);
            }
        }

        bob.HeldCount.ShouldBeLessThan(Messages - 100);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromMinutes(1));

        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
        // What was under way when the link broke.
        sent.ShouldBeLessThan(Messages + (5 * 3 * 400));
    }

    [Fact]
    public void A_peer_that_falls_silent_is_left_for_another()
    {
        var (alice, bob, carol) = (
            SimulatedPeer.Open("alice", 1),
            SimulatedPeer.Open("bob", 2),
            SimulatedPeer.Open("carol", 3)
        );
        var mesh = new SimulatedMesh(6, alice, bob, carol) { MaxDelay = TimeSpan.FromMilliseconds(20) };
        mesh.OpenAll();
        LongHistory.Write(alice, Messages);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromMinutes(1));
        mesh.Tamper = (from, frame) => from == alice && frame.IsBulk ? null : frame;
        mesh.Connect(alice, carol);
        mesh.Connect(bob, carol);

        mesh.Run(TimeSpan.FromMinutes(2));

        carol.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
    }

    private static RepeatedField<Wire.Entry> RangeOf(RoomFrame frame) =>
        frame.IsBulk && Wire.Frame.Parser.ParseFrom(frame.Bytes.Span) is { Range: { } range }
            ? range.Entries
            : [];

    // Version, kind, room and author come before it (crypto.md section 3).
    private static ulong SeqOf(ReadOnlySpan<byte> header) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(header[66..]);
}
