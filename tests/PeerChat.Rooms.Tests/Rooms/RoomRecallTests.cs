using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>What is taken back is gone everywhere that hears of it, and what stays verifies.</summary>
public class RoomRecallTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_recall_deletes_the_payload_at_both_ends_and_counts_the_confirmation()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "oops");
        var payload = bob.Store.Find(id)!.Payload.ToArray();
        alice.Room.Recall(id, mesh.Wall);
        Settle(mesh, alice);

        foreach (var peer in new[] { alice, bob })
        {
            peer.Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Recalled);
            Contains(peer.Store.AllBytes, payload).ShouldBeFalse();
            EntryHeader.TryParse(peer.Store.Find(id)!.Header.Span, out var header).ShouldBeTrue();
            header!.Id.ShouldBe(id);
        }

        alice.Messages[0].Recall.ShouldBe(new RecallProgress(1, 1));
        bob.Messages[0].Recall.ShouldBeNull();
        bob.Events.OfType<RoomEvent.ContentErased>().ShouldHaveSingleItem().Entries[0].Id.ShouldBe(id);
    }

    [Fact]
    public void A_recall_waits_for_who_is_not_there()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "oops");
        mesh.Disconnect(alice, bob);
        alice.Room.Recall(id, mesh.Wall);
        Settle(mesh, alice);

        alice.Messages[0].Recall.ShouldBe(new RecallProgress(1, 0));
        bob.Texts.ShouldBe(["oops"]);
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        bob.Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Recalled);
        alice.Messages[0].Recall.ShouldBe(new RecallProgress(1, 1));
        alice.Events.OfType<RoomEvent.MessageChanged>().ShouldContain(e => e.Id == id);
    }

    [Fact]
    public void An_unsent_message_is_recalled_completely()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Disconnect(alice, bob);
        var id = mesh.Post(alice, "never mind")!.Value;
        var payload = alice.Store.Find(id)!.Payload.ToArray();
        alice.Room.Recall(id, mesh.Wall);
        alice.Room.QueuedOwnMessages.ShouldBe(0);
        var sent = new List<byte[]>();
        mesh.Tamper = (_, frame) =>
        {
            sent.Add(frame.Bytes.ToArray());
            return frame;
        };
        mesh.Connect(alice, bob);
        mesh.Run(Moment);

        bob.Messages.ShouldBeEmpty();
        bob.Events.OfType<RoomEvent.MessageAdded>().ShouldBeEmpty();
        Contains(sent, payload).ShouldBeFalse();
        Say(mesh, alice, "this instead");
        bob.Texts.ShouldBe(["this instead"]);
    }

    [Fact]
    public void The_edits_of_a_message_go_with_it()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "first");
        var edit = alice.Room.Edit(id, "second", mesh.Wall);
        Settle(mesh, alice);
        var payload = bob.Store.Find(edit)!.Payload.ToArray();
        alice.Room.Recall(id, mesh.Wall);
        Settle(mesh, alice);

        bob.Messages.ShouldHaveSingleItem().Text.ShouldBeEmpty();
        Contains(bob.Store.AllBytes, payload).ShouldBeFalse();
        alice.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_edit_that_comes_behind_the_recall_is_deleted_at_once()
    {
        var (alice, bob) = SimulatedPeer.Direct(9);
        var second = new SimulatedPeer(
            "second",
            77,
            (p, now) => SimulatedPeer.OpenDirect(p, bob.Identity.Public, now)
        )
        {
            Identity = alice.Identity,
        };
        var mesh = new SimulatedMesh(9, alice, bob, second);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Connect(second, bob);
        mesh.Run(TimeSpan.FromSeconds(3));
        var id = Say(mesh, alice, "first");
        mesh.Run(TimeSpan.FromSeconds(10));
        mesh.Disconnect(second, bob);
        alice.Room.Recall(id, mesh.Wall);
        Settle(mesh, alice);
        var edit = second.Room.Edit(id, "back again", mesh.Wall);
        mesh.Settle(second);
        mesh.Disconnect(alice, bob);
        mesh.Connect(second, bob);
        mesh.Run(TimeSpan.FromSeconds(10));

        bob.Store.Find(edit)!.PayloadState.ShouldBe(PayloadState.Traceless);
        bob.Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Recalled);
    }

    [Fact]
    public void Nobody_recalls_what_another_wrote()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "stays");
        bob.Room.CheckRecall(id).ShouldBe(TargetProblem.NotOwn);
        Should.Throw<InvalidOperationException>(() => bob.Room.Recall(id, mesh.Wall));
        bob.Room.WriteRecall(id, mesh.Wall);
        Settle(mesh, bob);

        alice.Texts.ShouldBe(["stays"]);
        bob.Texts.ShouldBe(["stays"]);
        alice.Store.Find(id)!.Payload.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void Who_comes_later_gets_the_header_alone_and_shows_nothing_of_it()
    {
        var peers = new[]
        {
            SimulatedPeer.Open("a", 1),
            SimulatedPeer.Open("b", 2),
            SimulatedPeer.Open("c", 3),
        };
        var mesh = new SimulatedMesh(1, peers);
        mesh.OpenAll();
        mesh.Connect(peers[0], peers[1]);
        mesh.Run(Moment);
        var id = Say(mesh, peers[0], "gone");
        Say(mesh, peers[0], "stays");
        peers[0].Room.Recall(id, mesh.Wall);
        Settle(mesh, peers[0]);
        mesh.Disconnect(peers[0], peers[1]);

        mesh.Connect(peers[1], peers[2]);
        mesh.Run(TimeSpan.FromSeconds(10));
        peers[2].Texts.ShouldBe(["stays"]);
        peers[2].Store.Find(id)!.PayloadState.ShouldBe(PayloadState.Traceless);
    }

    [Fact]
    public void A_payload_that_one_member_withholds_is_fetched_from_another()
    {
        var peers = new[]
        {
            SimulatedPeer.Open("a", 1),
            SimulatedPeer.Open("b", 2),
            SimulatedPeer.Open("c", 3),
        };
        var mesh = new SimulatedMesh(1, peers);
        mesh.OpenAll();
        mesh.Connect(peers[0], peers[1]);
        mesh.Run(Moment);
        var id = Say(mesh, peers[0], "hello");
        peers[1].Store.SetPayload(id, default, PayloadState.Expired);
        peers[1].Store.Commit();
        mesh.Connect(peers[1], peers[2]);
        mesh.Run(TimeSpan.FromSeconds(10));
        peers[2].Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Missing);

        mesh.Connect(peers[0], peers[2]);
        mesh.Run(TimeSpan.FromSeconds(10));
        peers[2].Texts.ShouldBe(["hello"]);
        peers[2].Events.OfType<RoomEvent.MessageChanged>().ShouldContain(e => e.Id == id);
    }

    private static bool Contains(IEnumerable<byte[]> all, byte[] sought) =>
        all.Any(bytes => bytes.AsSpan().IndexOf(sought) >= 0);

    private static EntryId Say(SimulatedMesh mesh, SimulatedPeer peer, string text)
    {
        var id = mesh.Post(peer, text)!.Value;
        mesh.Run(Moment);
        return id;
    }

    private static void Settle(SimulatedMesh mesh, SimulatedPeer peer)
    {
        mesh.Settle(peer);
        mesh.Run(Moment);
    }

    private static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Connected()
    {
        var (alice, bob) = SimulatedPeer.Direct(8);
        var mesh = new SimulatedMesh(8, alice, bob);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        return (alice, bob, mesh);
    }
}
