using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The client's ephemeral public point (RFC 8422 section 5.7).</summary>
/// <param name="Point">The public point.</param>
internal sealed record ClientKeyExchange(byte[] Point) : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.ClientKeyExchange;

    /// <summary>Reads the body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ClientKeyExchange? exchange)
    {
        exchange = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadVector8(out var point) || !reader.AtEnd)
        {
            return false;
        }

        exchange = new ClientKeyExchange(point.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteVector8(Point);
        return writer.Position;
    }
}
