using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The server's wish for a client certificate (RFC 5246 section 7.4.4).</summary>
/// <param name="CertificateTypes">The kinds of certificate accepted.</param>
/// <param name="Schemes">The signature schemes accepted.</param>
internal sealed record CertificateRequest(byte[] CertificateTypes, SignatureScheme[] Schemes)
    : IHandshakeMessage
{
    /// <summary>ecdsa_sign (RFC 8422 section 5.5).</summary>
    public const byte EcdsaSign = 64;

    /// <summary>rsa_sign (RFC 5246 section 7.4.4).</summary>
    public const byte RsaSign = 1;

    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.CertificateRequest;

    /// <summary>Reads the body; the list of authorities is ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out CertificateRequest? request)
    {
        request = null;
        var reader = new SpanReader(body);
        if (
            !reader.TryReadVector8(out var types)
            || !reader.TryReadVector16(out var schemeBytes)
            || !WireVectors.TryReadNumbers(schemeBytes, out var schemes)
            || !reader.TryReadVector16(out _)
            || !reader.AtEnd
        )
        {
            return false;
        }

        request = new CertificateRequest(
            types.ToArray(),
            Array.ConvertAll(schemes, scheme => (SignatureScheme)scheme)
        );
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteVector8(CertificateTypes);
        writer.WriteNumbers16(Array.ConvertAll(Schemes, scheme => (ushort)scheme));
        writer.WriteUInt16(0);
        return writer.Position;
    }
}
