using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>A long history comes from its end on, is kept as it comes, and is the same as any other in the end.</summary>
public class NewestFirstTests
{
    private const int Messages = 4_000;

    [Fact]
    public void What_is_newer_always_comes_before_what_is_older()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);

        var shown = 0;
        while (bob.Store.EntryCount < 1_000)
        {
            mesh.Run(TimeSpan.FromMilliseconds(200));
            // Behind the first entries, which say who the author is, there is one piece, and it ends with the newest.
            var end = bob.Messages.Where(m => m.Arrival == 0).Select(m => m.Text).ToArray();
            end.ShouldBe(LongHistory.Numbered(Messages - end.Length, end.Length));
            (end.Length >= shown || bob.Store.EntryCount >= 1_000).ShouldBeTrue();
            shown = Math.Max(shown, end.Length);
        }

        shown.ShouldBeGreaterThan(Messages / 2);
        mesh.Run(TimeSpan.FromMinutes(1));
        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
        bob.Store.AheadCount.ShouldBe(0);
        bob.Room.AheadBytes.ShouldBe(0);
    }

    [Fact]
    public void What_has_come_is_kept_and_can_be_read_after_a_crash_with_nobody_there()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);
        RunHalf(mesh, bob);
        mesh.Disconnect(alice, bob);
        var before = bob.Texts;
        before.Length.ShouldBeInRange(200, Messages - 1);

        mesh.Crash(bob);

        bob.Texts.ShouldBe(before);
        bob.Room.Find(bob.Messages[^1].Id)!.Text.ShouldBe($"message {Messages - 1}");
        bob.Room.AheadEntries.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void It_is_told_that_more_can_be_read_but_not_for_each_frame()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        var frames = 0;
        mesh.Tamper = (from, frame) =>
        {
            frames += from == alice && frame.IsBulk ? 1 : 0;
            return frame;
        };
        mesh.Connect(alice, bob);
        var start = mesh.Now;
        while (bob.Store.EntryCount < 1_000)
        {
            mesh.Run(TimeSpan.FromMilliseconds(100));
        }

        var told = bob.Events.OfType<RoomEvent.HistoryChanged>().Count();
        told.ShouldBeInRange(2, 2 + (int)((mesh.Now - start) / Room.AheadNewsInterval));
    }

    [Fact]
    public void The_epochs_of_a_direct_chat_are_read_as_they_come()
    {
        var (alice, bob) = SimulatedPeer.Direct(5);
        var mesh = new SimulatedMesh(3, alice, bob) { MaxDelay = TimeSpan.FromMilliseconds(300), Window = 1 };
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(5));
        mesh.Disconnect(alice, bob);
        LongHistory.Write(alice, Messages);
        mesh.Connect(alice, bob);

        RunHalf(mesh, bob);

        bob.Store.EntryCount.ShouldBeLessThan(Messages / 2);
        bob.Room.ReadLatest(50, null).Select(m => m.Text).ShouldBe(LongHistory.Numbered(Messages - 50, 50));
        mesh.Run(TimeSpan.FromMinutes(1));
        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Delivered);
    }

    [Fact]
    public void Logs_that_cite_each_other_are_taken_in_together()
    {
        var (alice, bob, carol) = (
            SimulatedPeer.Open("alice", 1),
            SimulatedPeer.Open("bob", 2),
            SimulatedPeer.Open("carol", 3)
        );
        var mesh = new SimulatedMesh(5, alice, bob, carol)
        {
            MaxDelay = TimeSpan.FromMilliseconds(2),
            Window = 8,
        };
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        for (var i = 0; i < 1_500; i++)
        {
            mesh.Post(i % 2 == 0 ? alice : bob, $"message {i}");
            mesh.Run(TimeSpan.FromMilliseconds(5));
        }

        LongHistory.Write(alice, Messages);
        LongHistory.Write(bob, Messages);
        mesh.Run(TimeSpan.FromMinutes(1));

        mesh.Connect(alice, carol);
        mesh.Run(TimeSpan.FromMinutes(2));

        carol.Texts.ShouldBe(alice.Texts);
        carol.Room.AheadBytes.ShouldBe(0);
    }

    [Fact]
    public void A_recall_reaches_what_came_ahead_on_the_disk_too()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);
        RunHalf(mesh, bob);
        mesh.Disconnect(alice, bob);
        var target = bob.Room.ReadLatest(1, null).ShouldHaveSingleItem().Id;
        var payload = alice.Store.Find(target)!.Payload.ToArray();
        Contains(bob.Store.AllBytes, payload).ShouldBeTrue();

        alice.Room.Recall(target, mesh.Wall);
        mesh.Settle(alice);
        mesh.Connect(alice, bob);
        while (Contains(bob.Store.AllBytes, payload))
        {
            mesh.Run(TimeSpan.FromMilliseconds(50));
        }

        bob.Store.EntryCount.ShouldBeLessThan(1_000); // it lies ahead still
        mesh.Run(TimeSpan.FromMinutes(1));
        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages - 1));
    }

    [Fact]
    public void What_is_too_old_to_be_kept_goes_although_it_lies_ahead()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);
        RunHalf(mesh, bob);
        mesh.Disconnect(alice, bob);
        var newest = bob.Room.ReadLatest(1, null).ShouldHaveSingleItem().Id;
        var payload = alice.Store.Find(newest)!.Payload.ToArray();

        bob.Room.SetRetention(TimeSpan.FromDays(1), mesh.Now);
        mesh.Settle(bob);
        mesh.Run(TimeSpan.FromDays(3));

        Contains(bob.Store.AllBytes, payload).ShouldBeFalse();
    }

    [Fact]
    public void A_person_with_more_than_fits_is_kept_from_the_beginning()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        var one = alice.Store.ReadRange(alice.Room.Id, alice.Room.OwnAuthor, 10, 1)[0];
        var size = one.Header.Length + one.Payload.Length;
        bob.Room.Quota = new RoomQuota { RoomBytes = 2L * size * 2_000 }; // half of it for one person
        mesh.Connect(alice, bob);

        mesh.Run(TimeSpan.FromMinutes(3));

        bob.Events.OfType<RoomEvent.QuotaReached>().ShouldNotBeEmpty();
        bob.Texts.Length.ShouldBeInRange(1_000, 2_001);
        bob.Texts.ShouldBe(LongHistory.Numbered(0, bob.Texts.Length));
        bob.Room.AheadBytes.ShouldBe(0);
    }

    [Fact]
    public void A_range_that_nothing_vouches_for_is_neither_kept_nor_shown_nor_held_against_its_sender()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        // The frames that vouch for others are lost; the others come without signatures of their own.
        mesh.Tamper = (from, frame) =>
            from == alice && frame.IsBulk ? Unsigned(frame, 500, (ulong)Messages - 200) : frame;
        mesh.Connect(alice, bob);

        mesh.Run(TimeSpan.FromSeconds(20));

        bob.Room.AheadEntries.ShouldBe(0);
        bob.Events.ShouldNotContain(e => e is RoomEvent.PeerMisbehaved);
    }

    [Fact]
    public void Who_has_most_and_gives_nothing_does_not_keep_others_from_being_asked()
    {
        var (alice, bob, carol, mallory) = (
            SimulatedPeer.Open("alice", 1),
            SimulatedPeer.Open("bob", 2),
            SimulatedPeer.Open("carol", 3),
            SimulatedPeer.Open("mallory", 4)
        );
        var mesh = new SimulatedMesh(7, alice, bob, carol, mallory)
        {
            MaxDelay = TimeSpan.FromMilliseconds(20),
        };
        mesh.OpenAll();
        LongHistory.Write(alice, Messages - 200);
        mesh.Connect(alice, carol);
        mesh.Run(TimeSpan.FromMinutes(1));
        mesh.Disconnect(alice, carol);
        LongHistory.Write(alice, 200);
        mesh.Connect(alice, mallory);
        mesh.Run(TimeSpan.FromMinutes(1));
        mesh.Disconnect(alice, mallory);
        // The first page comes, and nothing else ever.
        mesh.Tamper = (from, frame) =>
            from == mallory && frame.IsBulk ? Unsigned(frame, ulong.MaxValue, 100) : frame;
        mesh.Connect(mallory, bob);
        mesh.Run(TimeSpan.FromSeconds(10));

        mesh.Connect(carol, bob);
        mesh.Run(TimeSpan.FromMinutes(1));

        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages - 200));
    }

    [Fact]
    public void What_was_made_up_is_dropped_as_soon_as_what_lies_behind_it_comes_and_another_is_asked()
    {
        var (alice, bob, mallory) = (
            SimulatedPeer.Open("alice", 1),
            SimulatedPeer.Open("bob", 2),
            SimulatedPeer.Open("mallory", 3)
        );
        var mesh = new SimulatedMesh(7, alice, bob, mallory) { MaxDelay = TimeSpan.FromMilliseconds(20) };
        mesh.OpenAll();
        LongHistory.Write(alice, Messages);
        mesh.Connect(alice, mallory);
        mesh.Run(TimeSpan.FromMinutes(1));
        mesh.Tamper = (from, frame) => from == mallory && frame.IsBulk ? MadeUp(frame) : frame;
        mesh.Connect(alice, bob);
        mesh.Connect(mallory, bob);

        mesh.Run(TimeSpan.FromMinutes(3));

        bob.Texts.ShouldBe(LongHistory.Numbered(0, Messages));
    }

    // Another text in the last entry, which then has another id, and no signature that could tell.
    private static RoomFrame MadeUp(RoomFrame frame)
    {
        var body = Wire.Frame.Parser.ParseFrom(frame.Bytes.Span);
        if (body.Range is not { Entries: [.., var last] })
        {
            return frame;
        }

        var header = last.Header.ToByteArray();
        header[^50] ^= 1; // of the heads or the epoch: the header parses as before
        last.Header = Google.Protobuf.ByteString.CopyFrom(header);
        last.Signature = Google.Protobuf.ByteString.Empty;
        return new RoomFrame(true, Google.Protobuf.MessageExtensions.ToByteArray(body));
    }

    [Fact]
    public void A_history_that_is_soon_whole_is_written_once_and_one_that_is_not_is_kept_meanwhile()
    {
        var (alice, bob, mesh) = LongHistory.Apart(Messages);
        mesh.Connect(alice, bob);
        RunHalf(mesh, bob);
        bob.Store.AheadCount.ShouldBe(0);
        var held = bob.HeldCount;

        mesh.Tamper = (from, frame) => from == alice && frame.IsBulk ? null : frame; // the line is dead and nobody notices
        mesh.Run(AheadLog.MaxUnsavedAge + TimeSpan.FromSeconds(1));

        bob.Store.AheadCount.ShouldBeGreaterThan(0);
        mesh.Crash(bob);
        bob.HeldCount.ShouldBeGreaterThanOrEqualTo(held);
    }

    private static void RunHalf(SimulatedMesh mesh, SimulatedPeer peer)
    {
        while (peer.HeldCount < Messages / 3)
        {
            mesh.Run(TimeSpan.FromMilliseconds(50));
        }
    }

    private static RoomFrame? Unsigned(RoomFrame frame, ulong from, ulong to)
    {
        var body = Wire.Frame.Parser.ParseFrom(frame.Bytes.Span);
        if (
            body.Range is not { Entries: [.., var last] }
            || !EntryHeader.TryParse(last.Header.Span, out var header)
        )
        {
            return frame;
        }

        if (header.Seq > to)
        {
            return null;
        }

        if (header.Seq < from)
        {
            return frame;
        }

        last.Signature = Google.Protobuf.ByteString.Empty;
        return new RoomFrame(true, Google.Protobuf.MessageExtensions.ToByteArray(body));
    }

    private static bool Contains(IEnumerable<byte[]> all, byte[] wanted) =>
        all.Any(bytes => bytes.AsSpan().IndexOf(wanted) >= 0);
}
