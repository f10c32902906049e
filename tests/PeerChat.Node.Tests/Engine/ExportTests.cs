using PeerChat.Node.Engine;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Chats written out, and messages of exports shown beside those that somebody signed.</summary>
public sealed class ExportTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private const long Year2020 = 1_577_836_800_000;

    [Fact]
    public void An_export_has_every_message_once_oldest_first_over_all_its_pages()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        for (var i = 0; i < HistoryPages.MaxExported + 5; i++)
        {
            alice.Say(bob, $"message {i}");
        }

        world.Run(TimeSpan.FromSeconds(10));
        Import(alice, chat, Text("a", "of another year", Year2020));

        var pages = Export(alice, chat);
        pages.Count.ShouldBe(2);
        pages[0].Messages.Length.ShouldBe(HistoryPages.MaxExported);
        pages[0].Title.ShouldBe("bob");
        var all = pages.SelectMany(page => page.Messages).ToList();
        all.Count.ShouldBe(HistoryPages.MaxExported + 6);
        all[0]
            .ShouldSatisfyAllConditions(
                first => first.Text.ShouldBe("of another year"),
                first => first.Id.ShouldBe("a"), // under the id it came with, so that a third machine knows it again
                first => first.State.ShouldBe(DeliveryState.Imported)
            );
        all.Skip(1)
            .Select(message => message.Text)
            .ShouldBe(Enumerable.Range(0, all.Count - 1).Select(i => $"message {i}"));
    }

    [Fact]
    public void A_page_ends_where_its_text_is_long()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        for (var i = 0; i < 8; i++)
        {
            alice.Say(bob, new string('x', 60 * 1024));
        }

        world.Run(Moment);
        Export(alice, "@" + bob.Id).Select(page => page.Messages.Length).ShouldBe([5, 3]);
    }

    [Fact]
    public void What_is_imported_is_marked_and_said_to_be_nobodys()
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "now");
        world.Run(Moment);

        Import(alice, chat, Text("one", "long ago", Year2020))
            .ShouldBe(new NodeReply.MessagesImported(chat, 1, 0, 0));
        Import(alice, chat, Text("one", "long ago", Year2020))
            .ShouldBe(new NodeReply.MessagesImported(chat, 0, 1, 0));

        var history = alice.History(chat);
        history.Select(message => message.Text).ShouldBe(["long ago", "now"]);
        history[0]
            .ShouldSatisfyAllConditions(
                message => message.State.ShouldBe(DeliveryState.Imported),
                message => message.FromId.ShouldBe(""),
                message => message.IsOwn.ShouldBeFalse(),
                message => message.Id.ShouldStartWith("imported-")
            );
        alice.Told<NodeEvent.HistoryChanged>().ShouldContain(told => told.Chat == chat);
        Find(alice, "ago").ShouldBe(["long ago"]);
        bob.History("@" + alice.Id).Select(message => message.Text).ShouldBe(["now"]);
        alice.Crash();
        alice.Start();
        alice.History(chat).Select(message => message.Text).ShouldBe(["long ago", "now"]);
    }

    [Fact]
    public void Pages_go_on_before_a_message_of_an_export()
    {
        using var world = new EngineWorld(4);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "now");
        world.Run(Moment);
        Import(
            alice,
            chat,
            [.. Enumerable.Range(0, 450).Select(i => Text($"id {i}", $"text {i}", Year2020 + (i / 100)))]
        );

        var texts = new List<string>();
        string? before = null;
        while (true)
        {
            var page = alice
                .Ask(new NodeCommand.LoadHistory(chat, 100, before))
                .ShouldBeOfType<NodeReply.History>();
            texts.InsertRange(0, page.Messages.Select(message => message.Text));
            if (!page.HasOlder)
            {
                break;
            }

            before = page.Messages[0].Id;
        }

        texts.ShouldBe([.. Enumerable.Range(0, 450).Select(i => $"text {i}"), "now"]);
    }

    [Fact]
    public void What_is_here_signed_needs_no_copy_and_what_was_recalled_gets_none()
    {
        using var world = new EngineWorld(5);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "kept");
        alice.Say(bob, "taken back");
        world.Run(Moment);
        var export = Export(alice, chat).Single().Messages;
        alice.Do(new NodeCommand.RecallMessage(chat, export[1].Id));
        world.Run(Moment);

        Import(alice, chat, [.. export.Select(Again)])
            .ShouldBe(new NodeReply.MessagesImported(chat, 0, 2, 0));
        alice
            .History(chat)
            .Select(message => message.Content)
            .ShouldBe([MessageContent.Text, MessageContent.Recalled]);
    }

    [Fact]
    public void A_copy_goes_when_the_message_itself_comes()
    {
        using var world = new EngineWorld(6);
        var (alice, bob) = Friends(world);
        var (atAlice, atBob) = ("@" + bob.Id, "@" + alice.Id);
        bob.Crash();
        alice.Say(bob, "while bob was away");
        world.Run(Moment);
        var export = Export(alice, atAlice).Single().Messages;
        bob.Start();
        Import(bob, atBob, [.. export.Select(Again)]).Added.ShouldBe(1);
        bob.History(atBob).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Imported);

        world.RunUntil(() => bob.Shown(atBob).Count == 1, TimeSpan.FromSeconds(20), "bob gets it");
        world.Run(Moment);
        bob.History(atBob).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Received);
    }

    [Fact]
    public void A_recall_takes_the_copies_in_all_chats_with_it()
    {
        using var world = new EngineWorld(7);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        bob.Do(new NodeCommand.JoinRoom("dev"));
        alice.Say(bob, "a secret");
        world.Run(Moment);
        Import(bob, "#dev", [.. Export(bob, "@" + alice.Id).Single().Messages.Select(Again)])
            .Added.ShouldBe(1);
        alice.Do(new NodeCommand.RecallMessage(chat, alice.History(chat)[0].Id));
        world.Run(Moment);

        bob.History("#dev").ShouldBeEmpty();
        Find(bob, "secret").ShouldBeEmpty();
    }

    [Fact]
    public void One_imported_message_can_be_taken_away_and_nothing_else_can_be_done_with_it()
    {
        using var world = new EngineWorld(8);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "now");
        world.Run(Moment);
        Import(alice, chat, Text("one", "long ago", Year2020));
        var id = alice.History(chat)[0].Id;

        alice
            .Ask(new NodeCommand.React(chat, id, "👍"))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("from an export");
        alice
            .Ask(new NodeCommand.FindMessage(chat, id))
            .ShouldBeOfType<NodeReply.Found>()
            .Message!.Text.ShouldBe("long ago");
        alice.Ask(new NodeCommand.RecallMessage(chat, id)).ShouldBeOfType<NodeReply.Done>();
        alice.History(chat).Select(message => message.Text).ShouldBe(["now"]);
        alice.Told<NodeEvent.MessageHidden>().ShouldContain(new NodeEvent.MessageHidden(chat, id));
    }

    [Fact]
    public void Retention_counts_imported_messages_and_takes_no_older_ones()
    {
        using var world = new EngineWorld(9);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "now");
        world.Run(Moment);
        Import(alice, chat, Text("one", "long ago", Year2020));

        alice
            .Ask(new NodeCommand.SetRetention(chat, 86_400))
            .ShouldBeOfType<NodeReply.Retention>()
            .Deletes.ShouldBe(1);
        alice.Do(new NodeCommand.SetRetention(chat, 86_400, Confirmed: true));
        alice.History(chat).Select(message => message.Text).ShouldBe(["now"]);
        Import(alice, chat, Text("one", "long ago", Year2020))
            .ShouldBe(new NodeReply.MessagesImported(chat, 0, 0, 1));
    }

    [Fact]
    public void Nothing_of_a_part_with_a_message_that_cannot_be_is_taken()
    {
        using var world = new EngineWorld(10);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Say(bob, "now");
        world.Run(Moment);
        foreach (
            var bad in new[]
            {
                Text("", "no id", Year2020),
                Text(new string('i', NodeEngine.MaxImportedId + 1), "long id", Year2020),
                Text("i", "no author", Year2020) with
                {
                    From = "",
                },
                Text("i", "long author", Year2020) with
                {
                    From = new string('a', NodeEngine.MaxImportedName + 1),
                },
                Text("i", "before 1970", -1),
                Text("i", "beyond what clocks hold", (1L << 47) + 1),
                Text("i", new string('x', (64 * 1024) + 1), Year2020),
            }
        )
        {
            alice
                .Ask(new NodeCommand.ImportMessages(chat, [Text("good", "good", Year2020), bad]))
                .ShouldBeOfType<NodeReply.Refused>(bad.Text[..Math.Min(bad.Text.Length, 30)]);
        }

        Import(
            alice,
            chat,
            Text(new string('i', NodeEngine.MaxImportedId), "at the limit", 1L << 47) with
            {
                From = new string('a', NodeEngine.MaxImportedName),
            }
        )
            .Added.ShouldBe(1);
        alice.History(chat).Count.ShouldBe(2);
        alice
            .Ask(
                new NodeCommand.ImportMessages(
                    chat,
                    [.. Enumerable.Repeat(Text("i", "x", 1), NodeEngine.MaxImportedAtOnce + 1)]
                )
            )
            .ShouldBeOfType<NodeReply.Refused>();
        alice.Ask(new NodeCommand.ImportMessages("#nowhere", [])).ShouldBeOfType<NodeReply.Refused>();
        alice.Ask(new NodeCommand.ExportMessages(chat, "nonsense")).ShouldBeOfType<NodeReply.Refused>();
    }

    [Fact]
    public void Contacts_and_rooms_are_known_by_their_names()
    {
        using var world = new EngineWorld(11);
        var (alice, bob) = Friends(world);
        alice.Do(new NodeCommand.JoinRoom("dev"));
        alice
            .Ask(new NodeCommand.ExportMessages("@bob"))
            .ShouldBeOfType<NodeReply.ExportPage>()
            .Chat.ShouldBe("@" + bob.Id);
        alice
            .Ask(new NodeCommand.ExportMessages("dev"))
            .ShouldBeOfType<NodeReply.ExportPage>()
            .Chat.ShouldBe("#dev");
        alice.Ask(new NodeCommand.ExportMessages("bob")).ShouldBeOfType<NodeReply.Refused>();
    }

    private static ImportedMessage Text(string id, string text, long sent) => new(id, "bob", sent, text);

    private static ImportedMessage Again(ChatMessage message) =>
        new(message.Id, message.From, message.SentAtUnixMilliseconds, message.Text);

    private static NodeReply.MessagesImported Import(
        SimulatedNode node,
        string chat,
        params ImportedMessage[] messages
    ) =>
        node.Ask(new NodeCommand.ImportMessages(chat, messages)).ShouldBeOfType<NodeReply.MessagesImported>();

    private static List<NodeReply.ExportPage> Export(SimulatedNode node, string chat)
    {
        var pages = new List<NodeReply.ExportPage>();
        string? after = null;
        do
        {
            pages.Add(
                node.Ask(new NodeCommand.ExportMessages(chat, after)).ShouldBeOfType<NodeReply.ExportPage>()
            );
            after = pages[^1].Next;
        } while (after is not null);
        return pages;
    }

    private static string[] Find(SimulatedNode node, string text) =>
        [
            .. node.Ask(new NodeCommand.SearchMessages(text))
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
