using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The server's wish to see the hello again with a cookie (RFC 6347 section 4.2.1).</summary>
/// <param name="Version">A version that means nothing (RFC 6347 section 4.2.1).</param>
/// <param name="Cookie">What the next hello must repeat.</param>
internal sealed record HelloVerifyRequest(ushort Version, byte[] Cookie) : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.HelloVerifyRequest;

    /// <summary>Reads the body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out HelloVerifyRequest? request)
    {
        request = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadUInt16(out var version) || !reader.TryReadVector8(out var cookie) || !reader.AtEnd)
        {
            return false;
        }

        request = new HelloVerifyRequest(version, cookie.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteUInt16(Version);
        writer.WriteVector8(Cookie);
        return writer.Position;
    }
}
