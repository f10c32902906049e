using System.Globalization;

namespace PeerChat.Benchmarks;

/// <summary>A daemon to which eight people are connected, who say nothing.</summary>
/// <remarks>
/// The traffic is all that goes over loopback, questions to the local network and the people's own included: in a network namespace of its
/// own that is theirs alone.
/// </remarks>
internal static class IdlePeersMeasure
{
    private const int People = 8;

    /// <summary>The most that an idle program may take of a core, in percent.</summary>
    private const double MaxShare = 1;

    /// <summary>The most bytes a minute for each person, both ways together.</summary>
    private const double MaxTraffic = 10_000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(120);

    /// <summary>Lets eight people write to the daemon once, and watches it when they have been silent for a minute.</summary>
    public static async Task RunAsync(ChatOptions options, Scratch scratch, Daemon daemon, Report report)
    {
        var people = new List<Daemon>();
        try
        {
            for (var i = 1; i <= People; i++)
            {
                var person = await Daemon.StartAsync(options, scratch, $"p{i}");
                people.Add(person);
                await ProgramRun.TimeAsync(
                    options.Program,
                    person.Home,
                    [
                        "send",
                        "--profile",
                        person.Home,
                        "--to",
                        daemon.User,
                        "--wait",
                        "delivered",
                        "--json",
                        "hello",
                    ]
                );
            }

            await Task.Delay(Settling);
            var (ticks, bytes) = (ProgramRun.CpuTicks(daemon.Id), LoopbackBytes());
            await Task.Delay(Watched);
            report.Add(
                $"{People} silent people: processor time",
                (ProgramRun.CpuTicks(daemon.Id) - ticks) / Watched.TotalSeconds,
                "% of a core",
                MaxShare,
                $"in {Watched.TotalSeconds:0} s"
            );
            report.Add(
                $"{People} silent people: traffic of each",
                (LoopbackBytes() - bytes) / People / Watched.TotalMinutes,
                "bytes a minute",
                MaxTraffic,
                "both ways, headers of IP too"
            );
            report.Add(
                $"{People} silent people: resident memory",
                ProgramRun.ResidentMegabytes(daemon.Id),
                "MB"
            );
        }
        finally
        {
            foreach (var person in people)
            {
                await person.DisposeAsync();
            }
        }
    }

    // What came in at the loopback interface of this namespace, which is the same as went out, proc(5); /sys may show another one's
    private static double LoopbackBytes()
    {
        const string Name = "lo:";
        return OperatingSystem.IsLinux()
            ? double.Parse(
                File.ReadLines("/proc/net/dev")
                    .Select(line => line.TrimStart())
                    .First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                CultureInfo.InvariantCulture
            )
            : double.NaN;
    }
}
