using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Extensions;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The client's proof that it holds the key of its certificate (RFC 5246 section 7.4.8).</summary>
/// <param name="Scheme">How it is signed.</param>
/// <param name="Signature">The signature over all messages before this one.</param>
internal sealed record CertificateVerify(SignatureScheme Scheme, byte[] Signature) : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.CertificateVerify;

    /// <summary>Reads the body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out CertificateVerify? verify)
    {
        verify = null;
        var reader = new SpanReader(body);
        if (
            !reader.TryReadUInt16(out var scheme)
            || !reader.TryReadVector16(out var signature)
            || !reader.AtEnd
        )
        {
            return false;
        }

        verify = new CertificateVerify((SignatureScheme)scheme, signature.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteUInt16((ushort)Scheme);
        writer.WriteVector16(Signature);
        return writer.Position;
    }
}
