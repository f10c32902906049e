using PeerChat.Benchmarks.Files;
using PeerChat.Benchmarks.Ladder;
using PeerChat.Benchmarks.Link;
using PeerChat.Benchmarks.Peers;
using PeerChat.Benchmarks.Screens;

namespace PeerChat.Benchmarks;

/// <summary>The benchmarks, and the two helpers that they start as processes of their own.</summary>
internal static class Program
{
    private const string Usage = """
        usage: PeerChat.Benchmarks chat|faces|latency|sync|history [--json] [--program FILE] [--folder DIR] [--messages N]
               PeerChat.Benchmarks files [--only pair,holders,chat,small,pictures] [--megabytes N] [--json] [--program FILE] [--folder DIR]
               PeerChat.Benchmarks peers [--only NAME,...] [--json] [--rounds N] [--seconds N] [--opens N] [--path loopback|veth]
               PeerChat.Benchmarks screen [--only NAME,...] [--parts starts,idle,talk] [--json] [--program FILE] [--folder DIR] [--short]
               PeerChat.Benchmarks link [--json] [--rate MBIT] [--buffer MS] [--rtt MS] [--seconds N] [--rounds N]
               PeerChat.Benchmarks ladder [--only RUNG,…] [--json] [--rounds N] [--seconds N]

          chat            what a user feels
          faces           one node and the programs attached to it
          latency         a message beside a bare data channel and one fsync; 1 when it takes a millisecond more than both
          sync            a history between two fresh processes
          history         a long history on the disk: opening and searching it
          files           files between daemons, beside wormhole and scp; many holders, chat meanwhile, small files, pictures
          peers           our WebRTC stack beside others
          screen          the full screen beside weechat, irssi, profanity and toxic
          ladder          finding each other by each rung alone (20 rounds), and what a rung costs while nothing happens (100 s each)
          link            our WebRTC stack on a slow link: alone, beside a TCP CUBIC flow, and a chat line during bulk

          --json          one JSON object instead of a table
          --program FILE  the peerchat to measure; the one built beside the benchmarks when left out
          --folder DIR    where profiles are made; its disk is measured too
          --messages N    how long the history is; 10,000 and 100,000 (sync), 100,000 and 1,000,000 (history) when left out
          --megabytes N   how great the file of 'files' is, in MiB; 1,024 when left out
        """;

    // Not async and without anything of ours, so that "hello" is a bare start.
    private static int Main(string[] args)
    {
        if (args is ["hello"])
        {
            Console.Out.WriteLine("hello");
            return 0;
        }

        return Run(args);
    }

    private static int Run(string[] args)
    {
        switch (args)
        {
            case ["peer", var user, var profile, var join]:
                return EchoPeer
                    .RunAsync(user, profile, join.Length == 0 ? null : join)
                    .GetAwaiter()
                    .GetResult();
            case ["sync-peer", var user, var profile, var room, var count]:
                return SyncPeer.RunAsync(user, profile, room, int.Parse(count)).GetAwaiter().GetResult();
            case ["sync", .. var rest] when ChatOptions.TryParse(rest, out var options):
                return SyncBenchmark.RunAsync(options).GetAwaiter().GetResult();
            case ["history-peer", var user, var profile, var what, var count]:
                return HistoryPeer.RunAsync(user, profile, what, int.Parse(count)).GetAwaiter().GetResult();
            case ["history", .. var rest] when ChatOptions.TryParse(rest, out var options):
                return HistoryBenchmark.RunAsync(options).GetAwaiter().GetResult();
            case ["files", .. var rest] when FilesOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? FilesBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case ["chat", .. var rest] when ChatOptions.TryParse(rest, out var options):
                return ChatBenchmark.RunAsync(options).GetAwaiter().GetResult();
            case ["latency", .. var rest] when ChatOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? LatencyBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case ["faces", .. var rest] when ChatOptions.TryParse(rest, out var options):
                return FacesBenchmark.RunAsync(options).GetAwaiter().GetResult();
            case ["ladder", .. var rest] when LadderOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? LadderBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case ["peers", .. var rest] when PeersOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? PeersBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case ["screen", .. var rest] when ScreenOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? ScreenBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case [AloneScreen.Verb]:
                return AloneScreen.Run(null);
            case [AloneScreen.Verb, var socket]:
                return AloneScreen.Run(socket);
            case ["link", .. var rest] when LinkOptions.TryParse(rest, out var options):
                return PrivateNetwork.IsInside
                    ? LinkBenchmark.RunAsync(options).GetAwaiter().GetResult()
                    : PrivateNetwork.RunInside(args);
            case [StackDefinition.OwnPeerVerb, var address]:
                return OwnPeer.Run(address, usesOwnWays: false);
            case [StackDefinition.OwnPeerVerb, var address, OwnPeer.OwnWays]:
                return OwnPeer.Run(address, usesOwnWays: true);
            case [TcpFlow.SinkVerb, var address]:
                return TcpFlow.Sink(address);
            case [TcpFlow.SourceVerb, var address]:
                return TcpFlow.Source(address);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
