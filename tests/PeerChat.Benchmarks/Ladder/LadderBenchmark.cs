using System.Diagnostics;
using PeerChat.Node;

namespace PeerChat.Benchmarks.Ladder;

/// <summary><c>ladder</c>: how long two who have never met take to be connected by each rung alone, and what a rung costs an hour of idleness.</summary>
internal static class LadderBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs all parts and writes the report.</summary>
    public static async Task<int> RunAsync(LadderOptions options)
    {
        if (!File.Exists(options.Program))
        {
            Console.Error.WriteLine(
                $"There is no program {options.Program}; build it first, or name another with --program."
            );
            return 2;
        }

        using var scratch = new Scratch(Path.GetTempPath());
        var report = new Report();
        await using var server = await LadderService.StartPeerServerAsync(options.Program, scratch);
        await using var tracker = await LadderService.TryStartTrackerAsync(scratch);
        if (options.Rounds > 0)
        {
            await MeasureAsync("lan", [], options, scratch, report, JoinByNameAsync);
            await MeasureAsync("known", [], options, scratch, report, JoinByAddressAsync);
            await MeasureAsync("introduction", [], options, scratch, report, JoinRoomAsync);
            await MeasureAsync("peerserver", [server.Url], options, scratch, report, JoinByLinkAsync);
            if (tracker is not null)
            {
                await MeasureAsync("tracker", [tracker.Url], options, scratch, report, JoinByLinkAsync);
            }

            await MeasureAsync("codes", [], options, scratch, report, JoinByCodesAsync);
        }

        if (options.IdleSeconds > 0)
        {
            await IdleAsync("lan, two connected", "lan", [], options, scratch, report, JoinByNameAsync);
            await IdleAsync(
                "known, an absent contact",
                "known",
                [],
                options,
                scratch,
                report,
                AndLeaveAsync(JoinByAddressAsync)
            );
            await IdleAsync(
                "introduction, a room of three connected",
                "introduction",
                [],
                options,
                scratch,
                report,
                JoinRoomAsync
            );
            await IdleAsync(
                "peerserver, an absent contact",
                "peerserver",
                [server.Url],
                options,
                scratch,
                report,
                AndLeaveAsync(JoinByLinkAsync)
            );
            if (tracker is not null)
            {
                await IdleAsync(
                    "tracker, an absent contact",
                    "tracker",
                    [tracker.Url],
                    options,
                    scratch,
                    report,
                    AndLeaveAsync(JoinByLinkAsync)
                );
            }
        }

        report.Write(Console.Out, options.Json);
        return 0;
    }

    private static async Task MeasureAsync(
        string rung,
        string[] services,
        LadderOptions options,
        Scratch scratch,
        Report report,
        Func<LadderPair, Task<TimeSpan>> join
    )
    {
        if (!options.Measures(rung))
        {
            return;
        }

        Console.Error.WriteLine($"measuring {rung} …");
        var times = new Samples();
        for (var round = 0; round < options.Rounds; round++)
        {
            await using var pair = new LadderPair(rung, services, scratch, round);
            times.Add(await join(pair));
        }

        report.Add($"join by {rung}, median", times.Median, "ms", note: $"{times.Count} times");
        report.Add($"join by {rung}, worst", times.Percentile(100), "ms");
    }

    private static async Task<TimeSpan> JoinByNameAsync(LadderPair pair)
    {
        var from = Stopwatch.GetTimestamp();
        var guest = pair.StartGuest();
        await guest.AskAsync(new NodeCommand.JoinPeer(pair.HostName));
        return await pair.ConnectedAsync(from);
    }

    private static async Task<TimeSpan> JoinByAddressAsync(LadderPair pair)
    {
        var address = await pair.HostAddressAsync();
        var from = Stopwatch.GetTimestamp();
        var guest = pair.StartGuest();
        await guest.AskAsync(new NodeCommand.JoinPeer(pair.HostName, address));
        return await pair.ConnectedAsync(from);
    }

    private static async Task<TimeSpan> JoinByLinkAsync(LadderPair pair)
    {
        var invited = (NodeReply.Invited)await pair.Host.AskAsync(new NodeCommand.Invite());
        var from = Stopwatch.GetTimestamp();
        var guest = pair.StartGuest();
        await guest.AskAsync(new NodeCommand.JoinLink(invited.Link));
        return await pair.ConnectedAsync(from);
    }

    private static async Task<TimeSpan> JoinByCodesAsync(LadderPair pair)
    {
        var guest = pair.StartGuest();
        var offer = (NodeReply.PastedCode)await pair.Host.AskAsync(new NodeCommand.MakeOffer());
        var answer = (NodeReply.PastedCode)await guest.AskAsync(new NodeCommand.TakeCode(offer.Text));
        var from = Stopwatch.GetTimestamp();
        await pair.Host.AskAsync(new NodeCommand.TakeCode(answer.Text));
        return await pair.ConnectedAsync(from);
    }

    // The newcomer knows the address of one member; the other one it meets by that member
    private static async Task<TimeSpan> JoinRoomAsync(LadderPair pair)
    {
        var address = await pair.HostAddressAsync();
        var room = $"room-{pair.HostName}";
        await pair.Host.AskAsync(new NodeCommand.JoinRoom(room));
        var third = pair.StartThird();
        await third.AskAsync(new NodeCommand.JoinRoom(room, address));
        await LadderPair.ConnectedAsync(
            third,
            chat => chat.Connection == ConnectionState.Connected,
            Patience
        );
        var from = Stopwatch.GetTimestamp();
        var guest = pair.StartGuest();
        await guest.AskAsync(new NodeCommand.JoinRoom(room, address));
        await LadderPair.ConnectedAsync(
            guest,
            chat => chat.Members.Count(member => member is { Connected: true, IsSelf: false }) == 2,
            Patience
        );
        return Stopwatch.GetElapsedTime(from);
    }

    private static async Task IdleAsync(
        string what,
        string rung,
        string[] services,
        LadderOptions options,
        Scratch scratch,
        Report report,
        Func<LadderPair, Task<TimeSpan>> begin
    )
    {
        if (!options.Measures(rung))
        {
            return;
        }

        Console.Error.WriteLine($"measuring an idle {rung} for {options.IdleSeconds} s …");
        await using var pair = new LadderPair(rung, services, scratch, options.Rounds);
        await begin(pair);
        await Task.Delay(TimeSpan.FromSeconds(10)); // what meeting and parting cost is over
        var before = LoopbackBytes();
        await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds));
        report.Add(
            $"idle: {what}",
            (LoopbackBytes() - before) * 3600.0 / options.IdleSeconds / 1000,
            "kB/h",
            note: $"of IP, both ways, from {options.IdleSeconds} s"
        );
    }

    private static Func<LadderPair, Task<TimeSpan>> AndLeaveAsync(Func<LadderPair, Task<TimeSpan>> join) =>
        async pair =>
        {
            var time = await join(pair);
            await pair.StopGuestAsync();
            return time;
        };

    // /sys shows the interfaces of the namespace that it was mounted in, /proc those of the process
    private static long LoopbackBytes() =>
        long.Parse(
            File.ReadLines("/proc/self/net/dev")
                .First(line => line.TrimStart().StartsWith("lo:", StringComparison.Ordinal))
                .Split(':')[1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
}
