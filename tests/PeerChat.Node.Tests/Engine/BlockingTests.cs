using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Who is blocked gets nothing through, by whichever way.</summary>
public sealed class BlockingTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    [Fact]
    public void A_blocked_contact_is_disconnected_hidden_and_not_let_in_again_also_after_a_restart()
    {
        using var world = new EngineWorld(1);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        alice
            .Ask(new NodeCommand.BlockPeer("bob"))
            .ShouldBeOfType<NodeReply.Contacts>()
            .All.ShouldHaveSingleItem()
            .IsBlocked.ShouldBeTrue();
        world.Run(Moment);
        alice.Told<NodeEvent.ChatRemoved>().ShouldHaveSingleItem().Chat.ShouldBe("@" + bob.Id);
        bob.IsConnectedTo(alice).ShouldBeFalse();
        bob.Say(alice, "listen to me");
        world.Run(TimeSpan.FromMinutes(1));
        alice.Crash();
        alice.Start();
        world.Run(TimeSpan.FromMinutes(1));

        alice.Shown().ShouldBeEmpty();
        alice.Told<NodeEvent.RequestReceived>().ShouldBeEmpty();
        alice
            .Ask(new NodeCommand.JoinPeer("bob"))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("unblock");

        alice.Do(new NodeCommand.UnblockPeer("bob"));
        world.RunUntil(() => alice.Shown().Count == 1, TimeSpan.FromMinutes(2), "unblocked");
        alice.Shown().ShouldBe(["listen to me"]);
    }

    [Fact]
    public void In_a_room_the_blocked_are_hidden_and_passed_on_to_nobody()
    {
        using var world = new EngineWorld(2);
        var alice = world.Run("alice");
        var mallory = world.Run("mallory");
        foreach (var node in new[] { alice, mallory })
        {
            node.Do(new NodeCommand.JoinRoom("dev"));
        }

        world.RunUntil(() => alice.IsConnected("#dev") && mallory.IsConnected("#dev"), Moment * 10, "room");
        mallory.Say("#dev", "spam");
        alice.Say("#dev", "welcome");
        world.Run(Moment);
        alice.History("#dev").Count.ShouldBe(2);
        alice.Ask(new NodeCommand.BlockPeer(mallory.Id)).ShouldBeOfType<NodeReply.Contacts>();
        alice.History("#dev").Select(message => message.Text).ShouldBe(["welcome"]);
        mallory.Crash();

        var carol = world.Run("carol");
        carol.Do(new NodeCommand.JoinRoom("dev"));
        world.RunUntil(() => carol.Shown("#dev").Contains("welcome"), Moment * 20, "carol in step");
        world.Run(Moment);
        carol
            .History("#dev")
            .Where(message => message.Content == MessageContent.Text)
            .Select(message => message.Text)
            .ShouldBe(["welcome"]);
    }

    [Fact]
    public void Block_and_purge_deletes_the_content_and_unblocking_brings_nothing_back()
    {
        using var world = new EngineWorld(3);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        bob.Say(alice, "nasty words");
        alice.Say(bob, "my own");
        world.Run(Moment);
        alice.Do(new NodeCommand.BlockPeer("bob", Purge: true));
        alice
            .Store.Entries.ReadArrivals(0, long.MaxValue, 100)
            .Count(entry => entry.Payload.IsEmpty)
            .ShouldBe(1);
        alice.Do(new NodeCommand.UnblockPeer("bob"));
        world.Run(TimeSpan.FromSeconds(20));

        alice.History("@" + bob.Id).Select(message => message.Text).ShouldBe(["my own"]);
    }

    [Fact]
    public void Nobody_blocks_themselves_or_a_stranger_unheard_of()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        alice.Ask(new NodeCommand.BlockPeer(alice.Id)).ShouldBeOfType<NodeReply.Refused>();
        alice
            .Ask(new NodeCommand.BlockPeer("nobody"))
            .ShouldBeOfType<NodeReply.Refused>()
            .Code.ShouldBe(RefusalCode.NoSuchPeer);
    }
}
