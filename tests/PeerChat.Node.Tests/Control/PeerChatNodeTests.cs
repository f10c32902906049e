using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>Asking and posting at a real node.</summary>
public sealed class PeerChatNodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_comes_when_what_it_says_is_on_disk_and_told()
    {
        await using var node = new LoopbackNode();
        var chat = await node.JoinNobody();
        var before = node.Node.Log.Last;
        var reply = await node.Ask(new NodeCommand.SendText(chat, "hello", "ref"));
        var told = node.Node.Log.TryRead(before, 100, out var read);

        var message = reply.ShouldBeOfType<NodeReply.Accepted>().Message;
        told.ShouldBeTrue();
        ((LogRead.Batch)read!)
            .Events.Select(logged => logged.Event)
            .ShouldContain(new NodeEvent.MessageShown(message, "ref"));
        Thread.CurrentThread.Name.ShouldNotBe("peerchat-loop");
    }

    [Fact]
    public async Task A_text_that_was_asked_for_twice_is_there_once_also_in_the_next_run()
    {
        await using var node = new LoopbackNode();
        var chat = await node.JoinNobody();
        var first = await node.Ask(new NodeCommand.SendText(chat, "once", "ref"));
        (await node.Ask(new NodeCommand.SendText(chat, "once", "ref"))).ShouldBe(first);
        await node.Restart();

        (await node.Ask(new NodeCommand.SendText(chat, "once", "ref"))).ShouldBe(first);
        var history = await node.Ask(new NodeCommand.LoadHistory(chat, 10));
        history.ShouldBeOfType<NodeReply.History>().Messages.Select(one => one.Text).ShouldBe(["once"]);
    }

    [Fact]
    public async Task Who_asks_a_node_that_has_ended_is_told_so_with_a_sentence()
    {
        await using var node = new LoopbackNode();
        await node.Node.DisposeAsync();
        var gone = await Should.ThrowAsync<NodeGoneException>(() => node.Ask(new NodeCommand.GetStatus()));
        gone.Message.ShouldContain("start PeerChat again");
    }

    [Fact]
    public async Task Everybody_who_waits_gets_a_reply_or_learns_that_the_node_is_gone()
    {
        await using var node = new LoopbackNode();
        var asked = new List<Task<NodeReply>>();
        var asking = Task.Run(
            () =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    asked.Add(node.Ask(new NodeCommand.GetStatus()));
                }
            },
            Token
        );
        await node.Node.DisposeAsync();
        await asking;

        foreach (var one in asked)
        {
            try
            {
                (await one.WaitAsync(LoopbackNode.Patience, Token)).ShouldBeOfType<NodeReply.Status>();
            }
            catch (NodeGoneException)
            {
                // as good
            }
        }
    }

    [Fact]
    public async Task What_is_posted_is_answered_on_ones_own_events_alone()
    {
        await using var node = new LoopbackNode();
        var other = await node.Subscribe(null);
        var events = node.Node.Events;
        (await events.ReadAsync(Token)).ShouldBeOfType<NodeEvent.Ready>();
        var chat = await node.JoinNobody();
        node.Node.Post(new NodeCommand.SendText(chat, "hello"));
        node.Node.Post(new NodeCommand.LoadHistory(chat, 10));
        node.Node.Post(new NodeCommand.SendText("#nowhere", "hello"));
        node.Node.Post(new NodeCommand.JoinPeer("bad\0name"));
        node.Node.Post(new NodeCommand.StopNode());

        var own = new List<NodeEvent>();
        await foreach (var happened in events.ReadAllAsync(Token))
        {
            own.Add(happened);
        }

        var shown = own.FindIndex(happened => happened is NodeEvent.MessageShown);
        var page = own.FindIndex(happened => happened is NodeEvent.HistoryLoaded);
        shown.ShouldBeGreaterThanOrEqualTo(0);
        page.ShouldBeGreaterThan(shown); // what the page holds was told before
        ((NodeEvent.HistoryLoaded)own[page]).Messages.Single().Text.ShouldBe("hello");
        own.OfType<NodeEvent.Notice>().Single().Text.ShouldContain("#nowhere");
        own.OfType<NodeEvent.JoinFailed>().Single().Target.ShouldBe("bad\0name");
        own[^1].ShouldBeOfType<NodeEvent.Stopped>();
        own.OfType<NodeEvent.InStep>().ShouldBeEmpty();

        var others = new List<NodeEvent>();
        while (await other.ReadAsync(Token) is LogRead.Batch batch)
        {
            others.AddRange(batch.Events.Select(logged => logged.Event));
        }

        others
            .Where(happened =>
                happened is NodeEvent.HistoryLoaded or NodeEvent.JoinFailed or NodeEvent.Notice
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_that_nobody_reads_for_long_are_followed_by_a_snapshot()
    {
        await using var node = new LoopbackNode();
        var events = node.Node.Events;
        for (var i = 0; i < 3 * EventLog.MaxEvents; i++)
        {
            node.Node.Tell(new NodeEvent.Notice(null, NoticeCode.Information, $"{i}"));
        }

        await node.Ask(new NodeCommand.StopNode());
        var read = new List<NodeEvent>();
        await foreach (var happened in events.ReadAllAsync(Token))
        {
            read.Add(happened);
        }

        read.Count.ShouldBeLessThan(2 * EventLog.MaxEvents);
        read[^1].ShouldBeOfType<NodeEvent.Stopped>();
    }

    [Fact]
    public async Task The_status_tells_of_the_node_and_its_faces()
    {
        await using var node = new LoopbackNode();
        using var face = node.Node.Faces.Add(new FaceSummary("my-bot", 7, 8));
        var status = (await node.Ask(new NodeCommand.GetStatus())).ShouldBeOfType<NodeReply.Status>().Node;

        status.Faces.ShouldBe([new FaceSummary("my-bot", 7, 8)]);
        status.ProcessId.ShouldBe(Environment.ProcessId);
        status.Interfaces.ShouldContain("lo");
        status.Port.ShouldBeGreaterThan(0);
        status.Version.ShouldNotBeEmpty();
        status.AnnouncesName.ShouldBe(true);
        Directory.Exists(status.Profile).ShouldBeTrue();
    }
}
