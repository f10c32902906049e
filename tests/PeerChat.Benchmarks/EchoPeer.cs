using System.Diagnostics;
using PeerChat.Node;

namespace PeerChat.Benchmarks;

/// <summary>The other side, in a process of its own: accepts everybody, answers pings, says what it is told.</summary>
/// <remarks>
/// Lines out: <c>ready</c>, <c>connected</c> and <c>got</c>, each with a point of the machine's monotonic clock, which all processes
/// share; <c>got</c> has the moment at which the message was sent behind it. A line in is said in every connected chat; the end of input ends it.
/// </remarks>
internal static class EchoPeer
{
    /// <summary>What a message begins with that asks for an answer; the moment of sending follows.</summary>
    public const string Ping = "ping ";

    /// <summary>What the answer begins with.</summary>
    public const string Pong = "pong ";

    /// <summary>Runs until its input ends.</summary>
    public static async Task<int> RunAsync(string user, string profile, string? join)
    {
        await using var node = PeerChatNode.Start(
            new NodeOptions
            {
                User = user,
                ProfileDirectory = profile,
                Interfaces = ["loopback"],
                Announce = AnnouncePolicy.Always,
                AcceptAny = true,
                ReleaseOutboxUnasked = true,
            }
        );
        if (join is not null)
        {
            node.Post(new NodeCommand.JoinPeer(join));
        }

        var connected = new HashSet<string>(StringComparer.Ordinal);
        var listening = Task.Run(() => ListenAsync(node, connected));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            lock (connected)
            {
                foreach (var chat in connected)
                {
                    node.Post(new NodeCommand.SendText(chat, line));
                }
            }
        }

        node.Post(new NodeCommand.StopNode());
        await listening;
        return 0;
    }

    private static async Task ListenAsync(PeerChatNode node, HashSet<string> connected)
    {
        await foreach (var happened in node.Events.ReadAllAsync())
        {
            var now = Stopwatch.GetTimestamp();
            switch (happened)
            {
                case NodeEvent.Ready:
                    Console.Out.WriteLine($"ready {now}");
                    break;
                case NodeEvent.ChatChanged { Chat: { Connection: ConnectionState.Connected } chat }:
                    lock (connected)
                    {
                        if (connected.Add(chat.Chat))
                        {
                            Console.Out.WriteLine($"connected {now}");
                        }
                    }

                    break;
                case NodeEvent.ChatChanged changed:
                    lock (connected)
                    {
                        connected.Remove(changed.Chat.Chat);
                    }

                    break;
                case NodeEvent.MessageShown { Message: { IsOwn: false } message }
                    when message.Text.StartsWith(Ping, StringComparison.Ordinal):
                    node.Post(new NodeCommand.SendText(message.Chat, Pong + now));
                    Console.Out.WriteLine($"got {now} {message.Text[Ping.Length..]}");
                    break;
                default:
                    break;
            }
        }
    }
}
