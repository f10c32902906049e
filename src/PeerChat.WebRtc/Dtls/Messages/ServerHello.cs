using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The server's choice (RFC 5246 section 7.4.1.3).</summary>
/// <param name="Version">The version chosen.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="SessionId">A name for the session, which is ignored: nothing is resumed.</param>
/// <param name="CipherSuite">The suite chosen.</param>
/// <param name="CompressionMethod">The compression chosen; only 0 is allowed.</param>
/// <param name="Extensions">Answers to the client's extensions.</param>
internal sealed record ServerHello(
    ushort Version,
    byte[] Random,
    byte[] SessionId,
    ushort CipherSuite,
    byte CompressionMethod,
    HelloExtensions Extensions
) : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.ServerHello;

    /// <summary>Reads the body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ServerHello? hello)
    {
        hello = null;
        var reader = new SpanReader(body);
        if (
            !reader.TryReadUInt16(out var version)
            || !reader.TryReadBytes(ClientHello.RandomSize, out var random)
            || !reader.TryReadVector8(out var sessionId)
            || sessionId.Length > ClientHello.MaxSessionIdLength
            || !reader.TryReadUInt16(out var suite)
            || !reader.TryReadByte(out var compression)
            || !HelloExtensions.TryParse(ref reader, isServerHello: true, out var extensions)
        )
        {
            return false;
        }

        hello = new ServerHello(
            version,
            random.ToArray(),
            sessionId.ToArray(),
            suite,
            compression,
            extensions
        );
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteUInt16(Version);
        writer.WriteBytes(Random);
        writer.WriteVector8(SessionId);
        writer.WriteUInt16(CipherSuite);
        writer.WriteByte(CompressionMethod);
        Extensions.Write(ref writer, isServerHello: true);
        return writer.Position;
    }
}
