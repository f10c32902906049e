using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>How faces begin to listen, come back, and fall behind; on a real node.</summary>
public sealed class SubscriptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_face_is_told_everything_it_has_to_know_and_then_that_it_is_in_step()
    {
        await using var node = new LoopbackNode();
        var chat = await node.JoinNobody();
        var subscription = await node.Subscribe(null);
        var first = await LoopbackNode.ReadUntilInStep(subscription);

        subscription.Resumed.ShouldBeFalse();
        subscription.Run.ShouldBe(node.Node.Run);
        first[0].Event.ShouldBeOfType<NodeEvent.Ready>();
        first
            .Select(logged => logged.Event)
            .OfType<NodeEvent.ChatChanged>()
            .Single()
            .Chat.Chat.ShouldBe(chat);
        first[^1].Event.ShouldBe(new NodeEvent.InStep(Resumed: false));
        first.ShouldAllBe(logged => logged.Number == subscription.After);
    }

    [Fact]
    public async Task Who_comes_back_during_the_same_run_misses_nothing_and_gets_nothing_twice()
    {
        await using var node = new LoopbackNode();
        var chat = await node.JoinNobody();
        var before = await node.Subscribe(null);
        await LoopbackNode.ReadUntilInStep(before);
        for (var i = 0; i < 200; i++)
        {
            await node.Ask(new NodeCommand.SendText(chat, $"{i}"));
        }

        var again = await node.Subscribe(new Resume(before.Run, before.Cursor, 0));
        var missed = await LoopbackNode.ReadUntilInStep(again);

        again.Resumed.ShouldBeTrue();
        missed[^1].Event.ShouldBe(new NodeEvent.InStep(Resumed: true));
        Texts(missed).ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i}"));
        missed
            .SkipLast(1)
            .Select(logged => logged.Number)
            .ShouldBe(Enumerable.Range(1, missed.Count - 1).Select(i => before.Cursor + i));
        await node.Ask(new NodeCommand.SendText(chat, "new"));
        Texts(await LoopbackNode.ReadBatch(again)).ShouldContain("new");
    }

    [Fact]
    public async Task Who_comes_back_to_another_run_gets_a_snapshot()
    {
        await using var node = new LoopbackNode();
        await node.JoinNobody();
        var before = await node.Subscribe(null);
        await LoopbackNode.ReadUntilInStep(before);
        await node.Restart();

        var again = await node.Subscribe(new Resume(before.Run, before.Cursor, 0));
        again.Resumed.ShouldBeFalse();
        again.Run.ShouldNotBe(before.Run);
        (await LoopbackNode.ReadUntilInStep(again))[0].Event.ShouldBeOfType<NodeEvent.Ready>();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task A_number_that_was_never_given_gets_a_snapshot(long after)
    {
        await using var node = new LoopbackNode();
        var subscription = await node.Subscribe(new Resume(node.Node.Run, after));
        subscription.Resumed.ShouldBeFalse();
        (await LoopbackNode.ReadUntilInStep(subscription))[0].Event.ShouldBeOfType<NodeEvent.Ready>();
    }

    [Fact]
    public async Task Who_falls_behind_is_told_what_is_lost_and_starts_anew()
    {
        await using var node = new LoopbackNode();
        var slow = await node.Subscribe(null);
        await LoopbackNode.ReadUntilInStep(slow);
        var cursor = slow.Cursor;
        for (var i = 0; i <= EventLog.MaxEvents; i++)
        {
            node.Node.Tell(new NodeEvent.Notice(null, NoticeCode.Information, $"{i}"));
        }

        await node.Ask(new NodeCommand.GetStatus());
        var lost = (await slow.ReadAsync(Token)).ShouldBeOfType<LogRead.Lost>();
        lost.From.ShouldBe(cursor + 1);
        lost.To.ShouldBe(node.Node.Log.Last - EventLog.MaxEvents);

        var anew = await node.Subscribe(new Resume(slow.Run, slow.Cursor));
        anew.Resumed.ShouldBeFalse();
        await LoopbackNode.ReadUntilInStep(anew);
    }

    [Fact]
    public async Task A_hundred_faces_that_read_at_different_speeds_cost_no_more_than_one()
    {
        const int Rounds = 20_000;
        await using var node = new LoopbackNode();
        var faces = new List<(Task<long> Read, int Pace)>();
        for (var i = 0; i < 100; i++)
        {
            faces.Add((ReadAll(await node.Subscribe(null), node, pace: i), i));
        }

        for (var i = 0; i < Rounds; i++)
        {
            node.Node.Tell(new NodeEvent.Notice(null, NoticeCode.Information, new string('x', 500) + i));
            if (i % 1_000 == 0)
            {
                await node.Ask(new NodeCommand.GetStatus());
                node.Node.Log.Bytes.ShouldBeLessThanOrEqualTo(EventLog.MaxBytes);
            }
        }

        await node.Node.DisposeAsync();
        foreach (var (read, pace) in faces)
        {
            // Some lost a part, some perhaps none, and nobody waits for ever.
            (await read.WaitAsync(LoopbackNode.Patience, Token)).ShouldBeLessThanOrEqualTo(
                Rounds,
                $"face {pace}"
            );
        }
    }

    [Fact]
    public async Task The_stream_ends_after_the_last_word_of_the_node()
    {
        await using var node = new LoopbackNode();
        var subscription = await node.Subscribe(null);
        await LoopbackNode.ReadUntilInStep(subscription);
        await node.Node.DisposeAsync();

        var last = new List<NodeEvent>();
        while (await subscription.ReadAsync(Token) is LogRead.Batch batch)
        {
            last.AddRange(batch.Events.Select(logged => logged.Event));
        }

        last[^1].ShouldBe(new NodeEvent.Stopped(null));
        await Should.ThrowAsync<NodeGoneException>(() => node.Subscribe(null));
    }

    /// <summary>Reads until the node ends, after every batch letting others go first; returns how many events it was not given.</summary>
    private static async Task<long> ReadAll(Subscription subscription, LoopbackNode node, int pace)
    {
        var lost = 0L;
        while (true)
        {
            switch (await subscription.ReadAsync(Token))
            {
                case LogRead.Batch batch:
                    batch.Events.ShouldAllBe(logged => logged.Json().Length > 0);
                    for (var i = 0; i < pace; i++)
                    {
                        await Task.Yield();
                    }

                    break;
                case LogRead.Lost gap:
                    lost += gap.To - gap.From + 1;
                    try
                    {
                        subscription = await node.Subscribe(new Resume(subscription.Run, gap.To));
                    }
                    catch (NodeGoneException)
                    {
                        return lost;
                    }

                    break;
                default:
                    return lost;
            }
        }
    }

    private static IEnumerable<string> Texts(IEnumerable<LoggedEvent> events) =>
        events
            .Select(logged => logged.Event)
            .OfType<NodeEvent.MessageShown>()
            .Select(shown => shown.Message.Text);
}
