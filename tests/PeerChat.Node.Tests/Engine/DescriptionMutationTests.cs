using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A description comes sealed, so only who knows the secret can spoil it; and that is any member.</summary>
public sealed class DescriptionMutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_mutated_description_throws_and_what_is_read_can_be_written(int seed)
    {
        var samples = new List<byte[]>();
        foreach (var addresses in new[] { 1, 5 })
        {
            using var connection = new PeerConnection(
                isOfferer: true,
                [
                    .. Enumerable
                        .Range(1, addresses)
                        .Select(i => TransportAddress.FromBytes([10, 0, 0, (byte)i], 1000)),
                ],
                new SeededEntropy(seed),
                Instant.Origin
            );
            samples.Add(DescriptionCodec.Write(connection.LocalDescription));
        }

        var mutator = new Mutator(seed);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            if (DescriptionCodec.Read(mutator.Mutate(samples)) is { } description)
            {
                read++;
                description.Candidates.Count.ShouldBeLessThanOrEqualTo(DescriptionCodec.MaxCandidates);
                DescriptionCodec.Read(DescriptionCodec.Write(description)).ShouldNotBeNull();
            }
        }

        read.ShouldBeGreaterThan(100);
    }
}
