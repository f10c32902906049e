using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The server's ephemeral key, signed (RFC 8422 section 5.4).</summary>
/// <param name="Group">The named curve.</param>
/// <param name="Point">The public point.</param>
/// <param name="Scheme">How it is signed.</param>
/// <param name="Signature">The signature over both randoms and <see cref="WriteParameters"/>.</param>
internal sealed record ServerKeyExchange(
    NamedGroup Group,
    byte[] Point,
    SignatureScheme Scheme,
    byte[] Signature
) : IHandshakeMessage
{
    private const byte NamedCurve = 3; // RFC 8422 section 5.4, ECCurveType

    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.ServerKeyExchange;

    /// <summary>Reads the body; curves without a name are refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ServerKeyExchange? exchange)
    {
        exchange = null;
        var reader = new SpanReader(body);
        if (
            !reader.TryReadByte(out var curveType)
            || curveType != NamedCurve
            || !reader.TryReadUInt16(out var group)
            || !reader.TryReadVector8(out var point)
            || !reader.TryReadUInt16(out var scheme)
            || !reader.TryReadVector16(out var signature)
            || !reader.AtEnd
        )
        {
            return false;
        }

        exchange = new ServerKeyExchange(
            (NamedGroup)group,
            point.ToArray(),
            (SignatureScheme)scheme,
            signature.ToArray()
        );
        return true;
    }

    /// <summary>The bytes that the signature covers: client random, server random, and the key's parameters.</summary>
    public byte[] SignedBytes(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom)
    {
        var bytes = new byte[clientRandom.Length + serverRandom.Length + 4 + Point.Length];
        var writer = new SpanWriter(bytes);
        writer.WriteBytes(clientRandom);
        writer.WriteBytes(serverRandom);
        WriteParameters(ref writer);
        return bytes;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        WriteParameters(ref writer);
        writer.WriteUInt16((ushort)Scheme);
        writer.WriteVector16(Signature);
        return writer.Position;
    }

    private void WriteParameters(ref SpanWriter writer)
    {
        writer.WriteByte(NamedCurve);
        writer.WriteUInt16((ushort)Group);
        writer.WriteVector8(Point);
    }
}
