using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The client's offer (RFC 6347 section 4.2.1).</summary>
/// <param name="Version">The highest version that the client offers in this field.</param>
/// <param name="Random">32 random bytes.</param>
/// <param name="SessionId">A session to resume; never used here.</param>
/// <param name="Cookie">What a HelloVerifyRequest asked to repeat; empty at first.</param>
/// <param name="CipherSuites">The offered suites, best first.</param>
/// <param name="Extensions">What stands in the extensions.</param>
internal sealed record ClientHello(
    ushort Version,
    byte[] Random,
    byte[] SessionId,
    byte[] Cookie,
    ushort[] CipherSuites,
    HelloExtensions Extensions
) : IHandshakeMessage
{
    /// <summary>Bytes of a random.</summary>
    public const int RandomSize = 32;

    /// <summary>Bytes of the longest session id (RFC 5246 section 7.4.1.2).</summary>
    public const int MaxSessionIdLength = 32;

    private const byte NoCompression = 0;

    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.ClientHello;

    /// <summary>Reads the body; refuses offers that do not allow "no compression".</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ClientHello? hello)
    {
        hello = null;
        var reader = new SpanReader(body);
        if (
            !reader.TryReadUInt16(out var version)
            || !reader.TryReadBytes(RandomSize, out var random)
            || !reader.TryReadVector8(out var sessionId)
            || sessionId.Length > MaxSessionIdLength
            || !reader.TryReadVector8(out var cookie)
            || !reader.TryReadVector16(out var suiteBytes)
            || !WireVectors.TryReadNumbers(suiteBytes, out var suites)
            || !reader.TryReadVector8(out var compression)
            || !compression.Contains(NoCompression)
            || !HelloExtensions.TryParse(ref reader, isServerHello: false, out var extensions)
        )
        {
            return false;
        }

        hello = new ClientHello(
            version,
            random.ToArray(),
            sessionId.ToArray(),
            cookie.ToArray(),
            suites,
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
        writer.WriteVector8(Cookie);
        writer.WriteNumbers16(CipherSuites);
        writer.WriteVector8([NoCompression]);
        Extensions.Write(ref writer, isServerHello: false);
        return writer.Position;
    }
}
