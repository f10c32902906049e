using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The sender's certificate, of which only the leaf counts (RFC 5246 section 7.4.2).</summary>
/// <param name="Leaf">The DER bytes of the first certificate; empty when the sender has none.</param>
internal sealed record CertificateMessage(byte[] Leaf) : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.Certificate;

    /// <summary>Reads the body; certificates after the leaf must be well-formed and are forgotten.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out CertificateMessage? certificate
    )
    {
        certificate = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadVector24(out var list) || !reader.AtEnd)
        {
            return false;
        }

        byte[]? leaf = null;
        var entries = new SpanReader(list);
        while (!entries.AtEnd)
        {
            if (!entries.TryReadVector24(out var der) || der.IsEmpty)
            {
                return false;
            }

            leaf ??= der.ToArray();
        }

        certificate = new CertificateMessage(leaf ?? []);
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        if (Leaf.Length == 0)
        {
            writer.WriteUInt24(0);
            return writer.Position;
        }

        writer.WriteUInt24(Leaf.Length + 3);
        writer.WriteVector24(Leaf);
        return writer.Position;
    }
}
