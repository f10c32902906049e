using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Benchmarks.Ladder;

/// <summary>What of the ladder is measured, and how it is told.</summary>
/// <param name="Json">One JSON object instead of a table.</param>
/// <param name="Program">The peerchat that runs the PeerServer.</param>
/// <param name="Rounds">How often each rung is climbed.</param>
/// <param name="IdleSeconds">How long idleness is watched for each rung; 0 leaves it out.</param>
/// <param name="Only">The rungs to measure; empty: all.</param>
internal sealed record LadderOptions(bool Json, string Program, int Rounds, int IdleSeconds, string[] Only)
{
    /// <summary>
    /// A multiple of all short periods: consent (5 s), heartbeats to a PeerServer (20 s), announcements to a tracker and records of hosts in
    /// multicast DNS (120 s).
    /// </summary>
    private const int DefaultIdleSeconds = 240;

    private static readonly string[] Rungs =
    [
        "lan",
        "known",
        "introduction",
        "peerserver",
        "tracker",
        "codes",
    ];

    /// <summary>Whether a rung is to be measured.</summary>
    public bool Measures(string rung) => Only.Length == 0 || Only.Contains(rung);

    /// <summary>Reads the arguments behind <c>ladder</c>.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out LadderOptions? options)
    {
        var name = OperatingSystem.IsWindows() ? "peerchat.exe" : "peerchat";
        var read = new LadderOptions(
            false,
            Path.Combine(AppContext.BaseDirectory, name),
            20,
            DefaultIdleSeconds,
            []
        );
        options = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--json":
                    read = read with { Json = true };
                    break;
                case "--rounds" when int.TryParse(value, out var rounds) && rounds >= 0:
                    read = read with { Rounds = rounds };
                    i++;
                    break;
                case "--seconds" when int.TryParse(value, out var seconds) && seconds >= 0:
                    read = read with { IdleSeconds = seconds };
                    i++;
                    break;
                case "--only" when value?.Split(',') is { } only && only.All(Rungs.Contains):
                    read = read with { Only = only };
                    i++;
                    break;
                default:
                    return false;
            }
        }

        options = read;
        return true;
    }
}
