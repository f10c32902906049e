using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

public class RoomForkTests
{
    [Fact]
    public void A_store_that_was_rolled_back_adopts_its_own_entries_from_a_peer_before_it_writes_more()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "before the copy");
        mesh.Run(TimeSpan.FromSeconds(1));
        var copy = alice.Store.Copy();
        mesh.Post(alice, "after the copy");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Disconnect(alice, bob);

        alice.Store = copy;
        alice.Open(mesh.Wall);
        alice.Texts.ShouldBe(["before the copy"]);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromMilliseconds(150));
        alice.Room.CanWrite.ShouldBeFalse();
        mesh.Run(TimeSpan.FromSeconds(3));

        alice.Room.CanWrite.ShouldBeTrue();
        mesh.Post(alice, "and on");
        mesh.Run(TimeSpan.FromSeconds(3));
        alice.Texts.ShouldBe(["before the copy", "after the copy", "and on"]);
        bob.Texts.ShouldBe(alice.Texts);
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Delivered);
        bob.Events.ShouldNotContain(e => e is RoomEvent.AuthorForked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_author_that_wrote_on_after_a_roll_back_is_replaced_and_its_texts_are_written_again(
        int written
    )
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "before the copy");
        mesh.Run(TimeSpan.FromSeconds(1));
        var copy = alice.Store.Copy();
        mesh.Disconnect(alice, bob);
        mesh.Connect(alice, bob);
        mesh.Post(alice, "lost with the disk 1");
        mesh.Post(alice, "lost with the disk 2");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Disconnect(alice, bob);

        alice.Store = copy;
        alice.Open(mesh.Wall);
        var author = alice.Room.OwnAuthor;
        var texts = Enumerable.Range(0, written).Select(i => $"written offline {i}").ToArray();
        foreach (var text in texts)
        {
            mesh.Post(alice, text);
        }

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(10));

        alice.Room.OwnAuthor.ShouldNotBe(author);
        alice.Events.OfType<RoomEvent.AuthorReplaced>().Count().ShouldBe(1);
        bob.Texts.ShouldBe(["before the copy", .. texts]);
        alice.Texts.ShouldBe(bob.Texts);
        mesh.Post(bob, "still there?");
        mesh.Run(TimeSpan.FromSeconds(3));
        alice.Texts[^1].ShouldBe("still there?");
        mesh.Crash(alice);
        mesh.Crash(bob);
        alice.Texts.ShouldBe(bob.Texts);
        alice.Room.OwnAuthor.ShouldNotBe(author);
    }

    [Fact]
    public void What_was_written_in_the_turn_in_which_the_author_is_replaced_is_signed_with_its_own_key()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        mesh.Post(alice, "before the copy");
        mesh.Run(TimeSpan.FromSeconds(1));
        var copy = alice.Store.Copy();
        mesh.Post(alice, "lost with the disk");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Disconnect(alice, bob);
        alice.Store = copy;
        alice.Open(mesh.Wall);
        var author = alice.Room.OwnAuthor;
        mesh.Post(alice, "written offline");
        var fromBob = new Queue<byte[]>();
        mesh.Tamper = (from, frame) =>
        {
            if (from == alice)
            {
                return frame;
            }

            fromBob.Enqueue(frame.Bytes.ToArray());
            return null;
        };
        var link = mesh.Connect(alice, bob);

        // Each frame is handled in a turn in which alice wrote before
        var said = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            mesh.Run(TimeSpan.FromMilliseconds(50));
            while (fromBob.TryDequeue(out var frame))
            {
                if (alice.Room.OwnAuthor == author && alice.Room.CanWrite)
                {
                    said.Add($"in passing {said.Count}");
                    alice.Room.Post(said[^1], mesh.Wall);
                }

                mesh.Inject(alice, link, frame);
            }
        }

        alice.Room.OwnAuthor.ShouldNotBe(author);
        var old = alice.Store.ReadRange(alice.Room.Id, author, 1, 1000);
        EntryHeader.TryParse(old[0].Header.Span, out var first).ShouldBeTrue();
        JoinControl.TryParse(first!.Control.Span, out var join).ShouldBeTrue();
        AuthorKey.VerifyEntry(join!.Key.Span, old[^1].Id, old[^1].Signature.Span).ShouldBeTrue();
        said.ShouldNotBeEmpty();
        bob.Texts.ShouldBe(["before the copy", "written offline", .. said]);
        alice.Texts.ShouldBe(bob.Texts);
    }

    [Fact]
    public void Somebody_who_shows_different_entries_to_different_members_is_found_out()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var bob = SimulatedPeer.Open("bob", 2);
        var mallory = SimulatedPeer.Open("mallory", 3);
        var mesh = new SimulatedMesh(5, alice, bob, mallory);
        mesh.OpenAll();
        mesh.Connect(alice, mallory);
        mesh.Connect(bob, mallory);
        mesh.Post(mallory, "the same for all");
        mesh.Run(TimeSpan.FromSeconds(2));
        mesh.Disconnect(alice, mallory);
        mesh.Disconnect(bob, mallory);

        var twin = mallory.Store.Copy();
        mesh.Post(mallory, "for alice");
        mesh.Connect(alice, mallory);
        mesh.Run(TimeSpan.FromSeconds(2));
        mesh.Post(alice, "cites it");
        mesh.Run(TimeSpan.FromSeconds(2));
        mesh.Disconnect(alice, mallory);
        mallory.Store = twin;
        mallory.Open(mesh.Wall);
        mesh.Post(mallory, "for bob");
        mesh.Connect(bob, mallory);
        mesh.Run(TimeSpan.FromSeconds(2));
        mesh.Disconnect(bob, mallory);
        alice.Texts.Contains("for alice", StringComparer.Ordinal).ShouldBeTrue();
        bob.Texts.Contains("for bob", StringComparer.Ordinal).ShouldBeTrue();

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(30));

        alice.Texts.ShouldBe(["the same for all", "cites it"]);
        bob.Texts.ShouldBe(alice.Texts);
        alice.Events.OfType<RoomEvent.AuthorForked>().Count().ShouldBe(1);
        bob.Events.OfType<RoomEvent.AuthorForked>().Count().ShouldBe(1);
        bob.Events.OfType<RoomEvent.MessageHidden>().Count().ShouldBe(1);
        alice.Events.ShouldNotContain(e => e is RoomEvent.PeerMisbehaved);
        mesh.Crash(bob);
        bob.Texts.ShouldBe(alice.Texts); // the proof is kept
    }

    [Fact]
    public void A_peer_that_only_claims_to_have_more_of_our_log_cannot_keep_us_from_writing_for_long()
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var mesh = new SimulatedMesh(1, alice, bob);
        mesh.OpenAll();
        var liar = new TestAuthor(bob.Identity, alice.Room.Id, 5);
        liar.Join();
        alice.Room.AddLink(1, bob.Id, mesh.Now, mesh.Wall);
        mesh.Inject(alice, 1, liar.ProfileFrame(bob.DisplayName));
        mesh.Inject(alice, 1, TestAuthor.RangeFrame(liar.Log));
        alice.Room.CanWrite.ShouldBeTrue();

        var head = new PeerChat.Rooms.Sync.LogHead(50, new EntryId(liar.Log[0].Header.Id.Value));
        mesh.Inject(alice, 1, liar.HaveFrame(1, true, (alice.Room.OwnAuthor, head)));
        alice.Room.CanWrite.ShouldBeFalse();
        mesh.Run(TimeSpan.FromSeconds(11));
        alice.Room.CanWrite.ShouldBeTrue();
        mesh.Inject(alice, 1, liar.HaveFrame(2, true, (alice.Room.OwnAuthor, head)));
        alice.Room.CanWrite.ShouldBeTrue();
    }
}
