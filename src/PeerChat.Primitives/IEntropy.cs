namespace PeerChat.Primitives;

/// <summary>A source of unpredictable bytes. The host gives the system's generator, tests a seeded one.</summary>
public interface IEntropy
{
    /// <summary>Fills the whole of <paramref name="destination"/>.</summary>
    void Fill(Span<byte> destination);
}
