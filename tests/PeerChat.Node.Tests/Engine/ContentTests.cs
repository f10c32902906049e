using System.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Edits, replies, reactions, recalls, receipts and typing between whole nodes.</summary>
public sealed class ContentTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    [Fact]
    public void Edit_reply_and_reaction_reach_the_other_side_as_changes_of_one_message()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "helo");
        world.Run(Moment);
        var id = bob.History("@" + alice.Id).Single().Id;

        alice
            .Ask(new NodeCommand.EditMessage("@" + bob.Id, id, "hello"))
            .ShouldBeOfType<NodeReply.Changed>()
            .Message.Text.ShouldBe("hello");
        bob.Ask(new NodeCommand.React("@" + alice.Id, id, "👍")).ShouldBeOfType<NodeReply.Changed>();
        bob.Ask(new NodeCommand.SendText("@" + alice.Id, "hi", ReplyTo: id))
            .ShouldBeOfType<NodeReply.Accepted>()
            .Message.ReplyTo.ShouldBe(id);
        world.Run(Moment);

        var shown = alice.History("@" + bob.Id);
        shown.Select(message => message.Text).ShouldBe(["hello", "hi"]);
        shown[0].IsEdited.ShouldBeTrue();
        shown[0].Reactions.ShouldHaveSingleItem().By.ShouldBe(["bob"]);
        shown[1].ReplyTo.ShouldBe(id);
        bob.Told<NodeEvent.MessageChanged>().ShouldContain(e => e.Message.Text == "hello");
        alice.Told<NodeEvent.MessageChanged>().ShouldContain(e => e.Message.Reactions != null);
    }

    [Fact]
    public void What_cannot_be_changed_is_refused_with_the_reason()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "mine");
        world.Run(Moment);
        var id = bob.History("@" + alice.Id).Single().Id;

        Refusal(bob, new NodeCommand.EditMessage("@" + alice.Id, id, "yours")).ShouldContain("Somebody else");
        Refusal(bob, new NodeCommand.RecallMessage("@" + alice.Id, id)).ShouldContain("Somebody else");
        Refusal(bob, new NodeCommand.React("@" + alice.Id, id, "two words")).ShouldContain("no reaction");
        Refusal(bob, new NodeCommand.EditMessage("@" + alice.Id, "nonsense", "x"))
            .ShouldContain("no message");
        Refusal(bob, new NodeCommand.RecallMessage("#nowhere", id)).ShouldContain("no chat");
    }

    [Fact]
    public void A_recall_reaches_who_was_offline_and_nothing_is_left_in_any_file()
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        const string Secret = "the quick brown secret that was a mistake";
        alice.Say(bob, Secret);
        world.Run(Moment);
        var id = bob.History("@" + alice.Id).Single().Id;
        alice.Do(new NodeCommand.EditMessage("@" + bob.Id, id, Secret + " indeed"));
        world.Run(Moment);
        var payloads = new[] { alice, bob }.SelectMany(node => PayloadsOf(node)).ToList();
        payloads.Count.ShouldBe(4); // the message and its edit, at both
        // In the search cache as well
        Find(bob, "mistake").ShouldHaveSingleItem();
        bob.Crash();
        alice.Ask(new NodeCommand.RecallMessage("@" + bob.Id, id)).ShouldBeOfType<NodeReply.Changed>();
        alice.History("@" + bob.Id).Single().Recall.ShouldBe(new RecallSummary(1, 0));
        bob.Start();
        world.RunUntil(
            () => alice.History("@" + bob.Id).Single().Recall?.Confirmed == 1,
            TimeSpan.FromSeconds(30),
            "confirmed"
        );

        foreach (var node in new[] { alice, bob })
        {
            var message = node.History("@" + (node == alice ? bob : alice).Id).ShouldHaveSingleItem();
            message.Content.ShouldBe(MessageContent.Recalled);
            Find(node, "mistake").ShouldBeEmpty();
            foreach (var bytes in FilesOf(node))
            {
                foreach (var payload in payloads)
                {
                    bytes.AsSpan().IndexOf(payload.AsSpan(0, 48)).ShouldBe(-1);
                    bytes.AsSpan().IndexOf(payload.AsSpan(payload.Length - 48)).ShouldBe(-1);
                }

                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("mistake")).ShouldBe(-1);
            }
        }
    }

    [Fact]
    public void A_text_that_waits_for_a_key_is_edited_and_recalled_without_a_trace()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        alice.Join("bob");
        alice.Say("?bob", "first");
        alice.Say("?bob", "second");
        var waiting = alice.History("?bob");
        alice
            .Ask(new NodeCommand.EditMessage("?bob", waiting[0].Id, "better"))
            .ShouldBeOfType<NodeReply.Changed>();
        alice.Ask(new NodeCommand.RecallMessage("?bob", waiting[1].Id)).ShouldBeOfType<NodeReply.Done>();
        alice.Crash();
        alice.Start();

        alice.History("?bob").Select(message => message.Text).ShouldBe(["better"]);
    }

    [Fact]
    public void Read_receipts_are_off_until_switched_on_for_all_or_for_a_chat()
    {
        using var world = new EngineWorld(5);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "read this");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        var id = bob.History(chat).Single().Id;
        bob.Do(new NodeCommand.MarkRead(chat, id));
        world.Run(TimeSpan.FromSeconds(5));
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Delivered);

        bob.Ask(new NodeCommand.SetChatOption(ChatOption.ReadReceipts, On: true))
            .ShouldBeOfType<NodeReply.Settings>();
        bob.Ask(new NodeCommand.SetChatOption(ChatOption.ReadReceipts, On: false, chat))
            .ShouldBeOfType<NodeReply.Settings>()
            .All.ReadReceipts.ShouldBeFalse();
        bob.Do(new NodeCommand.MarkRead(chat, id));
        world.Run(TimeSpan.FromSeconds(5));
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Delivered);

        bob.Ask(new NodeCommand.SetChatOption(ChatOption.ReadReceipts, On: null, chat))
            .ShouldBeOfType<NodeReply.Settings>()
            .All.ReadReceipts.ShouldBeTrue();
        bob.Do(new NodeCommand.MarkRead(chat, id));
        world.Run(TimeSpan.FromSeconds(5));
        var message = alice.History("@" + bob.Id).Single();
        message.State.ShouldBe(DeliveryState.Read);
        message.ReadBy.ShouldBe(1);
        alice.Told<NodeEvent.MessageStateChanged>().ShouldContain(e => e.State == DeliveryState.Read);
    }

    [Fact]
    public void Typing_shows_where_it_is_switched_on_and_ends_by_itself()
    {
        using var world = new EngineWorld(6);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        alice.Do(new NodeCommand.SetTyping(chat, IsTyping: true));
        world.Run(Moment);
        bob.Told<NodeEvent.TypingChanged>().ShouldBeEmpty();

        alice.Do(new NodeCommand.SetChatOption(ChatOption.Typing, On: true, chat));
        alice.Do(new NodeCommand.SetTyping(chat, IsTyping: true));
        world.Run(Moment);
        bob.Told<NodeEvent.TypingChanged>().ShouldHaveSingleItem().IsTyping.ShouldBeTrue();
        world.Run(TimeSpan.FromSeconds(7));
        bob.Told<NodeEvent.TypingChanged>().Select(e => e.IsTyping).ShouldBe([true, false]);
        bob.IsConnectedTo(alice).ShouldBeTrue();
    }

    private static string Refusal(SimulatedNode node, NodeCommand command) =>
        node.Ask(command).ShouldBeOfType<NodeReply.Refused>().Text;

    private static ChatMessage[] Find(SimulatedNode node, string text) =>
        node.Ask(new NodeCommand.SearchMessages(text)).ShouldBeOfType<NodeReply.SearchResult>().Messages;

    private static List<byte[]> PayloadsOf(SimulatedNode node) =>
        [
            .. node
                .Store.Entries.ReadArrivals(0, long.MaxValue, 1000)
                .Where(entry => !entry.Payload.IsEmpty)
                .Select(entry => entry.Payload.ToArray()),
        ];

    private static IEnumerable<byte[]> FilesOf(SimulatedNode node)
    {
        var path = node.Store.Folder.DatabasePath;
        foreach (var file in new[] { path, path + "-wal" }.Where(File.Exists))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return bytes;
        }
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        return (alice, bob);
    }
}
