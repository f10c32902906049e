using PeerChat.Node.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Search over everything that is stored, although all of it is ciphertext.</summary>
public sealed class SearchTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("Grüße aus Köln", "GRÜSSE")]
    [InlineData("今日は東京に行きます", "東京")]
    [InlineData("ＦＵＬＬ width", "full")]
    [InlineData("Σίσυφος", "σίσυφοσ")]
    [InlineData("two words here", "here TWO")]
    public void A_text_is_found_whatever_its_case_width_or_language(string text, string sought)
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        alice.Say(bob, text);
        alice.Say(bob, "something else");
        world.Run(Moment);

        Find(bob, new NodeCommand.SearchMessages(sought)).ShouldBe([text]);
        Find(bob, new NodeCommand.SearchMessages(sought + "x")).ShouldBeEmpty();
    }

    [Fact]
    public void The_cache_follows_edits_and_recalls_and_survives_restarts()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        for (var i = 0; i < SearchPages.PageEntries + 10; i++)
        {
            alice.Say(bob, $"message number {i} alpha");
        }

        world.Run(TimeSpan.FromSeconds(10));
        var first = alice.History(chat)[0].Id;
        Find(alice, new NodeCommand.SearchMessages("number 0 alpha")).ShouldContain("message number 0 alpha");
        alice.Store.Search.CoveredTo(Room(alice)).ShouldBeGreaterThan(0);
        alice.Do(new NodeCommand.EditMessage(chat, first, "message zero beta"));
        alice.Do(new NodeCommand.RecallMessage(chat, alice.History(chat)[1].Id));
        world.Run(Moment);
        bob.Crash();
        bob.Start();

        foreach (var node in new[] { alice, bob })
        {
            Find(node, new NodeCommand.SearchMessages("zero BETA")).ShouldBe(["message zero beta"]);
            Find(node, new NodeCommand.SearchMessages("alpha", Count: 1000))
                .Count.ShouldBe(SearchPages.PageEntries + 8);
            Find(node, new NodeCommand.SearchMessages("number 511 alpha"))
                .ShouldBe(["message number 511 alpha"]);
        }
    }

    [Fact]
    public void Author_chat_and_time_narrow_a_search()
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "lunch one");
        world.Run(Moment);
        bob.Say(alice, "lunch two");
        world.Run(Moment);
        var messages = alice.History("@" + bob.Id);

        Find(alice, new NodeCommand.SearchMessages("lunch")).ShouldBe(["lunch two", "lunch one"]);
        Find(alice, new NodeCommand.SearchMessages("lunch", From: "bob")).ShouldBe(["lunch two"]);
        Find(alice, new NodeCommand.SearchMessages("lunch", From: "alice")).ShouldBe(["lunch one"]);
        Find(
                alice,
                new NodeCommand.SearchMessages(
                    "lunch",
                    SinceUnixMilliseconds: messages[1].SentAtUnixMilliseconds
                )
            )
            .ShouldBe(["lunch two"]);
        Find(
                alice,
                new NodeCommand.SearchMessages(
                    "lunch",
                    Chat: "@" + bob.Id,
                    UntilUnixMilliseconds: messages[0].SentAtUnixMilliseconds
                )
            )
            .ShouldBe(["lunch one"]);
        alice
            .Ask(new NodeCommand.SearchMessages("lunch", Count: 1))
            .ShouldBeOfType<NodeReply.SearchResult>()
            .HasMore.ShouldBeTrue();
        alice.Ask(new NodeCommand.SearchMessages("  ")).ShouldBeOfType<NodeReply.Refused>();
        alice.Ask(new NodeCommand.SearchMessages("x", Count: 1001)).ShouldBeOfType<NodeReply.Refused>();
        alice.Ask(new NodeCommand.SearchMessages("x", From: "stranger")).ShouldBeOfType<NodeReply.Refused>();
    }

    [Fact]
    public void A_search_opens_each_page_once_and_nothing_else()
    {
        using var world = new EngineWorld(4);
        var (alice, bob) = Friends(world);
        for (var i = 0; i < (4 * SearchPages.PageEntries) + 1; i++)
        {
            alice.Say(bob, $"word {i}");
        }

        Find(alice, new NodeCommand.SearchMessages("word 5")).ShouldNotBeEmpty();
        var before = alice.Store.Search.PagesOpened;
        Find(alice, new NodeCommand.SearchMessages("absent")).ShouldBeEmpty();
        (alice.Store.Search.PagesOpened - before).ShouldBe(4);
    }

    private static PeerChat.Rooms.RoomId Room(SimulatedNode node) =>
        node.Store.Entries.ReadArrivals(0, long.MaxValue, 1)[0].Room;

    private static List<string> Find(SimulatedNode node, NodeCommand.SearchMessages search) =>
        [
            .. node.Ask(search)
                .ShouldBeOfType<NodeReply.SearchResult>()
                .Messages.Select(message => message.Text),
        ];

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        return (alice, bob);
    }
}
