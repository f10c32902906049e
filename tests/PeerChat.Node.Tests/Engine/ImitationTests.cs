using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Names that look like those of others are marked wherever they are told.</summary>
public sealed class ImitationTests
{
    private const string CyrillicBob = "bоb"; // with U+043E in the middle
    private const string CyrillicAlice = "аlice"; // with U+0430 at the start

    [Fact]
    public void A_stranger_whose_name_looks_like_a_contacts_is_marked_before_and_after_it_is_let_in()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        var eve = world.Run(CyrillicBob);
        eve.Join(alice);
        world.RunUntil(
            () => alice.Told<NodeEvent.RequestReceived>().Any(),
            TimeSpan.FromSeconds(30),
            "eve asks"
        );

        var asked = alice.Told<NodeEvent.RequestReceived>().ShouldHaveSingleItem();
        asked.LooksLike.ShouldBe("bob");
        Requests(alice).Single(request => request.PeerId == eve.Id).LooksLike.ShouldBe("bob");
        alice.Do(new NodeCommand.AnswerRequest(asked.Request, Accept: true));
        world.RunUntil(() => alice.IsConnectedTo(eve), TimeSpan.FromSeconds(30), "alice and eve chat");
        world.RunUntil(() => eve.IsConnectedTo(alice), TimeSpan.FromSeconds(30), "eve knows that, too");
        world.Run(TimeSpan.FromSeconds(1));
        eve.Say(alice, "hello, it is bob");
        world.RunUntil(
            () => alice.Shown("@" + eve.Id).Count == 1,
            TimeSpan.FromSeconds(30),
            "alice reads what eve writes"
        );

        Contacts(alice).Single(contact => contact.PeerId == eve.Id).LooksLike.ShouldBe("bob");
        Contacts(alice).Single(contact => contact.PeerId == bob.Id).LooksLike.ShouldBeNull(); // the older one is the original
        alice.Chat("@" + eve.Id)!.Members.Single(member => !member.IsSelf).LooksLike.ShouldBe("bob");
        alice.History("@" + eve.Id).Single().LooksLike.ShouldBe("bob");
        eve.History("@" + alice.Id).Single().LooksLike.ShouldBeNull(); // one's own
    }

    [Fact]
    public void In_a_room_also_ones_own_name_and_the_very_same_name_are_imitated()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        var (self, same) = (world.Run(CyrillicAlice), world.Run("Bob"));
        foreach (var node in new[] { alice, self, same })
        {
            node.Do(new NodeCommand.JoinRoom("dev"));
        }

        world.RunUntil(
            () => alice.Chat("#dev") is { Members.Length: 3 },
            TimeSpan.FromSeconds(60),
            "all three are in the room"
        );
        self.Say("#dev", "hi");
        world.RunUntil(() => alice.Shown("#dev").Count == 1, TimeSpan.FromSeconds(30), "it comes");

        var members = alice.Chat("#dev")!.Members.ToDictionary(member => member.PeerId);
        members[self.Id].LooksLike.ShouldBe("alice");
        members[same.Id].LooksLike.ShouldBe("bob");
        members[alice.Id].LooksLike.ShouldBeNull();
        alice.History("#dev").Single().LooksLike.ShouldBe("alice");

        // Nobody is taken for whom one has blocked
        alice.Do(new NodeCommand.BlockPeer(bob.Id));
        world.Run(TimeSpan.FromSeconds(2));
        alice.Chat("#dev")!.Members.Single(member => member.PeerId == same.Id).LooksLike.ShouldBeNull();
        alice.Do(new NodeCommand.UnblockPeer(bob.Id));
        world.Run(TimeSpan.FromSeconds(2));
        alice.Chat("#dev")!.Members.Single(member => member.PeerId == same.Id).LooksLike.ShouldBe("bob");
    }

    [Fact]
    public void Members_of_a_private_room_are_marked()
    {
        using var world = new EngineWorld(3);
        var (alice, _) = Friends(world);
        var eve = world.Run("BOB");
        var chat = alice
            .Ask(new NodeCommand.CreateRoom("plans"))
            .ShouldBeOfType<NodeReply.Opened>()
            .Chat.Chat;
        var link = alice.Ask(new NodeCommand.Invite(chat)).ShouldBeOfType<NodeReply.Invited>().Link;
        eve.Do(new NodeCommand.JoinLink(link));
        world.RunUntil(
            () => alice.Chat(chat) is { Members.Length: 2 },
            TimeSpan.FromSeconds(60),
            "eve is let in"
        );
        alice
            .Ask(new NodeCommand.ListMembers(chat))
            .ShouldBeOfType<NodeReply.Members>()
            .All.Single(member => !member.IsSelf)
            .LooksLike.ShouldBe("bob");
    }

    private static RequestSummary[] Requests(SimulatedNode node) =>
        node.Ask(new NodeCommand.ListRequests()).ShouldBeOfType<NodeReply.Requests>().All;

    private static ContactSummary[] Contacts(SimulatedNode node) =>
        node.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All;

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        return (alice, bob);
    }
}
