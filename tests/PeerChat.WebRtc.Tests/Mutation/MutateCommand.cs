using System.Globalization;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary><c>mutate --count N [--seed S]</c>: as many mutated inputs as wanted, with a line for each tenth.</summary>
internal static class MutateCommand
{
    /// <summary>Runs it; 0 when nothing threw.</summary>
    public static int Run(string[] options)
    {
        if (!TryRead(options, out var count, out var seed))
        {
            Console.Error.WriteLine("usage: mutate --count N [--seed S]");
            return 2;
        }

        using var run = new MutationRun(seed);
        var tenth = Math.Max(1, count / 10);
        while (run.Count < count)
        {
            run.Run(Math.Min(tenth, count - run.Count));
            var memory = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
            Say($"{run.Count} inputs, {run.Time.TotalSeconds:F1} s in the targets, {memory:F1} MB managed");
        }

        foreach (var (target, inputs) in run.Counts.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            Say($"{inputs, 12} {target} ({run.Understood[target]} times understood)");
        }

        Say(
            $"{run.Count} mutated inputs with seed {seed}: no exception; the slowest took {run.Slowest.Time.TotalMilliseconds:F1} ms ({run.Slowest.Target}), the mean {run.Time.TotalMicroseconds / run.Count:F1} µs; at most {run.MostSent} datagrams for one"
        );
        return run.MostSent <= MutationRun.MaxSentPerInput ? 0 : 1;
    }

    private static void Say(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static bool TryRead(string[] options, out long count, out int seed)
    {
        (count, seed) = (0, 1);
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            var isRead = options[i] switch
            {
                "--count" => long.TryParse(options[i + 1], CultureInfo.InvariantCulture, out count),
                "--seed" => int.TryParse(options[i + 1], CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }
        }

        return count > 0 && options.Length % 2 == 0;
    }
}
