using System.Globalization;
using System.Text.Json;

namespace PeerChat.Simulation.Swarm;

/// <summary>The command line: one run, or so many seeds from one on.</summary>
internal static class SwarmCommand
{
    private const string Usage = "usage: PeerChat.Simulation [--peers N] [--seed S] [--seeds N] [--json]";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs it; 0 when every claim holds, 1 when one fails, 2 when it is not understood.</summary>
    public static int Run(string[] args)
    {
        var (peers, seed, seeds, json) = (1000, 1, 1, false);
        for (var i = 0; i < args.Length; i++)
        {
            var hasNumber = int.TryParse(
                args.ElementAtOrDefault(i + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            );
            switch (args[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--peers" when hasNumber && number >= 2:
                    (peers, i) = (number, i + 1);
                    break;
                case "--seed" when hasNumber:
                    (seed, i) = (number, i + 1);
                    break;
                case "--seeds" when hasNumber && number >= 1:
                    (seeds, i) = (number, i + 1);
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        var failed = 0;
        for (var end = seed + seeds; seed < end; seed++)
        {
            var report = SwarmRun.Run(new SwarmOptions(peers, seed));
            if (seeds == 1 || report.Failures.Count > 0)
            {
                Console.WriteLine(json ? JsonSerializer.Serialize(report, Json) : report.ToString());
            }

            foreach (var failure in report.Failures)
            {
                Console.Error.WriteLine($"seed {report.Seed}: does not hold: {failure}");
            }

            failed += report.Failures.Count > 0 ? 1 : 0;
        }

        if (seeds > 1)
        {
            Console.WriteLine($"{seeds - failed} of {seeds} seeds hold");
        }

        return failed == 0 ? 0 : 1;
    }
}
