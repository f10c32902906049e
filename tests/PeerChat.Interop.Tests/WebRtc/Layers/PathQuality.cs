using PeerChat.TestKit;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>How a path treats datagrams, each way.</summary>
/// <param name="Seed">Which of them suffer.</param>
/// <param name="Loss">The part that is dropped.</param>
/// <param name="MinDelay">The least delay.</param>
/// <param name="MaxDelay">The longest; the difference is what reorders.</param>
/// <param name="Duplication">The part that comes twice.</param>
internal sealed record PathQuality(
    int Seed,
    double Loss,
    TimeSpan MinDelay,
    TimeSpan MaxDelay,
    double Duplication
)
{
    /// <summary>Nothing happens to datagrams.</summary>
    public static PathQuality Good => new(0, 0, TimeSpan.Zero, TimeSpan.Zero, 0);

    /// <summary>Loses one in 25, delays by 2 to 12 ms, doubles one in thirty.</summary>
    public static PathQuality Bad(int seed) =>
        new(seed, 0.04, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(12), 0.03);

    /// <summary>For the few datagrams of a handshake: loses one in five.</summary>
    public static PathQuality Worse(int seed) => Bad(seed) with { Loss = 0.2, Duplication = 0.1 };

    /// <summary>So long that what both sides send first crosses.</summary>
    public static PathQuality Slow =>
        new(0, 0, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), 0);

    /// <summary>One direction.</summary>
    public SimulatedPath Direction(bool inward) =>
        new(inward ? ~Seed : Seed, MinDelay, MaxDelay, Loss, Duplication);
}
