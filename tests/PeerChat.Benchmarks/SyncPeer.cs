using System.Diagnostics;
using PeerChat.Node;

namespace PeerChat.Benchmarks;

/// <summary>One side of a sync, in a process of its own: fills a room, or waits until it has all of it.</summary>
/// <remarks>
/// Lines out: <c>ready</c>, <c>wrote</c> with how many seconds it took in milliseconds, <c>connected</c>, <c>page</c> when the
/// newest messages can be read, and <c>all</c>, each with a point of the machine's monotonic clock. The end of input ends it.
/// </remarks>
internal static class SyncPeer
{
    // The last message in the room's order says this; it arrives when everything before it has.
    private const string Last = "last";
    private const int Batch = 500;
    private const int Page = 50;

    /// <summary>Runs until its input ends; writes so many messages first.</summary>
    public static async Task<int> RunAsync(string user, string profile, string room, int count)
    {
        await using var node = PeerChatNode.Start(
            new NodeOptions
            {
                User = user,
                ProfileDirectory = profile,
                Interfaces = ["loopback"],
                Announce = AnnouncePolicy.Always,
                ReleaseOutboxUnasked = true,
            }
        );
        node.Post(new NodeCommand.JoinRoom(room));
        var listening = Task.Run(() => ListenAsync(node, "#" + room, count));
        while (await Console.In.ReadLineAsync() is not null) { }

        node.Post(new NodeCommand.StopNode());
        await listening;
        return 0;
    }

    private static async Task ListenAsync(PeerChatNode node, string chat, int count)
    {
        var (written, started, isConnected, hasPage) = (0, 0L, false, false);
        await foreach (var happened in node.Events.ReadAllAsync())
        {
            var now = Stopwatch.GetTimestamp();
            switch (happened)
            {
                case NodeEvent.Ready:
                    Console.Out.WriteLine($"ready {now}");
                    started = now;
                    WriteBatch(node, chat, written, count);
                    break;
                case NodeEvent.ChatChanged { Chat: { Connection: ConnectionState.Connected } changed }
                    when changed.Chat == chat && !isConnected:
                    isConnected = true;
                    Console.Out.WriteLine($"connected {now}");
                    break;
                case NodeEvent.MessageShown { Message: { IsOwn: true } } when count > 0:
                    if (++written == count)
                    {
                        Console.Out.WriteLine($"wrote {now - started}");
                    }
                    else if (written % Batch == 0)
                    {
                        WriteBatch(node, chat, written, count);
                    }

                    break;
                case NodeEvent.HistoryChanged when count == 0 && !hasPage:
                    hasPage =
                        await node.AskAsync(new NodeCommand.LoadHistory(chat, Page))
                            is NodeReply.History { Messages: [.., { Text: Last }] };
                    if (hasPage)
                    {
                        Console.Out.WriteLine($"page {Stopwatch.GetTimestamp()}");
                    }

                    break;
                case NodeEvent.MessageShown { Message: { IsOwn: false, Text: Last } }:
                    Console.Out.WriteLine($"all {now}");
                    break;
                default:
                    break;
            }
        }
    }

    // In batches, so that what is told of them is read before more is.
    private static void WriteBatch(PeerChatNode node, string chat, int from, int count)
    {
        for (var i = from; i < Math.Min(from + Batch, count); i++)
        {
            var text = i == count - 1 ? Last : $"message {i} of the history, as long as people write";
            node.Post(new NodeCommand.SendText(chat, text));
        }
    }
}
