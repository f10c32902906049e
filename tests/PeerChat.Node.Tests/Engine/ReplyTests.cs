using PeerChat.Node.Engine;
using PeerChat.Node.Meeting;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>What the node replies to each command, and that a wrong command is told to nobody else.</summary>
public sealed class ReplyTests
{
    private const string Nowhere = "#nowhere";

    public static TheoryData<NodeCommand, RefusalCode, string> Wrong =>
        new()
        {
            { new NodeCommand.JoinPeer("a\tb"), RefusalCode.BadValue, "" },
            { new NodeCommand.JoinPeer("alice"), RefusalCode.BadValue, "own name" },
            { new NodeCommand.JoinPeer("dave", "host:0"), RefusalCode.BadValue, "1 to 65535" },
            { new NodeCommand.JoinPeer("dave", "host:+80"), RefusalCode.BadValue, "HOST" },
            { new NodeCommand.JoinPeer("dave", ""), RefusalCode.BadValue, "HOST" },
            { new NodeCommand.JoinPeer("dave", new string('h', 254)), RefusalCode.BadValue, "HOST" },
            { new NodeCommand.JoinRoom(""), RefusalCode.BadValue, "" },
            { new NodeCommand.JoinRoom("new", "host:x"), RefusalCode.BadValue, "HOST" },
            { new NodeCommand.SendText(Nowhere, "hi"), RefusalCode.NoSuchChat, Nowhere },
            { new NodeCommand.SendText("?dave", ""), RefusalCode.BadValue, "empty" },
            { new NodeCommand.SendText("?dave", new string('x', 65_537)), RefusalCode.TooLong, "64 KiB" },
            { new NodeCommand.SendText("?dave", "hi", ""), RefusalCode.BadValue, "1 to 128" },
            {
                new NodeCommand.SendText("?dave", "hi", new string('r', 129)),
                RefusalCode.BadValue,
                "1 to 128"
            },
            { new NodeCommand.AnswerRequest("request-1", true), RefusalCode.NoSuchRequest, "request-1" },
            { new NodeCommand.UndoAnswer("request-1"), RefusalCode.NoSuchRequest, "request-1" },
            { new NodeCommand.ChoosePeer("erin", "pc1"), RefusalCode.NoSuchChat, "erin" },
            { new NodeCommand.ChoosePeer("dave", "pc1"), RefusalCode.BadValue, "pc1" },
            { new NodeCommand.ReleaseOutbox(Nowhere, true), RefusalCode.NoSuchChat, Nowhere },
            { new NodeCommand.LoadHistory(Nowhere, 1), RefusalCode.NoSuchChat, Nowhere },
            { new NodeCommand.LoadHistory("?dave", 0), RefusalCode.BadValue, "1 to 10,000" },
            { new NodeCommand.LoadHistory("?dave", 10_001), RefusalCode.BadValue, "1 to 10,000" },
            { new NodeCommand.LoadHistory("?dave", 1, "0a"), RefusalCode.BadValue, "0a" },
            {
                new NodeCommand.LoadHistory("?dave", 1, new string('0', 64)),
                RefusalCode.BadValue,
                "no message"
            },
            { new NodeCommand.SetTopic("?dave", "tea"), RefusalCode.NoSuchChat, "dave is no private room" },
            {
                new NodeCommand.SetTopic(Nowhere, "tea"),
                RefusalCode.NoSuchChat,
                "no private room " + Nowhere
            },
            { new NodeCommand.FindMessage(Nowhere, "0a"), RefusalCode.NoSuchChat, Nowhere },
            { new NodeCommand.SaveDraft(Nowhere, "hi"), RefusalCode.NoSuchChat, Nowhere },
            { new NodeCommand.SaveDraft("?dave", new string('x', 65_537)), RefusalCode.TooLong, "64 KiB" },
            { new NodeCommand.RememberInput(Nowhere, "hi"), RefusalCode.NoSuchChat, Nowhere },
            {
                new NodeCommand.RememberInput("?dave", new string('x', 65_537)),
                RefusalCode.TooLong,
                "64 KiB"
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_command_is_refused_with_a_sentence_and_told_to_nobody(
        NodeCommand command,
        RefusalCode code,
        string word
    )
    {
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        alice.Join("dave");
        var told = alice.Events.Count;
        var refused = alice.Ask(command).ShouldBeOfType<NodeReply.Refused>();

        refused.Code.ShouldBe(code);
        refused.Text.ShouldContain(word);
        refused.Text.ShouldEndWith(".");
        refused.Text.Length.ShouldBeLessThan(400);
        alice.Events.Count.ShouldBe(told);
    }

    [Fact]
    public void A_join_of_oneself_is_refused()
    {
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        alice
            .Ask(new NodeCommand.JoinPeer(alice.Id))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("own id");
        alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty();
    }

    [Fact]
    public void Joins_are_answered_with_the_chat()
    {
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        Opened(alice, new NodeCommand.JoinPeer("dave")).Chat.ShouldBe("?dave");
        Opened(alice, new NodeCommand.JoinPeer("dave")).Chat.ShouldBe("?dave");
        Opened(alice, new NodeCommand.JoinRoom("dev", "127.0.0.1:1000")).Chat.ShouldBe("#dev");
        Chats(alice).ShouldBe(["?dave", "#dev"]);
    }

    [Fact]
    public void No_more_than_a_thousand_chats_are_opened()
    {
        NodeEngine.MaxChats.ShouldBe(1_000);
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        alice.Turn(engine =>
        {
            for (var i = 0; i < NodeEngine.MaxChats; i++)
            {
                engine.HandleCommand(new NodeCommand.JoinPeer($"n{i}"), world.Now, world.Wall);
            }
        });

        foreach (
            var join in new NodeCommand[]
            {
                new NodeCommand.JoinPeer("one-more"),
                new NodeCommand.JoinRoom("one-more"),
            }
        )
        {
            alice.Ask(join).ShouldBeOfType<NodeReply.Refused>().Text.ShouldContain("1,000 chats");
        }

        Opened(alice, new NodeCommand.JoinPeer("n7")).Chat.ShouldBe("?n7");
    }

    [Fact]
    public void A_text_is_answered_with_its_message_whether_it_waits_or_goes_out()
    {
        using var world = new EngineWorld(2);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        alice.Join("dave");
        var waiting = Accepted(alice, "?dave", "wait");
        waiting.ShouldSatisfyAllConditions(
            () => waiting.Id.ShouldStartWith("outbox-"),
            () => waiting.Arrival.ShouldBe(0),
            () => waiting.State.ShouldBe(DeliveryState.Queued)
        );

        world.Befriend(alice, bob);
        var sent = Accepted(alice, "@" + bob.Id, "go");
        sent.Text.ShouldBe("go");
        sent.Arrival.ShouldBeGreaterThan(0);
        alice.Told<NodeEvent.MessageShown>().Last().Message.ShouldBe(sent);
    }

    [Fact]
    public void A_message_is_found_by_its_id_its_outbox_number_and_its_reference()
    {
        using var world = new EngineWorld(3);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        alice.Join("dave");
        world.Befriend(alice, bob);
        var chat = "@" + bob.Id;
        var waiting = Accepted(alice, "?dave", "wait", "ref-1");
        var sent = Accepted(alice, chat, "go", "ref-2");
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(5), "it arrives");

        Find(alice, "?dave", waiting.Id).ShouldBe(waiting);
        Find(alice, "?dave", "ref-1").ShouldBe(waiting);
        Find(alice, chat, sent.Id)!.Text.ShouldBe("go");
        Find(alice, chat, "ref-2")!.Id.ShouldBe(sent.Id);
        Find(alice, chat, "ref-1").ShouldBeNull(); // of another chat
        Find(alice, chat, "ref-3").ShouldBeNull();
        Find(alice, chat, "").ShouldBeNull();
        Find(alice, "?dave", sent.Id).ShouldBeNull();
        Find(bob, "@" + alice.Id, sent.Id)!.IsOwn.ShouldBeFalse();
        Find(bob, "@" + alice.Id, "ref-2").ShouldBeNull(); // one's own references alone
    }

    [Fact]
    public void A_history_comes_in_pages_that_are_bounded_in_messages_and_in_text()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        var chat = "@" + bob.Id;
        alice.Turn(engine =>
        {
            for (var i = 0; i < 450; i++)
            {
                engine.HandleCommand(new NodeCommand.SendText(chat, $"{i}"), world.Now, world.Wall);
            }
        });

        Page(alice, chat, 450)
            .ShouldSatisfyAllConditions(
                page => page.HasOlder.ShouldBeFalse(),
                page =>
                    page.Messages.Select(one => one.Text)
                        .ShouldBe(Enumerable.Range(0, 450).Select(i => $"{i}"))
            );
        var newest = Page(alice, chat, 300);
        newest.HasOlder.ShouldBeTrue();
        newest.Messages[0].Text.ShouldBe("150");
        var older = Page(alice, chat, 300, newest.Messages[0].Id);
        older.HasOlder.ShouldBeFalse();
        older.Messages.Select(one => one.Text).ShouldBe(Enumerable.Range(0, 150).Select(i => $"{i}"));

        var longest = new string('x', NodeCommand.MaxTextBytes);
        alice.Turn(engine =>
        {
            for (var i = 0; i < 70; i++)
            {
                engine.HandleCommand(new NodeCommand.SendText(chat, longest), world.Now, world.Wall);
            }
        });
        var heavy = Page(alice, chat, 10_000);
        heavy.HasOlder.ShouldBeTrue();
        heavy.Messages.Sum(one => one.Text.Length).ShouldBeLessThanOrEqualTo(NodeEngine.MaxPageText);
        heavy.Messages.Length.ShouldBe(64);
        Page(alice, chat, 10_000, heavy.Messages[0].Id).Messages.Length.ShouldBe(450 + 6);
    }

    [Fact]
    public void Chats_contacts_and_status_are_listed()
    {
        using var world = new EngineWorld(5);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        alice.Join("dave");
        Accepted(alice, "?dave", "wait");

        Chats(alice).ShouldBe(["@" + bob.Id, "?dave"]);
        var contact = alice
            .Ask(new NodeCommand.ListContacts())
            .ShouldBeOfType<NodeReply.Contacts>()
            .All.Single();
        contact.Name.ShouldBe("bob");
        contact.PeerId.ShouldBe(bob.Id);
        contact.Connected.ShouldBeTrue();
        contact.FirstSeenUnixMilliseconds.ShouldBeInRange(
            world.WallStart.UnixMilliseconds,
            world.Wall.UnixMilliseconds
        );

        var status = alice.Ask(new NodeCommand.GetStatus()).ShouldBeOfType<NodeReply.Status>().Node;
        (status.Chats, status.Connected, status.Queued, status.Requests).ShouldBe((2, 1, 1, 0));
        status.StartedUnixMilliseconds.ShouldBe(world.WallStart.UnixMilliseconds);
        status.Name.ShouldBe("alice");
        status.AnnouncesName.ShouldBe(true);
    }

    [Fact]
    public void A_node_that_is_ending_begins_nothing_new_but_still_answers()
    {
        using var world = new EngineWorld(6);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        var replies = new List<NodeReply>();
        alice.Turn(engine =>
            replies.AddRange(
                new NodeCommand[]
                {
                    new NodeCommand.StopNode(),
                    new NodeCommand.StopNode(),
                    new NodeCommand.SendText("@" + bob.Id, "too late"),
                    new NodeCommand.JoinRoom("dev"),
                    new NodeCommand.SaveDraft("@" + bob.Id, "kept"),
                    new NodeCommand.GetStatus(),
                }.Select(command => engine.HandleCommand(command, world.Now, world.Wall))
            )
        );

        replies[0].ShouldBeOfType<NodeReply.Done>();
        replies[1].ShouldBeOfType<NodeReply.Done>();
        replies[2].ShouldBeOfType<NodeReply.Refused>().Code.ShouldBe(RefusalCode.Stopping);
        replies[3].ShouldBeOfType<NodeReply.Refused>().Code.ShouldBe(RefusalCode.Stopping);
        replies[4].ShouldBeOfType<NodeReply.Done>();
        replies[5].ShouldBeOfType<NodeReply.Status>();
    }

    [Fact]
    public void Lines_remembered_are_as_many_in_memory_as_on_disk()
    {
        using var world = new EngineWorld(7);
        var alice = world.Run("alice");
        alice.Join("dave");
        alice.Turn(engine =>
        {
            for (var i = 0; i < 600; i++)
            {
                engine.HandleCommand(new NodeCommand.RememberInput("?dave", $"{i}"), world.Now, world.Wall);
            }
        });

        var lines = Opened(alice, new NodeCommand.JoinPeer("dave")).InputHistory;
        lines.Length.ShouldBe(500);
        lines[^1].ShouldBe("599");
        lines.ShouldBe(alice.Store.Drafts.ReadInputLines("?dave"));
    }

    [Fact]
    public void A_snapshot_holds_every_chat_and_every_open_question()
    {
        using var world = new EngineWorld(8);
        var bob = world.Run("bob", node => node.AnnounceName = null);
        var alice = world.Run("alice");
        bob.Do(new NodeCommand.JoinRoom("dev"));
        alice.Do(new NodeCommand.JoinPeer("bob", bob.Address.ToString()));
        world.RunUntil(
            () => bob.Told<NodeEvent.RequestReceived>().Any(),
            TimeSpan.FromSeconds(10),
            "alice asks"
        );

        var snapshot = bob.Engine.Snapshot();
        snapshot[0].ShouldBeOfType<NodeEvent.Ready>();
        snapshot.OfType<NodeEvent.ChatChanged>().Single().Chat.Chat.ShouldBe("#dev");
        snapshot
            .OfType<NodeEvent.RequestReceived>()
            .Single()
            .ShouldBe(bob.Told<NodeEvent.RequestReceived>().Single());
        snapshot.OfType<NodeEvent.AnnounceQuestion>().Single().Name.ShouldBe("bob");
    }

    [Fact]
    public void A_snapshot_asks_again_whether_text_may_go_to_the_key_that_was_met()
    {
        using var world = new EngineWorld(9);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        alice.Join("bob");
        Accepted(alice, "?bob", "for bob");
        world.RunUntil(
            () => alice.Told<NodeEvent.OutboxQuestion>().Any(),
            TimeSpan.FromSeconds(10),
            "the question"
        );

        alice
            .Engine.Snapshot()
            .OfType<NodeEvent.OutboxQuestion>()
            .Single()
            .ShouldBe(alice.Told<NodeEvent.OutboxQuestion>().Single());
        alice.Do(new NodeCommand.ReleaseOutbox("@" + bob.Id, Release: true));
        alice.Engine.Snapshot().OfType<NodeEvent.OutboxQuestion>().ShouldBeEmpty();
        alice.Told<NodeEvent.OutboxAnswered>().ShouldBe([new NodeEvent.OutboxAnswered("@" + bob.Id, true)]);
        alice.Do(new NodeCommand.ReleaseOutbox("@" + bob.Id, Release: false));
        alice.Told<NodeEvent.OutboxAnswered>().Count().ShouldBe(1, "It was answered before.");
    }

    [Fact]
    public void A_snapshot_asks_again_who_of_several_is_meant()
    {
        using var world = new EngineWorld(10);
        world.Run("bob");
        var other = world.Run("bob");
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(
            () => alice.Told<NodeEvent.ChoiceNeeded>().Any(),
            TimeSpan.FromSeconds(10),
            "the question"
        );

        alice.Engine.Snapshot().OfType<NodeEvent.ChoiceNeeded>().Single().Claims.Length.ShouldBe(2);
        alice.Ask(new NodeCommand.ChoosePeer("bob", other.Id)).ShouldBeOfType<NodeReply.Done>();
        alice.Engine.Snapshot().OfType<NodeEvent.ChoiceNeeded>().ShouldBeEmpty();
        alice
            .Told<NodeEvent.ChoiceAnswered>()
            .ShouldBe([
                new NodeEvent.ChoiceAnswered(alice.Told<NodeEvent.ChoiceNeeded>().Last().Target, other.Id),
            ]);
    }

    [Fact]
    public void A_choice_that_is_looked_for_anew_is_taken_back_before_it_is_asked_again()
    {
        using var world = new EngineWorld(10);
        world.Run("bob");
        world.Run("bob");
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(
            () => alice.Told<NodeEvent.ChoiceNeeded>().Any(),
            TimeSpan.FromSeconds(10),
            "the question"
        );

        alice.Join("bob");

        alice.Told<NodeEvent.ChoiceAnswered>().Last().PeerId.ShouldBeNull();
        world.RunUntil(
            () => alice.Engine.Snapshot().OfType<NodeEvent.ChoiceNeeded>().Any(),
            TimeSpan.FromSeconds(10),
            "the question again"
        );
    }

    [Fact]
    public void Every_face_hears_that_the_name_may_be_announced_or_not_and_hears_it_once()
    {
        using var world = new EngineWorld(11);
        var bob = world.Run("bob", node => node.AnnounceName = null);
        bob.Told<NodeEvent.AnnounceQuestion>().Count().ShouldBe(1);

        bob.Do(new NodeCommand.SetAnnounceName(false));
        bob.Do(new NodeCommand.SetAnnounceName(false));

        bob.Told<NodeEvent.AnnounceAnswered>().ShouldBe([new NodeEvent.AnnounceAnswered(false)]);
        bob.Engine.Snapshot().OfType<NodeEvent.AnnounceQuestion>().ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_is_asked_about_a_local_network_that_is_not_used()
    {
        using var world = new EngineWorld(12);
        var bob = world.Run(
            "bob",
            node =>
            {
                node.AnnounceName = null;
                node.Ladder = new LadderOptions { Rungs = new HashSet<Rung> { Rung.Direct } };
            }
        );

        bob.Told<NodeEvent.AnnounceQuestion>().ShouldBeEmpty();
        bob.Engine.Snapshot().OfType<NodeEvent.AnnounceQuestion>().ShouldBeEmpty();
    }

    private static ChatSummary Opened(SimulatedNode node, NodeCommand join) =>
        node.Ask(join).ShouldBeOfType<NodeReply.Opened>().Chat;

    private static ChatMessage Accepted(
        SimulatedNode node,
        string chat,
        string text,
        string? reference = null
    ) =>
        node.Ask(new NodeCommand.SendText(chat, text, reference))
            .ShouldBeOfType<NodeReply.Accepted>()
            .Message;

    private static ChatMessage? Find(SimulatedNode node, string chat, string message) =>
        node.Ask(new NodeCommand.FindMessage(chat, message)).ShouldBeOfType<NodeReply.Found>().Message;

    private static NodeReply.History Page(
        SimulatedNode node,
        string chat,
        int count,
        string? before = null
    ) => node.Ask(new NodeCommand.LoadHistory(chat, count, before)).ShouldBeOfType<NodeReply.History>();

    private static IEnumerable<string> Chats(SimulatedNode node) =>
        node.Ask(new NodeCommand.ListChats()).ShouldBeOfType<NodeReply.Chats>().All.Select(chat => chat.Chat);
}
