using System.Globalization;

namespace PeerChat.Node.Tests.Engine;

/// <summary>
/// Which seeds a scenario runs with. PEERCHAT_TEST_SEEDS=N runs N times as many, the further ones from 1,000 on, for a long
/// search by night.
/// </summary>
internal static class Seeds
{
    private static readonly int Factor = int.TryParse(
        Environment.GetEnvironmentVariable("PEERCHAT_TEST_SEEDS"),
        CultureInfo.InvariantCulture,
        out var factor
    )
        ? factor
        : 1;

    public static IEnumerable<int> From(int first, int count) =>
        Enumerable.Range(first, count).Concat(Enumerable.Range(1_000 + first * 1_000, count * (Factor - 1)));
}
