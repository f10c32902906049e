using PeerChat.Primitives;

namespace PeerChat.TestKit;

/// <summary>Entropy that a seed repeats.</summary>
public sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
