using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The sender's check over the whole handshake (RFC 5246 section 7.4.9).</summary>
/// <param name="VerifyData">Twelve bytes from the PRF.</param>
internal sealed record Finished(byte[] VerifyData) : IHandshakeMessage
{
    /// <summary>Bytes of the verify data.</summary>
    public const int VerifyDataSize = 12;

    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.Finished;

    /// <summary>Reads the body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Finished? finished)
    {
        finished = body.Length == VerifyDataSize ? new Finished(body.ToArray()) : null;
        return finished is not null;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteBytes(VerifyData);
        return writer.Position;
    }
}
