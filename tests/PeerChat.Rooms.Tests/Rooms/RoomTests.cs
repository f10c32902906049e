using System.Text;
using PeerChat.Rooms.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

public class RoomTests
{
    [Fact]
    public void Two_peers_exchange_messages_and_learn_of_the_delivery()
    {
        var (alice, bob, mesh) = Connected();

        alice.Room.CanWrite.ShouldBeTrue();
        mesh.Post(alice, "hello");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Post(bob, "hello yourself");
        mesh.Run(TimeSpan.FromSeconds(1));

        alice.Texts.ShouldBe(["hello", "hello yourself"]);
        bob.Texts.ShouldBe(["hello", "hello yourself"]);
        alice.Messages[0].State.ShouldBe(RoomMessageState.Delivered);
        alice.Messages[0].DeliveredTo.ShouldBe(1);
        alice.Messages[1].State.ShouldBe(RoomMessageState.Received);
        alice.Messages[1].FromName.ToString().ShouldBe("bob");
        bob.Messages[1].DeliveredTo.ShouldBe(1);
        alice
            .Events.OfType<RoomEvent.StateChanged>()
            .Select(e => e.State)
            .ShouldBe([RoomMessageState.Sent, RoomMessageState.Delivered]);
        bob.Events.OfType<RoomEvent.MessageAdded>().Count().ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_written_in_a_direct_chat_before_first_contact()
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var mesh = new SimulatedMesh(1, alice, bob);
        mesh.OpenAll();

        alice.Room.CanWrite.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => alice.Room.Post("too early", mesh.Wall));

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(1));
        alice.Events.OfType<RoomEvent.CanWriteChanged>().ShouldHaveSingleItem().CanWrite.ShouldBeTrue();
        alice
            .Events.OfType<RoomEvent.MemberChanged>()
            .Select(e => e.Member.Name.ToString())
            .ShouldBe(["alice", "bob"]);
    }

    [Fact]
    public void First_contact_needs_no_question_and_no_grace()
    {
        var (alice, bob) = SimulatedPeer.Direct(2);
        var mesh = new SimulatedMesh(1, alice, bob) { MaxDelay = TimeSpan.FromMilliseconds(10) };
        mesh.OpenAll();

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromMilliseconds(25));

        alice.Room.CanWrite.ShouldBeTrue();
        bob.Room.CanWrite.ShouldBeTrue();
    }

    [Fact]
    public void A_text_of_64_KiB_arrives_and_one_byte_more_is_refused_with_the_limit()
    {
        var (alice, bob, mesh) = Connected();
        var longest = new string('x', Room.MaxTextBytes);

        Should
            .Throw<ArgumentException>(() => alice.Room.Post(longest + "x", mesh.Wall))
            .Message.ShouldContain("65536");
        Should.Throw<ArgumentException>(() => alice.Room.Post("", mesh.Wall));
        mesh.Post(alice, longest);
        mesh.Run(TimeSpan.FromSeconds(1));

        bob.Texts.ShouldBe([longest]);
    }

    [Fact]
    public void Waiting_messages_go_out_when_the_peer_comes_back_also_after_a_restart()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Disconnect(alice, bob);
        mesh.Post(alice, "one");
        mesh.Post(alice, "two");
        alice.Room.QueuedOwnMessages.ShouldBe(2);
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Queued);

        mesh.Crash(alice);
        alice.Room.QueuedOwnMessages.ShouldBe(2);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(1));

        bob.Texts.ShouldBe(["one", "two"]);
        alice.Room.QueuedOwnMessages.ShouldBe(0);
        mesh.Crash(alice);
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Delivered);
        alice.Room.QueuedOwnMessages.ShouldBe(0);
    }

    [Fact]
    public void A_message_counts_as_delivered_only_when_durable_at_the_other_side()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Post(alice, "first");
        mesh.Run(TimeSpan.FromSeconds(1));
        // From now on the other side never gets to commit.
        mesh.Disconnect(alice, bob);
        mesh.Post(alice, "never durable");
        var before = bob.Store.EntryCount;
        var link = 99;
        alice.Room.AddLink(link, bob.Id, mesh.Now, mesh.Wall);
        bob.Room.AddLink(link, alice.Id, mesh.Now, mesh.Wall);
        alice.Commit();
        while (alice.Room.TryTakeFrame(link, true, out var frame))
        {
            bob.Room.HandleFrame(link, frame.Bytes.Span, mesh.Now, mesh.Wall);
        }

        bob.Store.EntryCount.ShouldBe(before + 1);
        bob.Crash(mesh.Wall); // before the commit, so before any frame

        bob.Store.EntryCount.ShouldBe(before);
        bob.Texts.ShouldBe(["first"]);
        alice.Messages[1].State.ShouldBe(RoomMessageState.Sent);
    }

    [Fact]
    public void A_thousand_messages_are_brought_up_to_date_in_few_frames()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Disconnect(alice, bob);
        for (var i = 0; i < 1000; i++)
        {
            mesh.Post(alice, $"message {i}");
        }

        var before = mesh.FramesSent;
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(10));

        bob.Texts.ShouldBe(Enumerable.Range(0, 1000).Select(i => $"message {i}"));
        alice.Messages.ShouldAllBe(m => m.State == RoomMessageState.Delivered);
        (mesh.FramesSent - before).ShouldBeLessThan(40);
        mesh.LargestFrame.ShouldBeLessThanOrEqualTo(128 * 1024 + 16);
    }

    [Fact]
    public void A_link_that_ends_in_the_middle_of_a_range_is_taken_up_where_it_ended()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Disconnect(alice, bob);
        var texts = Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), 20_000)).ToArray();
        foreach (var text in texts)
        {
            mesh.Post(alice, text);
        }

        mesh.Window = 1;
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromMilliseconds(250));
        var half = bob.Texts.Length;
        half.ShouldBeInRange(1, 39);
        mesh.Disconnect(alice, bob);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(20));

        bob.Texts.ShouldBe(texts);
        bob.Events.OfType<RoomEvent.MessageAdded>().Count().ShouldBe(40);
    }

    [Fact]
    public void A_peer_that_does_not_read_costs_no_memory_and_delays_nobody()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var bob = SimulatedPeer.Open("bob", 2);
        var carol = SimulatedPeer.Open("carol", 3);
        var mesh = new SimulatedMesh(5, alice, bob, carol);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        alice.Room.AddLink(77, carol.Id, mesh.Now, mesh.Wall); // carol never takes a frame
        for (var i = 0; i < 50; i++)
        {
            mesh.Post(alice, $"m{i}");
            mesh.Run(TimeSpan.FromMilliseconds(300));
        }

        bob.Texts.Length.ShouldBe(50);
        var small = 0;
        while (alice.Room.TryTakeFrame(77, false, out var frame))
        {
            frame.IsBulk.ShouldBeFalse();
            small++;
        }

        small.ShouldBeLessThanOrEqualTo(4); // profiles, own have, others' haves, wants
        var bulk = 0;
        while (alice.Room.TryTakeFrame(77, true, out _))
        {
            bulk++;
        }

        bulk.ShouldBe(1);
    }

    [Fact]
    public void A_link_that_does_not_answer_is_given_up_after_3_seconds_for_another()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var bob = SimulatedPeer.Open("bob", 2);
        var carol = SimulatedPeer.Open("carol", 3);
        var dave = SimulatedPeer.Open("dave", 4);
        var mesh = new SimulatedMesh(5, alice, bob, carol, dave);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Connect(alice, carol);
        mesh.Post(alice, "news");
        mesh.Run(TimeSpan.FromSeconds(1));
        mesh.Disconnect(alice, bob);
        mesh.Disconnect(alice, carol);

        mesh.Tamper = (from, frame) => from == bob && frame.IsBulk ? null : frame; // says, and does not give
        mesh.Connect(bob, dave);
        mesh.Run(TimeSpan.FromMilliseconds(1));
        mesh.Connect(carol, dave);
        mesh.Run(TimeSpan.FromSeconds(2));
        dave.Texts.ShouldBeEmpty();
        mesh.Run(TimeSpan.FromSeconds(3));
        dave.Texts.ShouldBe(["news"]);
    }

    [Fact]
    public void In_an_open_room_entries_of_the_absent_travel_and_receipts_come_back()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var bob = SimulatedPeer.Open("bob", 2);
        var carol = SimulatedPeer.Open("carol", 3);
        var mesh = new SimulatedMesh(5, alice, bob, carol);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Post(alice, "from alice");
        mesh.Run(TimeSpan.FromSeconds(2));
        mesh.Disconnect(alice, bob);

        mesh.Connect(bob, carol);
        mesh.Run(TimeSpan.FromSeconds(2));
        carol.Texts.ShouldBe(["from alice"]);
        carol.Messages[0].FromName.ToString().ShouldBe("alice");

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(10));
        alice.Messages[0].DeliveredTo.ShouldBe(2);
    }

    [Fact]
    public void Receipts_travel_along_a_chain_of_links()
    {
        var alice = SimulatedPeer.Open("alice", 1);
        var bob = SimulatedPeer.Open("bob", 2);
        var carol = SimulatedPeer.Open("carol", 3);
        var mesh = new SimulatedMesh(5, alice, bob, carol);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Connect(bob, carol);
        mesh.Run(TimeSpan.FromSeconds(5));
        mesh.Post(alice, "to both");
        mesh.Run(TimeSpan.FromSeconds(10));

        alice.Messages[0].DeliveredTo.ShouldBe(2);
        carol.Texts.ShouldBe(["to both"]);
    }

    [Fact]
    public void No_stored_byte_shows_a_sent_text()
    {
        var (alice, bob, mesh) = Connected();
        const string Text = "the quick brown fox";
        mesh.Post(alice, Text);
        mesh.Run(TimeSpan.FromSeconds(1));

        bob.Texts.ShouldBe([Text]);
        foreach (var bytes in alice.Store.AllBytes.Concat(bob.Store.AllBytes))
        {
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Text)).ShouldBe(-1);
            bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Text)).ShouldBe(-1);
        }
    }

    [Fact]
    public void History_is_read_in_pages_without_gap_or_repetition()
    {
        var (alice, _, mesh) = Connected();
        for (var i = 0; i < 25; i++)
        {
            mesh.Post(alice, $"{i}");
        }

        var all = new List<string>();
        EntryPosition? before = null;
        while (alice.Room.ReadLatest(10, before) is { Count: > 0 } page)
        {
            all.InsertRange(0, page.Select(m => m.Text));
            before = page[0].Position;
        }

        all.ShouldBe(Enumerable.Range(0, 25).Select(i => $"{i}"));
    }

    [Fact]
    public void A_new_name_reaches_the_others()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Post(alice, "hi");
        alice.Room.Rename(DisplayName.Of("alicia"), mesh.Wall);
        mesh.Post(alice, "it is me");
        mesh.Run(TimeSpan.FromSeconds(1));

        bob.Messages.ShouldAllBe(m => m.FromName.ToString() == "alicia");
        bob.Events.OfType<RoomEvent.MemberChanged>().Last().Member.Name.ToString().ShouldBe("alicia");
    }

    [Fact]
    public void After_a_leave_nothing_more_of_its_author_counts()
    {
        var (alice, bob, mesh) = Connected();
        mesh.Post(bob, "goodbye");
        bob.Room.Leave(mesh.Wall);
        bob.Commit();
        mesh.Post(alice, "wait");
        mesh.Run(TimeSpan.FromSeconds(2));

        bob.Room.CanWrite.ShouldBeFalse();
        alice.Room.CanWrite.ShouldBeFalse(); // nobody is left to write to
        alice.Texts.ShouldBe(["goodbye", "wait"], ignoreOrder: true);
        alice.Events.OfType<RoomEvent.MemberChanged>().Last().IsMember.ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_link_to_somebody_who_cannot_be_in_the_room()
    {
        var (alice, bob, mesh) = Connected();
        var carol = SimulatedPeer.Open("carol", 33);

        Should.Throw<ArgumentException>(() => alice.Room.AddLink(50, carol.Id, mesh.Now, mesh.Wall));
        Should.Throw<ArgumentException>(() => alice.Room.AddLink(1, bob.Id, mesh.Now, mesh.Wall));
    }

    internal static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Connected(int seed = 1)
    {
        var (alice, bob) = SimulatedPeer.Direct(seed);
        var mesh = new SimulatedMesh(seed, alice, bob);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromSeconds(1));
        return (alice, bob, mesh);
    }
}
