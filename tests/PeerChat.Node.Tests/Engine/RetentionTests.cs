using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Keeping a chat for a time only, in a whole node with its files.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private const long Day = 86_400;

    [Fact]
    public void Nothing_is_deleted_before_it_is_confirmed_and_the_answer_says_how_much()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        alice.Say(bob, "hello");
        world.Run(Moment);
        var chat = "@" + alice.Id;
        Later(world, alice, bob, TimeSpan.FromDays(8));

        Set(bob, chat, 7 * Day).ShouldBe(new NodeReply.Retention(chat, 7 * Day, 1, NeedsConfirmation: true));
        bob.History(chat).ShouldHaveSingleItem().Text.ShouldBe("hello");
        Get(bob, chat).KeepSeconds.ShouldBeNull();

        Set(bob, chat, 7 * Day, confirmed: true).NeedsConfirmation.ShouldBeFalse();
        world.Run(Moment);
        bob.History(chat).ShouldBeEmpty();
        alice.History("@" + bob.Id).ShouldHaveSingleItem();
        Get(bob, chat).KeepSeconds.ShouldBe(7 * Day);
        bob.Told<NodeEvent.HistoryChanged>().ShouldContain(e => e.Chat == chat);

        // And off again
        bob.Ask(new NodeCommand.SetRetention(chat, null)).ShouldBeOfType<NodeReply.Retention>();
        Get(bob, chat).KeepSeconds.ShouldBeNull();
    }

    [Fact]
    public void What_is_deleted_is_in_no_file_any_more_nor_what_was_derived_from_it()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        var chat = "@" + bob.Id;
        const string Secret = "the combination is 4711";
        alice.Do(new NodeCommand.RememberInput(chat, Secret));
        alice.Say(bob, Secret);
        for (var i = 0; i < 520; i++)
        {
            bob.Do(new NodeCommand.SendText("@" + alice.Id, $"line {i}")); // more than a page of the search cache
        }

        world.Run(TimeSpan.FromSeconds(10));
        Find(alice, "4711").ShouldHaveSingleItem();
        var sought = Sealed(alice);
        sought.Count.ShouldBeGreaterThan(521);
        Contains(alice, sought[0]).ShouldBeTrue();
        Later(world, alice, bob, TimeSpan.FromDays(2));

        Set(alice, chat, Day, confirmed: true);
        world.Run(Moment);
        world.RunUntil(
            () => alice.History(chat).Count == 0,
            TimeSpan.FromSeconds(10),
            "everything was deleted"
        );
        world.Run(Moment);
        Find(alice, "4711").ShouldBeEmpty();
        Find(alice, "line").ShouldBeEmpty();
        foreach (var bytes in sought)
        {
            Contains(alice, bytes).ShouldBeFalse();
        }

        bob.History("@" + alice.Id).Count.ShouldBe(521);
    }

    [Theory]
    [InlineData(9)]
    [InlineData((36_500 * Day) + 1)]
    [InlineData(-1)]
    public void A_time_out_of_range_is_refused(long seconds)
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        alice
            .Ask(new NodeCommand.SetRetention("@" + bob.Id, seconds))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("can be kept for");
    }

    private static NodeReply.Retention Set(
        SimulatedNode node,
        string chat,
        long keep,
        bool confirmed = false
    ) => node.Ask(new NodeCommand.SetRetention(chat, keep, confirmed)).ShouldBeOfType<NodeReply.Retention>();

    private static NodeReply.Retention Get(SimulatedNode node, string chat) =>
        node.Ask(new NodeCommand.GetRetention(chat)).ShouldBeOfType<NodeReply.Retention>();

    private static ChatMessage[] Find(SimulatedNode node, string text) =>
        node.Ask(new NodeCommand.SearchMessages(text)).ShouldBeOfType<NodeReply.SearchResult>().Messages;

    // Everything that holds the text, as it lies on the disk: payloads, pages of the search cache, lines entered
    private static List<byte[]> Sealed(SimulatedNode node) =>
        [
            .. node
                .Store.Entries.ReadArrivals(0, long.MaxValue, 10_000)
                .Select(entry => entry.Payload.ToArray()),
            .. node.Store.Database.Read(
                "SELECT sealed FROM search_pages UNION ALL SELECT sealed FROM input_lines",
                row => row.GetBytes(0)
            ),
        ];

    private static bool Contains(SimulatedNode node, byte[] sought)
    {
        var path = node.Store.Folder.DatabasePath;
        foreach (var file in new[] { path, path + "-wal" }.Where(File.Exists))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var part = sought.AsSpan(sought.Length - Math.Min(48, sought.Length));
            if (
                bytes.AsSpan().IndexOf(part) >= 0
                || bytes.AsSpan().IndexOf(sought.AsSpan(0, part.Length)) >= 0
            )
            {
                return true;
            }
        }

        return false;
    }

    private static void Later(EngineWorld world, SimulatedNode one, SimulatedNode other, TimeSpan time)
    {
        one.Stop();
        other.Stop();
        world.Run(TimeSpan.FromSeconds(5));
        world.WallStart += time;
        one.Start();
        other.Start();
        world.Run(TimeSpan.FromSeconds(5));
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        return (alice, bob);
    }
}
