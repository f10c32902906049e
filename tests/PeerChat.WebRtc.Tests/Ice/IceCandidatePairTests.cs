using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Ice;

public sealed class IceCandidatePairTests
{
    [Theory]
    [InlineData(new[] { 160 }, 160)]
    [InlineData(new[] { 160, 2 }, 2)] // the first one held what it costs to start
    [InlineData(new[] { 2, 18 }, 4)] // one late answer is no slow path
    [InlineData(new[] { 8, 16, 4, 12 }, 5)]
    public void A_faster_answer_counts_at_once_and_a_slower_one_by_an_eighth(int[] milliseconds, int expected)
    {
        var pair = new IceCandidatePair(
            new IceLocalCandidate(HostAt("10.0.0.1:1000"), Addresses.Of("10.0.0.1:1000")),
            HostAt("10.0.0.2:2000")
        );
        var now = Instant.Origin;

        foreach (var sample in milliseconds)
        {
            var sent = now;
            now += TimeSpan.FromMilliseconds(sample);
            pair.CheckAnswered(sent, now);
        }

        pair.RoundTripTime.ShouldBe(TimeSpan.FromMilliseconds(expected));
    }

    private static IceCandidate HostAt(string address) =>
        new(IceCandidateType.Host, Addresses.Of(address), 1, "1");
}
