using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class LossyPathTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Connects_over_a_path_that_loses_reorders_and_repeats(int seed)
    {
        using var pair = new DtlsPair(seed, BadPath(seed), BadPath(seed + 1000));
        pair.Start(TimeSpan.FromMilliseconds(80));
        pair.Run(TimeSpan.FromSeconds(60));

        pair.Client.IsConnected.ShouldBeTrue($"seed {seed}");
        pair.Server.IsConnected.ShouldBeTrue($"seed {seed}");
        pair.Client.CloseReason.ShouldBeNull();
        pair.Server.CloseReason.ShouldBeNull();
        pair.Client.Connection.ExportKeyingMaterial("x", 16)
            .ShouldBe(pair.Server.Connection.ExportKeyingMaterial("x", 16));

        for (byte i = 0; i < 200; i++)
        {
            pair.Client.Connection.Send([i]);
            pair.Server.Connection.Send([i]);
        }

        pair.Flush();
        pair.Run(TimeSpan.FromSeconds(60));
        foreach (var side in new[] { pair.Client, pair.Server })
        {
            side.Received.Count.ShouldBeInRange(80, 200);
            side.Received.Select(bytes => bytes[0]).Distinct().Count().ShouldBe(side.Received.Count);
        }
    }

    private static SimulatedPath BadPath(int seed) =>
        new(seed, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(120), loss: 0.3, duplication: 0.2);
}
