using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>The operating system's random generator.</summary>
internal sealed class SystemEntropy : IEntropy
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
