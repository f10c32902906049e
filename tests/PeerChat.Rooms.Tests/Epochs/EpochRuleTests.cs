using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Epochs;

/// <summary>The rules of crypto.md section 5, each as a direct chat shows it.</summary>
public class EpochRuleTests
{
    [Fact]
    public void A_writer_without_a_usable_epoch_makes_one_for_exactly_its_members()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        Epochs(alice).ShouldBeEmpty();
        mesh.Post(alice, "one");
        mesh.Post(alice, "two");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(bob, "three");

        var epoch = Epochs(bob).ShouldHaveSingleItem();
        epoch.Recipients.ShouldBe(new[] { alice.Room.OwnAuthor, bob.Room.OwnAuthor }.Order());
    }

    [Fact]
    public void Concurrent_epochs_are_harmless_and_the_greatest_is_used_from_then_on()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Disconnect(alice, bob);
        mesh.Post(alice, "a");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(bob, "b");
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(alice, "again a");
        mesh.Run(TimeSpan.FromMilliseconds(10));
        mesh.Post(bob, "again b");
        mesh.Run(TimeSpan.FromSeconds(1));

        alice.Texts.ShouldBe(["a", "b", "again a", "again b"]);
        bob.Texts.ShouldBe(alice.Texts);
        Epochs(alice).Count.ShouldBe(2);
        var greatest = Epochs(alice).MaxBy(e => e.Position).Id;
        var written = Contents(alice).TakeLast(2).Select(h => h.Epoch);
        written.ShouldAllBe(e => e == greatest);
    }

    [Fact]
    public void What_is_written_after_a_leave_is_not_readable_with_secrets_given_to_who_left()
    {
        var (alice, bob, second, mesh) = WithSecondDevice();
        mesh.Post(alice, "to all three");
        mesh.Run(TimeSpan.FromSeconds(2));
        var before = Epochs(alice).MaxBy(e => e.Position);
        before.Recipients.Count.ShouldBe(3);
        second.Room.Leave(mesh.Wall);
        second.Commit();
        mesh.Disconnect(alice, second);
        mesh.Connect(alice, second);
        mesh.Run(TimeSpan.FromSeconds(3));

        mesh.Post(alice, "to two");
        var after = Epochs(alice).MaxBy(e => e.Position);
        after.Id.ShouldNotBe(before.Id);
        after.Recipients.ShouldBe(new[] { alice.Room.OwnAuthor, bob.Room.OwnAuthor }.Order());
        // Fresh, as somebody left.
        string.Equals(RendezvousOf(alice, after.Id), RendezvousOf(alice, before.Id), StringComparison.Ordinal)
            .ShouldBeFalse();
        mesh.Run(TimeSpan.FromSeconds(2));
        bob.Texts.Contains("to two", StringComparer.Ordinal).ShouldBeTrue();
        second
            .Messages.Select(m => (m.Content, m.Text))
            .ShouldBe([(RoomMessageContent.Text, "to all three"), (RoomMessageContent.Unreadable, "")]);
    }

    [Fact]
    public void The_rendezvous_secret_is_copied_from_epoch_to_epoch_while_nobody_leaves()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "one");
        mesh.Run(TimeSpan.FromDays(8));
        mesh.Post(alice, "two");
        mesh.Run(TimeSpan.FromSeconds(1));

        var epochs = Epochs(bob);
        epochs.Count.ShouldBe(2);
        RendezvousOf(bob, epochs[0].Id).ShouldBe(RendezvousOf(bob, epochs[1].Id));
        bob.Texts.ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_writer_makes_a_new_epoch_after_7_days_and_its_delay_and_not_before()
    {
        var (alice, _, mesh) = RoomTests.Connected();
        mesh.Post(alice, "first");
        mesh.Run(EpochTable.MaxAge - TimeSpan.FromMinutes(1));
        mesh.Post(alice, "still");
        Epochs(alice).Count.ShouldBe(1);
        mesh.Run(TimeSpan.FromMinutes(2) + EpochTable.MaxDelay);
        mesh.Post(alice, "new");
        Epochs(alice).Count.ShouldBe(2);
    }

    [Fact]
    public void A_usable_newer_epoch_of_another_makes_ones_own_unnecessary()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "first");
        mesh.Run(EpochTable.MaxAge + EpochTable.MaxDelay + TimeSpan.FromMinutes(1));
        mesh.Post(bob, "makes the second");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(alice, "uses it");
        Epochs(alice).Count.ShouldBe(2);
    }

    [Fact]
    public void A_writer_makes_a_new_epoch_after_10_000_entries()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Disconnect(alice, bob);
        for (var i = 0UL; i <= EpochTable.MaxEntries; i++)
        {
            alice.Room.Post("x", mesh.Wall);
            alice.Commit();
        }

        Epochs(alice).Count.ShouldBe(1);
        mesh.Crash(alice); // the count survives a restart
        alice.Room.Post("x", mesh.Wall);
        Epochs(alice).Count.ShouldBe(2);
    }

    [Fact]
    public void An_author_renews_its_leaf_with_each_epoch_it_writes_in()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "one");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(bob, "one");
        Controls(alice, EntryKind.Key).ShouldBeEmpty(); // the join's own key was fresh
        mesh.Run(TimeSpan.FromDays(8));
        mesh.Post(alice, "two");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(bob, "two");
        mesh.Run(TimeSpan.FromSeconds(1));

        Controls(alice, EntryKind.Key).Select(h => h.Author).Distinct().Count().ShouldBe(2);
        alice.Texts.ShouldBe(["one", "one", "two", "two"]);
        bob.Texts.ShouldBe(alice.Texts);
    }

    [Fact]
    public void An_old_leaf_key_is_deleted_30_days_after_its_renewal()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "one");
        mesh.Run(TimeSpan.FromDays(8));
        mesh.Post(alice, "two");
        var name = $"room/{alice.Room.Id}/leaf";
        alice.Store.ReadSecret(name)!.Length.ShouldBe(32 + (2 * 40));
        mesh.Run(TimeSpan.FromDays(29));
        mesh.Disconnect(alice, bob);
        mesh.Connect(alice, bob);
        alice.Store.ReadSecret(name)!.Length.ShouldBe(32 + (2 * 40));
        mesh.Run(TimeSpan.FromDays(2));
        mesh.Disconnect(alice, bob);
        mesh.Connect(alice, bob);
        alice.Store.ReadSecret(name)!.Length.ShouldBe(32 + 40);
    }

    [Fact]
    public void A_newcomer_is_given_the_earlier_epochs_by_their_makers_and_reads_the_history()
    {
        var (alice, bob, second, mesh) = WithSecondDevice(
            (a, b, m) =>
            {
                m.Post(a, "before the second device");
                m.Run(TimeSpan.FromSeconds(1));
                m.Post(b, "also before");
                m.Run(TimeSpan.FromSeconds(1));
            }
        );

        second.Texts.ShouldBe(["before the second device", "also before"]);
        second.Messages[1].IsOwn.ShouldBeTrue();
        Controls(alice, EntryKind.Wrap).ShouldHaveSingleItem();
        mesh.Post(second, "from the second device");
        mesh.Run(TimeSpan.FromSeconds(2));
        alice.Texts[^1].ShouldBe("from the second device");
        alice.Messages[^1].From.ShouldBe(bob.Id);
        second.Events.ShouldNotContain(e => e is RoomEvent.PeerMisbehaved);
    }

    [Fact]
    public void A_secret_that_is_not_what_the_epoch_committed_to_is_never_used()
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var mesh = new SimulatedMesh(1, alice, bob);
        mesh.OpenAll();
        var forger = new TestAuthor(bob.Identity, alice.Room.Id, 5);
        forger.Join();
        alice.Room.AddLink(1, bob.Id, mesh.Now, mesh.Wall);
        mesh.Inject(alice, 1, forger.ProfileFrame(bob.DisplayName));
        mesh.Inject(alice, 1, TestAuthor.RangeFrame(forger.Log));
        var join = alice.Store.ReadControl(alice.Room.Id).Single(e => e.Author == alice.Room.OwnAuthor);
        EntryHeader.TryParse(join.Header.Span, out var header).ShouldBeTrue();
        JoinControl.TryParse(header.Control.Span, out var own).ShouldBeTrue();

        var (keys, secrets) = (new SeededKeySource(9), new byte[64]);
        var wraps = new[] { (forger.Id, forger.Leaf.PublicKey), (alice.Room.OwnAuthor, own.Leaf) }
            .OrderBy(r => r.Item1)
            .Select(r => SecretWrap.Seal(keys, forger.Room, forger.Id, 2, r.Item1, r.Item2.Span, secrets)!);
        var payload = new EpochPayload([.. wraps]).Write();
        var commit = EpochSecret.CommitOf(
            new byte[] { 1 }
                .Concat(new byte[31])
                .ToArray(),
            forger.Room
        );
        forger.Append(
            EntryKind.Epoch,
            new EpochControl(forger.LastControl, commit).Write(),
            payload: _ => payload
        );
        mesh.Inject(alice, 1, TestAuthor.RangeFrame(forger.Log[1]));
        Epochs(alice).Count.ShouldBe(1);
        mesh.Post(alice, "under an epoch of my own");

        Epochs(alice).Count.ShouldBe(2);
        Contents(alice)[0].Epoch.ShouldNotBe(forger.Log[1].Header.Id.Value);
    }

    [Fact]
    public void An_open_room_has_one_epoch_which_is_the_room()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var mesh = new SimulatedMesh(1, alice);
        mesh.OpenAll();
        mesh.Post(alice, "hi");
        mesh.Run(TimeSpan.FromDays(30));
        mesh.Post(alice, "still there");

        Epochs(alice).ShouldBeEmpty();
        Contents(alice).ShouldAllBe(h => h.Epoch == alice.Room.Id.Value && h.Generation == 0);
    }

    private static (SimulatedPeer, SimulatedPeer, SimulatedPeer, SimulatedMesh) WithSecondDevice(
        Action<SimulatedPeer, SimulatedPeer, SimulatedMesh>? before = null
    )
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var second = new SimulatedPeer(
            "bob",
            77,
            (p, now) => SimulatedPeer.OpenDirect(p, alice.Identity.Public, now)
        )
        {
            Identity = bob.Identity,
        };
        var mesh = new SimulatedMesh(1, alice, bob, second);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(1));
        before?.Invoke(alice, bob, mesh);
        mesh.Connect(alice, second);
        mesh.Connect(bob, second);
        mesh.Run(TimeSpan.FromSeconds(5));
        return (alice, bob, second, mesh);
    }

    private static List<(Bytes32 Id, EntryPosition Position, IReadOnlyList<AuthorId> Recipients)> Epochs(
        SimulatedPeer peer
    ) =>
        [
            .. peer
                .Store.ReadControl(peer.Room.Id)
                .Where(e => e.Kind == (byte)EntryKind.Epoch)
                .OrderBy(e => e.Clock)
                .Select(e =>
                {
                    EpochPayload.TryParse(e.Payload.Span, out var payload).ShouldBeTrue();
                    IReadOnlyList<AuthorId> recipients = [.. payload.Wraps.Select(w => w.Recipient)];
                    return (e.Id.Value, new EntryPosition(e.Clock, e.Id), recipients);
                }),
        ];

    private static List<EntryHeader> Controls(SimulatedPeer peer, EntryKind kind) =>
        [.. peer.Store.ReadControl(peer.Room.Id).Where(e => e.Kind == (byte)kind).Select(HeaderOf)];

    private static List<EntryHeader> Contents(SimulatedPeer peer) =>
        [.. peer.Store.ReadLatest(peer.Room.Id, 1000, null).Reverse().Select(HeaderOf)];

    private static EntryHeader HeaderOf(StoredEntry entry)
    {
        EntryHeader.TryParse(entry.Header.Span, out var header).ShouldBeTrue();
        return header;
    }

    private static string RendezvousOf(SimulatedPeer peer, Bytes32 epoch) =>
        Convert.ToHexString(peer.Store.ReadSecret($"room/{peer.Room.Id}/epoch/{epoch}").AsSpan(4 + 32, 32));
}
