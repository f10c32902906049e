using System.Globalization;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Which seeds a simulation runs: a few in the gate, thousands where asked for, in slices where that takes too long.</summary>
internal static class SimulationSeeds
{
    /// <summary>As many seeds as the environment says, or as the gate has time for, and in every run those that once failed.</summary>
    public static IEnumerable<int> Of(int usual, params IEnumerable<int> failed) =>
        Enumerable.Range(Read("PEERCHAT_FIRST_SEED") ?? 1, Read("PEERCHAT_SEEDS") ?? usual).Union(failed);

    /// <summary>In two seeds of three histories are long from the second missing entry on, and come in tiny pieces, so that all that goes with that happens.</summary>
    public static PartSizes PartsOf(int seed) =>
        (seed % 3) switch
        {
            1 => new PartSizes(2, 1, 3, 2),
            2 => new PartSizes(3, 2, 2, 1),
            _ => PartSizes.Usual,
        };

    private static int? Read(string variable) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var value
        )
            ? value
            : null;
}
