using System.Diagnostics;
using PeerChat.Node;

namespace PeerChat.Benchmarks;

/// <summary>Messages to and fro between this process and another, each durable at both ends before it counts.</summary>
internal static class LatencyMeasure
{
    private const int WarmUp = 100;
    private const int Messages = 1000;
    private const int Burst = 1000;
    private const string BurstReference = "burst-";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>Measures one by one, and then many at once if wanted; the middle way of one message in milliseconds.</summary>
    public static async Task<double> RunAsync(Scratch scratch, Report report, bool withBurst = true)
    {
        await using var peer = PeerProcess.Start(Names.Of("bert"), scratch.Fresh("bert"));
        await peer.NextAsync("ready");
        await using var node = PeerChatNode.Start(
            new NodeOptions
            {
                User = Names.Of("anna"),
                ProfileDirectory = scratch.Fresh("anna"),
                Interfaces = ["loopback"],
                Announce = AnnouncePolicy.Always,
                ReleaseOutboxUnasked = true,
            }
        );
        node.Post(new NodeCommand.JoinPeer(Names.Of("bert")));
        using var patience = new CancellationTokenSource(Limit * 2);
        var chat = await ConnectAsync(node, patience.Token);
        var median = await PingAsync(node, peer, chat, report, patience.Token);
        report.Add("resident memory of the peer after that", ProgramRun.ResidentMegabytes(peer.Id), "MB");
        if (withBurst)
        {
            await BurstAsync(node, chat, report, patience.Token);
        }

        return median;
    }

    private static async Task<string> ConnectAsync(PeerChatNode node, CancellationToken cancellation)
    {
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            if (happened is NodeEvent.ChatChanged { Chat: { Connection: ConnectionState.Connected } chat })
            {
                return chat.Chat;
            }
        }

        throw new InvalidOperationException("The node ended before it was connected.");
    }

    private static async Task<double> PingAsync(
        PeerChatNode node,
        PeerProcess peer,
        string chat,
        Report report,
        CancellationToken cancellation
    )
    {
        var (oneWay, answers, roundTrip, delivered) = (
            new Samples(),
            new Samples(),
            new Samples(),
            new Samples()
        );
        var sentAt = new Dictionary<string, long>(StringComparer.Ordinal);
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        var sent = 0L;
        var (isAnswered, isDelivered) = (false, false);
        Send();
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            var now = Stopwatch.GetTimestamp();
            switch (happened)
            {
                case NodeEvent.MessageShown { Message: { IsOwn: true } own }:
                    sentAt[own.Id] = sent;
                    break;
                case NodeEvent.MessageReplaced { Message: { IsOwn: true } first }:
                    sentAt[first.Id] = sent; // it had waited for the other's keys
                    break;
                case NodeEvent.MessageStateChanged { State: DeliveryState.Delivered } changed
                    when sentAt.Remove(changed.Message, out var then):
                    if (count > WarmUp)
                    {
                        delivered.Add(Stopwatch.GetElapsedTime(then, now));
                    }

                    isDelivered = true;
                    Go();
                    break;
                case NodeEvent.MessageShown { Message: { IsOwn: false } answer }:
                    var there = await peer.NextAsync("got");
                    if (++count > WarmUp)
                    {
                        oneWay.Add(Stopwatch.GetElapsedTime(there[1], there[0]));
                        answers.Add(
                            Stopwatch.GetElapsedTime(long.Parse(answer.Text[EchoPeer.Pong.Length..]), now)
                        );
                        roundTrip.Add(Stopwatch.GetElapsedTime(sent, now));
                    }

                    if (count == WarmUp + Messages || Stopwatch.GetElapsedTime(started) > Limit)
                    {
                        report.Add(
                            "message, posted to shown at the other process",
                            oneWay,
                            "ms",
                            "each after the one before it was delivered"
                        );
                        report.Add(
                            "an answer given at once, posted to shown",
                            answers,
                            "ms",
                            "waits until what it answers is durable"
                        );
                        report.Add("message and its answer", roundTrip, "ms");
                        report.Add(
                            "message, posted to known as delivered",
                            delivered,
                            "ms",
                            "statements at most every 50 ms"
                        );
                        return oneWay.Median;
                    }

                    isAnswered = true;
                    Go();
                    break;
                default:
                    break;
            }
        }

        throw new InvalidOperationException("The node ended before all messages were answered.");

        // One by one, when neither node has anything left to do for the one before
        void Go()
        {
            if (isAnswered && isDelivered)
            {
                Send();
            }
        }

        void Send()
        {
            (isAnswered, isDelivered) = (false, false);
            sent = Stopwatch.GetTimestamp();
            node.Post(new NodeCommand.SendText(chat, EchoPeer.Ping + sent));
        }
    }

    private static async Task BurstAsync(
        PeerChatNode node,
        string chat,
        Report report,
        CancellationToken cancellation
    )
    {
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        var shown = 0;
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < Burst; i++)
        {
            node.Post(new NodeCommand.SendText(chat, $"burst {i}", BurstReference + i)); // one each: a reference is sent once
        }

        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            if (
                happened is NodeEvent.MessageShown { Reference: { } reference } own
                && reference.StartsWith(BurstReference, StringComparison.Ordinal)
            )
            {
                shown++;
                waiting.Add(own.Message.Id);
            }
            else if (happened is NodeEvent.MessageStateChanged { State: DeliveryState.Delivered } changed)
            {
                waiting.Remove(changed.Message);
            }

            if (shown == Burst && waiting.Count == 0)
            {
                break;
            }
        }

        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        report.Add($"{Burst:N0} messages at once, until all are delivered", seconds * 1000, "ms");
        report.Add("that is", Burst / seconds, "a second");
    }
}
