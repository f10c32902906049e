using System.Text.Json.Nodes;
using PeerChat.Node.Guests;
using PeerChat.Node.Meeting;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>People with a stock PeerJS page: who may, what they are to the host, and what they cannot do.</summary>
public sealed class GuestTests
{
    private const string Server = "peers.example.org";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly ServiceHint PeerServer = new(Rung.PeerServer, $"wss://{Server}/");

    [Fact]
    public void A_page_joins_by_name_and_both_talk()
    {
        using var world = new EngineWorld(901);
        var alice = Host(world, "alice");
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect("alice", metadataName: "zoe");

        world.RunUntil(() => alice.IsConnected("%page-1"), Patience, "the guest is here");
        var chat = alice.Chat("%page-1").ShouldNotBeNull();
        chat.Kind.ShouldBe(ChatKind.Guest);
        chat.Title.ShouldBe("%zoe");
        chat.Detail.ShouldContain($"a guest through wss://{Server}/");
        alice
            .Told<NodeEvent.Notice>()
            .ShouldContain(notice => notice.Text.Contains("whoever runs that server could read along"));

        page.Send("hello from a page");
        page.Send(new JsonObject { ["text"] = "and an object" });
        world.RunUntil(() => alice.Shown("%page-1").Count == 2, Patience, "both messages arrive");
        alice.Shown("%page-1").ShouldBe(["hello from a page", "and an object"]);

        var sent = alice
            .Ask(new NodeCommand.SendText("%page-1", "welcome", "ref-1"))
            .ShouldBeOfType<NodeReply.Accepted>();
        alice
            .Ask(new NodeCommand.SendText("%page-1", "welcome", "ref-1"))
            .ShouldBeOfType<NodeReply.Accepted>()
            .Message.Id.ShouldBe(sent.Message.Id);
        world.RunUntil(() => page.Received.Count > 0, Patience, "the answer arrives");
        page.Received.ShouldHaveSingleItem()!.GetValue<string>().ShouldBe("welcome");
        alice
            .History("%page-1")
            .Select(message => message.Text)
            .ShouldBe(["hello from a page", "and an object", "welcome"]);
    }

    [Fact]
    public void Without_the_switch_nobody_is_found_by_name()
    {
        using var world = new EngineWorld(902);
        var alice = Host(world, "alice", allowsGuests: false);
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect("alice");
        world.Run(TimeSpan.FromSeconds(30));
        page.IsAnswered.ShouldBeFalse();
        alice.Told<NodeEvent.ChatChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void A_guest_is_no_contact_no_member_and_never_the_answer_to_a_name()
    {
        using var world = new EngineWorld(903);
        var alice = Host(world, "alice");
        var room = alice.Ask(new NodeCommand.CreateRoom("crew")).ShouldBeOfType<NodeReply.Opened>().Chat;
        alice.Ask(new NodeCommand.JoinPeer("bob", null));
        alice
            .Ask(new NodeCommand.SendText("?bob", "for bob alone", null))
            .ShouldBeOfType<NodeReply.Accepted>();
        var page = new StockPage(world, Server, "bob", 1);
        page.Connect("alice", metadataName: "bob");
        world.RunUntil(() => alice.IsConnected("%bob"), Patience, "the guest is here");
        page.Send("I am bob");
        world.RunUntil(() => alice.Shown("%bob").Count == 1, Patience, "the message arrives");
        world.Run(TimeSpan.FromSeconds(10));

        page.Received.ShouldBeEmpty("what was written to bob is not for a guest of that name");
        alice.Chat("?bob")!.Connection.ShouldNotBe(ConnectionState.Connected);
        alice.Chat("%bob")!.Title.ShouldBe("%bob");
        alice.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.ShouldBeEmpty();
        alice
            .Ask(new NodeCommand.ListMembers(room.Chat))
            .ShouldBeOfType<NodeReply.Members>()
            .All.ShouldHaveSingleItem();
        alice
            .Told<NodeEvent.MessageShown>()
            .Single(shown => !shown.Message.IsOwn)
            .Message.From.ShouldBe("%bob");
    }

    [Fact]
    public void What_only_members_can_do_is_refused_with_a_sentence()
    {
        using var world = new EngineWorld(904);
        var alice = Host(world, "alice");
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect("alice");
        world.RunUntil(() => alice.IsConnected("%page-1"), Patience, "the guest is here");
        page.Send("hello");
        world.RunUntil(() => alice.Shown("%page-1").Count == 1, Patience, "the message arrives");
        var id = alice.History("%page-1")[0].Id;
        Refused(new NodeCommand.SendText("%page-1", "an answer", null, id));
        Refused(new NodeCommand.EditMessage("%page-1", id, "edited"));
        Refused(new NodeCommand.React("%page-1", id, "👍"));
        Refused(new NodeCommand.RecallMessage("%page-1", id));
        Refused(new NodeCommand.SendText("%page-1", new string('x', GuestCodec.MaxPieceBytes), null))
            .Code.ShouldBe(RefusalCode.TooLong);

        NodeReply.Refused Refused(NodeCommand command) =>
            alice.Ask(command).ShouldBeOfType<NodeReply.Refused>();
    }

    [Fact]
    public void A_guest_who_leaves_is_told_of_and_nothing_waits_for_the_next_of_that_id()
    {
        using var world = new EngineWorld(905);
        var alice = Host(world, "alice");
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect("alice");
        world.RunUntil(() => alice.IsConnected("%page-1"), Patience, "the guest is here");
        page.Close();
        world.RunUntil(() => !alice.IsConnected("%page-1"), Patience, "the guest is gone");
        alice.Told<NodeEvent.Notice>().ShouldContain(notice => notice.Code == NoticeCode.PeerLeft);
        alice
            .Ask(new NodeCommand.SendText("%page-1", "too late", null))
            .ShouldBeOfType<NodeReply.Refused>()
            .Code.ShouldBe(RefusalCode.NotAllowed);

        page.Connect("alice");
        world.RunUntil(() => alice.IsConnected("%page-1"), Patience, "a guest of that id is here");
        world.Run(TimeSpan.FromSeconds(2));
        page.Received.ShouldBeEmpty();
    }

    [Fact]
    public void The_host_lets_a_guest_go_and_ends_with_a_goodbye()
    {
        using var world = new EngineWorld(906);
        var alice = Host(world, "alice");
        var (one, other) = (
            new StockPage(world, Server, "page-1", 1),
            new StockPage(world, Server, "page-2", 2)
        );
        one.Connect("alice");
        other.Connect("alice");
        world.RunUntil(
            () => alice.IsConnected("%page-1") && alice.IsConnected("%page-2"),
            Patience,
            "both are here"
        );
        alice.Ask(new NodeCommand.LeaveRoom("%page-1")).ShouldBeOfType<NodeReply.Done>();
        world.RunUntil(() => one.IsDismissed && one.IsClosed, Patience, "the first is told");
        alice.Told<NodeEvent.ChatRemoved>().ShouldHaveSingleItem().Chat.ShouldBe("%page-1");
        other.IsClosed.ShouldBeFalse();

        alice.Ask(new NodeCommand.StopNode());
        world.RunUntil(() => other.IsClosed, Patience, "the second is told");
    }

    [Fact]
    public void A_thousand_offers_a_minute_are_borne_and_contacts_are_served_meanwhile()
    {
        using var world = new EngineWorld(907);
        var alice = Host(world, "alice");
        var bob = Far(world, "bob", allowsGuests: false, []);
        var page = new StockPage(world, Server, "flood", 1);
        for (var i = 0; i < 1000; i++)
        {
            page.Connect("alice");
            world.Run(TimeSpan.FromMilliseconds(60));
            alice.Engine.GuestCount.ShouldBeLessThanOrEqualTo(GuestSet.MaxGuests);
        }

        bob.Ask(
            new NodeCommand.JoinLink(
                alice.Ask(new NodeCommand.Invite()).ShouldBeOfType<NodeReply.Invited>().Link
            )
        );
        world.RunUntil(() => bob.IsConnectedTo(alice), Patience, "a contact gets through");
    }

    [Fact]
    public void So_many_guests_and_no_more_and_the_next_is_told()
    {
        using var world = new EngineWorld(908);
        var alice = Host(world, "alice");
        var pages = Enumerable
            .Range(1, GuestSet.MaxGuests + 1)
            .Select(i => new StockPage(world, Server, $"page-{i}", i))
            .ToList();
        foreach (var page in pages)
        {
            page.Connect("alice");
            world.Run(TimeSpan.FromSeconds(1));
        }

        pages.Count(page => alice.IsConnected($"%{page.Id}")).ShouldBe(GuestSet.MaxGuests);
        pages[^1].IsDismissed.ShouldBeTrue();
        pages[0].Close();
        world.Run(TimeSpan.FromSeconds(2));
        pages[^1].Connect("alice");
        world.RunUntil(() => alice.IsConnected($"%{pages[^1].Id}"), Patience, "there is room again");
    }

    [Fact]
    public void A_guest_who_writes_without_end_is_let_go()
    {
        using var world = new EngineWorld(909);
        var alice = Host(world, "alice");
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect("alice");
        world.RunUntil(() => alice.IsConnected("%page-1"), Patience, "the guest is here");
        for (var i = 0; i < 1000 && !page.IsClosed; i++)
        {
            page.Send($"line {i}");
            world.Run(TimeSpan.FromMilliseconds(2));
        }

        page.IsClosed.ShouldBeTrue();
        alice.Shown("%page-1").Count.ShouldBeLessThan(100);
    }

    [Theory]
    [InlineData("media")]
    [InlineData("serialization")]
    [InlineData("sdp")]
    [InlineData("long")]
    [InlineData("nothing")]
    public void Offers_of_no_use_are_dismissed(string what)
    {
        using var world = new EngineWorld(910);
        var alice = Host(world, "alice");
        var page = new StockPage(world, Server, "page-1", 1);
        page.Connect(
            "alice",
            change: payload =>
            {
                switch (what)
                {
                    case "media":
                        payload["type"] = "media";
                        break;
                    case "serialization":
                        payload["serialization"] = "pickle";
                        break;
                    case "sdp":
                        payload["sdp"]!["sdp"] = "v=0";
                        break;
                    case "long":
                        payload["sdp"]!["sdp"] = new string('v', 20_000);
                        break;
                    default:
                        payload.Clear();
                        break;
                }
            }
        );
        world.RunUntil(() => page.IsDismissed, Patience, "the page is told");
        alice.Told<NodeEvent.ChatChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_no_page_could_ask_for_is_told_of()
    {
        using var world = new EngineWorld(911);
        var zoe = Host(world, "zoé");
        zoe.Told<NodeEvent.Notice>()
            .ShouldContain(notice => notice.Text.StartsWith("Guests cannot ask for zoé"));
        var lonely = Far(world, "alice", allowsGuests: true, []);
        lonely.Told<NodeEvent.Notice>().ShouldContain(notice => notice.Text.Contains("none is named"));
    }

    [Fact]
    public void A_name_that_somebody_else_holds_at_the_server_is_told_of()
    {
        using var world = new EngineWorld(912);
        _ = new StockPage(world, Server, "alice", 1);
        var alice = Host(world, "alice");
        alice
            .Told<NodeEvent.Notice>()
            .ShouldContain(notice =>
                notice.Text.Contains("somebody else is alice there", StringComparison.Ordinal)
            );
    }

    private static SimulatedNode Host(EngineWorld world, string name, bool allowsGuests = true)
    {
        var host = Far(world, name, allowsGuests, PeerServer);
        world.Run(TimeSpan.FromSeconds(3));
        return host;
    }

    private static SimulatedNode Far(
        EngineWorld world,
        string name,
        bool allowsGuests,
        params ServiceHint[] services
    ) =>
        world.Run(
            name,
            node =>
            {
                node.HearsMulticast = false;
                node.PrefixLength = 32;
                node.AllowsGuests = allowsGuests;
                node.Ladder = new LadderOptions
                {
                    Services = services,
                    Rungs = new HashSet<Rung> { Rung.PeerServer },
                };
            }
        );
}
