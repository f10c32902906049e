using PeerChat.Rooms.Log;
using PeerChat.Rooms.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Replies, edits, reactions and read marks between peers.</summary>
public class RoomContentTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_edit_shows_at_both_ends_and_the_message_keeps_its_id_and_place()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "helo");
        Say(mesh, bob, "yes?");

        alice.Room.Edit(id, "hello", mesh.Wall);
        Settle(mesh, alice);

        bob.Texts.ShouldBe(["hello", "yes?"]);
        alice.Texts.ShouldBe(["hello", "yes?"]);
        bob.Messages[0].Id.ShouldBe(id);
        bob.Messages[0].IsEdited.ShouldBeTrue();
        bob.Events.OfType<RoomEvent.MessageChanged>().ShouldHaveSingleItem().Id.ShouldBe(id);
        bob.Events.OfType<RoomEvent.MessageAdded>().Count().ShouldBe(2);
    }

    [Fact]
    public void The_last_of_several_edits_counts_after_a_restart_too()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "1");
        alice.Room.Edit(id, "2", mesh.Wall);
        alice.Room.Edit(id, "3", mesh.Wall);
        Settle(mesh, alice);
        mesh.Crash(bob);

        bob.Texts.ShouldBe(["3"]);
    }

    [Fact]
    public void Nobody_edits_what_another_wrote()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "mine");

        bob.Room.CheckTarget(id, mustBeOwn: true).ShouldBe(TargetProblem.NotOwn);
        Should.Throw<InvalidOperationException>(() => bob.Room.Edit(id, "yours", mesh.Wall));
        // Somebody whose program does it all the same is not listened to
        bob.Room.WriteBody(new MessageBody.Edit(id, "yours"), mesh.Wall);
        Settle(mesh, bob);

        alice.Texts.ShouldBe(["mine"]);
        bob.Texts.ShouldBe(["mine"]);
    }

    [Fact]
    public void A_reply_refers_to_its_message_and_copies_nothing()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "lunch?");
        bob.Room.Reply(id, "yes", mesh.Wall);
        Settle(mesh, bob);

        alice.Messages[1].Text.ShouldBe("yes");
        alice.Messages[1].ReplyTo.ShouldBe(id);
    }

    [Fact]
    public void Reactions_are_given_and_taken_back_and_name_their_people()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "done");
        bob.Room.React(id, "👍", remove: false, mesh.Wall);
        alice.Room.React(id, "👍", remove: false, mesh.Wall);
        bob.Room.React(id, "🎉", remove: false, mesh.Wall);
        Settle(mesh, bob, alice);

        foreach (var peer in new[] { alice, bob })
        {
            peer.Messages.ShouldHaveSingleItem();
            var reactions = peer.Messages[0].Reactions!.ToDictionary(r => r.Emoji, r => r.By);
            reactions["👍"].ShouldBe([alice.Id, bob.Id], ignoreOrder: true);
            reactions["🎉"].ShouldBe([bob.Id]);
        }

        bob.Room.React(id, "👍", remove: true, mesh.Wall);
        Settle(mesh, bob);
        alice.Messages[0].Reactions!.Single(r => r.Emoji == "👍").By.ShouldBe([alice.Id]);
    }

    [Fact]
    public void One_person_gives_one_message_at_most_eight_reactions()
    {
        var (alice, bob, mesh) = Connected();
        var id = Say(mesh, alice, "x");
        foreach (var letter in "abcdefghij")
        {
            bob.Room.React(id, letter.ToString(), remove: false, mesh.Wall);
        }

        Settle(mesh, bob);
        alice.Messages[0].Reactions!.Select(r => r.Emoji).ShouldBe(["c", "d", "e", "f", "g", "h", "i", "j"]);
    }

    [Theory]
    [InlineData("👍", true)]
    [InlineData("👩‍👩‍👧‍👦", true)]
    [InlineData("+1", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("\u200d", false)]
    [InlineData("\u001b", false)]
    public void A_reaction_is_something_to_be_seen(string emoji, bool holds) =>
        Room.IsReaction(emoji).ShouldBe(holds);

    [Fact]
    public void A_reaction_has_at_most_64_bytes()
    {
        Room.IsReaction(new string('x', MessageBody.MaxReactionBytes)).ShouldBeTrue();
        Room.IsReaction(new string('x', MessageBody.MaxReactionBytes + 1)).ShouldBeFalse();
    }

    [Fact]
    public void A_read_mark_turns_delivered_into_read_and_survives_a_restart()
    {
        var (alice, bob, mesh) = Connected();
        Say(mesh, alice, "one");
        var two = Say(mesh, alice, "two");
        Say(mesh, alice, "three");
        bob.Room.MarkRead(two, mesh.Now, mesh.Wall);
        Settle(mesh, bob);

        States(alice).ShouldBe([RoomMessageState.Read, RoomMessageState.Read, RoomMessageState.Delivered]);
        alice
            .Events.OfType<RoomEvent.StateChanged>()
            .Count(e => e.State == RoomMessageState.Read)
            .ShouldBe(2);
        bob.Messages.Count.ShouldBe(3); // the mark itself is no message
        mesh.Crash(alice);
        States(alice).ShouldBe([RoomMessageState.Read, RoomMessageState.Read, RoomMessageState.Delivered]);
        alice.Messages[0].ReadBy.ShouldBe(1);
    }

    [Fact]
    public void Many_read_marks_within_two_seconds_are_one_entry()
    {
        var (alice, bob, mesh) = Connected();
        var ids = Enumerable.Range(0, 10).Select(i => Say(mesh, alice, $"{i}")).ToArray();
        mesh.Run(TimeSpan.FromSeconds(3));
        var before = bob.Store.EntryCount;
        foreach (var id in ids)
        {
            bob.Room.MarkRead(id, mesh.Now, mesh.Wall);
        }

        Settle(mesh, bob);
        mesh.Run(TimeSpan.FromSeconds(3));
        (bob.Store.EntryCount - before).ShouldBe(2);
        States(alice).ShouldAllBe(state => state == RoomMessageState.Read);
    }

    [Fact]
    public void Something_of_a_later_version_shows_its_fallback_or_nothing_where_it_is_quiet()
    {
        var (alice, bob, mesh) = Connected();
        alice.Room.WriteBody(new MessageBody.Newer("a poll: where to?", false), mesh.Wall);
        alice.Room.WriteBody(new MessageBody.Newer("", true), mesh.Wall);
        Settle(mesh, alice);

        var shown = bob.Messages.ShouldHaveSingleItem();
        shown.Content.ShouldBe(RoomMessageContent.NeedsNewerVersion);
        shown.Text.ShouldBe("a poll: where to?");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_peers_of_a_room_show_the_same_after_partitions(int seed)
    {
        var peers = new[]
        {
            SimulatedPeer.Open("a", 1),
            SimulatedPeer.Open("b", 2),
            SimulatedPeer.Open("c", 3),
        };
        var mesh = new SimulatedMesh(seed, peers);
        mesh.OpenAll();
        var random = new Random(seed);
        mesh.Connect(peers[0], peers[1]);
        mesh.Connect(peers[1], peers[2]);
        mesh.Run(Moment);
        for (var i = 0; i < 60; i++)
        {
            var peer = peers[random.Next(3)];
            var known = peer.Messages;
            var target = known.Count == 0 ? (EntryId?)null : known[random.Next(known.Count)].Id;
            switch (random.Next(6))
            {
                case 0 when target is { } id && peer.Room.CheckTarget(id, mustBeOwn: true) is null:
                    peer.Room.Edit(id, $"edit {i}", mesh.WallAt(peer));
                    break;
                case 1 when target is { } id && peer.Room.CheckTarget(id, mustBeOwn: false) is null:
                    peer.Room.React(
                        id,
                        "abc"[random.Next(3)].ToString(),
                        random.Next(3) == 0,
                        mesh.WallAt(peer)
                    );
                    break;
                case 2 when target is { } id && peer.Room.CheckRecall(id) is null:
                    peer.Room.Recall(id, mesh.WallAt(peer));
                    break;
                case 3 when mesh.AreConnected(peers[1], peers[2]):
                    mesh.Disconnect(peers[1], peers[2]);
                    break;
                case 4 when !mesh.AreConnected(peers[1], peers[2]):
                    mesh.Connect(peers[1], peers[2]);
                    break;
                default:
                    peer.Room.Post($"text {i}", mesh.WallAt(peer));
                    break;
            }

            mesh.Settle(peer);
            mesh.Run(TimeSpan.FromMilliseconds(random.Next(300)));
        }

        if (!mesh.AreConnected(peers[1], peers[2]))
        {
            mesh.Connect(peers[1], peers[2]);
        }

        mesh.Run(TimeSpan.FromSeconds(60));
        string[] Seen(SimulatedPeer peer) =>
            [
                .. peer
                    .Messages.Where(m => m.Content == RoomMessageContent.Text)
                    .Select(m =>
                        $"{m.Id} {m.Text} {string.Join(',', m.Reactions!.Select(r => r.Emoji + ":" + string.Join('+', r.By.Order())))}"
                    ),
            ];
        Seen(peers[1]).ShouldBe(Seen(peers[0]), $"seed {seed}");
        Seen(peers[2]).ShouldBe(Seen(peers[0]), $"seed {seed}");
        Seen(peers[0]).Length.ShouldBeGreaterThan(5);
    }

    private static RoomMessageState[] States(SimulatedPeer peer) => [.. peer.Messages.Select(m => m.State)];

    private static EntryId Say(SimulatedMesh mesh, SimulatedPeer peer, string text)
    {
        var id = mesh.Post(peer, text)!.Value;
        mesh.Run(Moment);
        return id;
    }

    private static void Settle(SimulatedMesh mesh, params SimulatedPeer[] peers)
    {
        foreach (var peer in peers)
        {
            mesh.Settle(peer);
        }

        mesh.Run(Moment);
    }

    private static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Connected()
    {
        var (alice, bob) = SimulatedPeer.Direct(7);
        var mesh = new SimulatedMesh(7, alice, bob);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        alice.Events.Clear();
        bob.Events.Clear();
        return (alice, bob, mesh);
    }
}
