using System.Security.Cryptography;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc;

/// <summary>For which of several connections on one path a datagram of a DTLS handshake is meant, where that shows.</summary>
/// <remarks>
/// <para>
/// DTLS 1.2 names a connection by its addresses only. Where two connections of the same two machines are set up at once, a message of one
/// ends the other. Two things help: a Certificate shows by its fingerprint whose it is, and a ClientHello of ours holds, as the session that it
/// would resume, the fingerprint of the certificate that the server announced. A server that keeps no sessions, as every WebRTC stack, takes such a
/// hello as any other (RFC 5246 section 7.4.1.2); the certificate itself travels in the clear anyway.
/// </para>
/// <para>This only sorts; what a connection takes in is checked as ever.</para>
/// </remarks>
/// <param name="IsReceivers">Whether it is the receiver's own certificate, as in a hello, or else the sender's.</param>
/// <param name="Fingerprint">The SHA-256 of that certificate.</param>
public readonly record struct HandshakeName(bool IsReceivers, ReadOnlyMemory<byte> Fingerprint)
{
    private const int FingerprintSize = 32;

    /// <summary>Reads the name from a datagram; false where there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out HandshakeName name)
    {
        while (
            RecordHeader.TryParse(datagram, out var record)
            && record is { Epoch: 0, Type: ContentType.Handshake }
        )
        {
            var messages = datagram.Slice(RecordHeader.Size, record.Length);
            while (HandshakeHeader.TryParse(messages, out var header))
            {
                var body = messages.Slice(HandshakeHeader.Size, header.FragmentLength);
                if (header.IsWhole && TryReadMessage(header.Type, body, out name))
                {
                    return true;
                }

                messages = messages[(HandshakeHeader.Size + header.FragmentLength)..];
            }

            datagram = datagram[(RecordHeader.Size + record.Length)..];
        }

        name = default;
        return false;
    }

    /// <summary>Whether a connection between these two is named.</summary>
    /// <param name="own">The fingerprint of the receiver's certificate.</param>
    /// <param name="remote">The fingerprint that the sender announced; null before it did.</param>
    public bool Names(byte[] own, byte[]? remote) =>
        Fingerprint.Span.SequenceEqual(IsReceivers ? own : remote);

    private static bool TryReadMessage(HandshakeType type, ReadOnlySpan<byte> body, out HandshakeName name)
    {
        if (
            type == HandshakeType.ClientHello
            && ClientHello.TryParse(body, out var hello)
            && hello.SessionId.Length == FingerprintSize
        )
        {
            name = new HandshakeName(IsReceivers: true, hello.SessionId);
            return true;
        }

        if (
            type == HandshakeType.Certificate
            && CertificateMessage.TryParse(body, out var certificate)
            && certificate.Leaf.Length > 0
        )
        {
            name = new HandshakeName(IsReceivers: false, SHA256.HashData(certificate.Leaf));
            return true;
        }

        name = default;
        return false;
    }
}
