using System.Globalization;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Which seeds a simulation runs: a few in the gate, thousands where asked for, in slices where that takes too long.</summary>
internal static class SimulationSeeds
{
    /// <summary>As many seeds as the environment says, or as the gate has time for.</summary>
    public static IEnumerable<int> Of(int usual) =>
        Enumerable.Range(Read("PEERCHAT_FIRST_SEED") ?? 1, Read("PEERCHAT_SEEDS") ?? usual);

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
